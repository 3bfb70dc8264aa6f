// A citation as a cutting: which paper, which day, which page, who wrote it, and the words themselves.

import * as pane from "./pane.js";
import { cut, element, excerpt, nodesOf, printed } from "./text.js";
import { day, say } from "./words.js";

const MARGIN = 110; // characters of a passage shown on each side of a quote

/** Return a list of cuttings; each opens the pane, from which its neighbours can be reached. */
export function cuttings(citations) {
  const list = element("ul", "citations");
  const openers = [];
  citations.forEach((cited, at) => list.append(cutting(cited, () => pane.open(openers, at), openers)));
  return list;
}

function cutting(cited, open, openers) {
  const item = element("li", cited.supports === false ? "citation beside" : "citation");
  if (cited.supports === false) item.append(element("span", "warning", say(cited.warning ?? "notAnswer")));
  const opener = element("button", "source");
  opener.type = "button";
  opener.setAttribute("aria-controls", "pane");
  opener.setAttribute("aria-expanded", "false");
  opener.append(folio(cited.article), titleOf(cited.article), bylineOf(cited.article), element("span", "go", say("openArticle")));
  opener.addEventListener("click", open);
  openers.push({ cited, button: opener });
  item.append(opener, passage(cited));
  return item;
}

/** Paper, issue and page at the left, the day at the right, as at the head of a page. */
function folio(article) {
  const line = element("span", "folio");
  line.append(printed("span", "paper", paperOf(article)), element("span", "day", dayOf(article)));
  return line;
}

function titleOf({ title }) {
  return title ? printed("span", "title", `《${title}》`) : element("span", "title", say("untitled"));
}

function bylineOf({ authors, source }) {
  const line = element("span", "facts");
  if (authors.length) line.append(printed("span", "authors", authors.join("、")));
  line.append(printed("span", "file", source));
  return line;
}

function passage({ passage: { text, highlight }, supports }) {
  const quoted = printed("blockquote", "", "");
  quoted.append(...nodesOf(excerpt(cut(text, supports === false ? [] : highlight), MARGIN)));
  return quoted;
}

/** Return what is known of an article, in one list: paper, day, page, authors, source. */
export function factsOf(article) {
  return [paperOf(article), dayOf(article), article.authors.join("、"), article.source].filter(Boolean);
}

/** Return an answer with the line that says where it is printed, to be pasted elsewhere. */
export function pasted(answer, { article }) {
  const title = article.title ? `《${article.title}》` : "";
  return `${answer}\n${say("copiedFrom", [title, ...factsOf(article)].filter(Boolean))}`;
}

function paperOf({ newspaper, issue, page }) {
  const told = [newspaper, issue && say("issue", issue), page && say("page", page)];
  return told.filter(Boolean).join(" ");
}

function dayOf({ published, date }) {
  const known = published ?? date;
  return known ? day(known) : "";
}
