// An outcome as a person reads it: the answer with its citations, or that there is none.

import * as pane from "./pane.js";
import { cut, element, excerpt, length, nodesOf } from "./text.js";

const UNFOLDED = 2; // citations shown at once; the others are folded away
const MARGIN = 110; // characters of a passage shown on each side of a quote
const SHORT = 16; // an answer up to here is set as a headline,
const MIDDLING = 48; // up to here as a subheading, beyond as text
const SURE = 0.85; // from here on "very sure",
const FAIRLY = 0.65; // from here on "fairly", below "not very"

/** Return a confidence in words. */
export function certainty(confidence) {
  if (confidence >= SURE) return "很有把握";
  return confidence >= FAIRLY ? "较有把握" : "把握不大";
}

/** Return what is read out when an outcome arrives. */
export function announcement(outcome) {
  return outcome.abstained
    ? "来源中没有找到答案"
    : `答案：${outcome.answer}。${certainty(outcome.confidence)}`;
}

/** Return the nodes that show an outcome. */
export function render(outcome) {
  const nodes = outcome.abstained ? abstention(outcome) : answer(outcome);
  return outcome.understood
    ? [element("p", "understood", `理解为：${outcome.understood}`), ...nodes]
    : nodes;
}

function answer(outcome) {
  const shown = element("p", `answer ${size(outcome.answer)}`, outcome.answer);
  return [
    shown,
    said(certainty(outcome.confidence), outcome.confidence),
    ...citations(outcome.citations, (rest) => `另有 ${rest} 处同样的说法`),
    ...alternatives(outcome.alternatives, "其他可能的答案"),
  ];
}

function abstention(outcome) {
  const nodes = [
    element("p", "abstention", "来源中没有找到答案"),
    said(`对此${certainty(outcome.confidence)}`, outcome.confidence),
  ];
  if (outcome.citations.length) {
    nodes.push(
      element("h3", "label", "下面是最接近的段落，不是答案"),
      ...citations(outcome.citations, (rest) => `另有 ${rest} 段相近的，也不是答案`),
    );
  }
  return [...nodes, ...alternatives(outcome.alternatives, "考虑过、因把握不足而未采用的说法")];
}

function said(words, confidence) {
  return element("p", confidence < FAIRLY ? "certainty doubtful" : "certainty", words);
}

function citations(cited, summary) {
  const cards = cited.map(citation);
  const rest = cards.slice(UNFOLDED);
  const nodes = [list(cards.slice(0, UNFOLDED))];
  if (rest.length) nodes.push(folded(summary(rest.length), [list(rest)]));
  return nodes;
}

function alternatives(others, summary) {
  if (!others.length) return [];
  const shown = others.map((other) => {
    const item = element("section", "alternative");
    item.append(
      element("p", "answer long", other.answer),
      said(certainty(other.confidence), other.confidence),
      list(other.citations.slice(0, 1).map(citation)),
    );
    return item;
  });
  return [folded(summary, shown)];
}

function citation(cited) {
  const item = element("li", cited.supports ? "citation" : "citation beside");
  const button = element("button", "source");
  const heading = titleOf(cited.article);
  const facts = element("span", "facts", factsOf(cited));
  button.type = "button";
  button.setAttribute("aria-controls", "pane");
  button.setAttribute("aria-expanded", "false");
  button.append(element("span", "title", heading), facts, element("span", "go", "看原文"));
  button.addEventListener("click", () =>
    pane.open({
      heading,
      told: facts.textContent,
      source: cited.spans[0]?.source ?? cited.article.source,
      spans: cited.spans,
      button,
    }),
  );
  if (!cited.supports) item.append(element("span", "warning", "不是答案"));
  item.append(button, passage(cited));
  return item;
}

function passage({ passage: { text, highlight }, supports }) {
  const quoted = element("blockquote");
  const pieces = cut(text, supports ? highlight : []);
  quoted.append(...nodesOf(excerpt(pieces, MARGIN)));
  return quoted;
}

function factsOf({ article }) {
  const { newspaper, issue, page } = article;
  const paper = [newspaper, issue && `第${issue}期`, page && `第${page}版`].filter(Boolean).join(" ");
  const authors = article.authors.join("、");
  return [paper, dateInChinese(article.date), authors, article.source].filter(Boolean).join(" · ");
}

function titleOf({ title }) {
  return title ? `《${title}》` : "（无题）";
}

function dateInChinese(date) {
  if (!date) return "";
  const [year, month, day] = date.split("-").map(Number);
  return `${year}年${month}月${day}日`;
}

function size(answer) {
  const characters = length(answer);
  if (characters <= SHORT) return "short";
  return characters <= MIDDLING ? "middling" : "long";
}

function list(items) {
  const made = element("ul", "citations");
  made.append(...items);
  return made;
}

function folded(summary, nodes) {
  const made = element("details", "folded");
  made.append(element("summary", "", summary), ...nodes);
  return made;
}
