// The side pane: the article with the quote marked in it, and behind it the page word for word.

import { factsOf } from "./citation.js";
import { articleText, pageText, sourceText } from "./reading.js";
import { button, element, failure } from "./text.js";
import { onLanguage, say } from "./words.js";

const by = (id) => document.getElementById(id);
const [page, pane, title, facts] = [by("page"), by("pane"), by("pane-title"), by("pane-facts")];
const [parts, text, close, views] = [by("pane-parts"), by("pane-text"), by("pane-close"), by("pane-views")];
const [previous, next, which] = [by("pane-previous"), by("pane-next"), by("pane-which")];
const narrow = matchMedia("(max-width: 59.99rem)");

let shown = null; // {openers, at, view, part, opener, names}: what the pane shows, or null
let turns = 0;

/** Open the pane on one of several citations; `openers` are `{cited, button}`. */
export function open(openers, at) {
  lay({ openers, at, view: "article", part: null, opener: openers[at].button });
}

/** Open the pane on a whole source. */
export function openSource(source, opener) {
  const article = { title: null, authors: [], source: source.name };
  const cited = { article, spans: [], quote: "" };
  lay({ openers: [{ cited, button: opener }], at: 0, view: "page", part: source.name, opener, source });
}

/** Open the pane on an article that was not asked about. */
export function openArticle(article, opener) {
  const reference = { ...article, source: article.spans[0]?.source ?? "" };
  lay({ openers: [{ cited: { article: reference, spans: [], quote: "" }, button: opener }], at: 0, view: "article", part: null, opener });
}

/** Close the pane if it shows something of a source, for that is gone. */
export function leave(name) {
  const cited = shown?.openers[shown.at].cited;
  if (!cited) return;
  const printedIn = [cited.article.source, ...cited.spans.map((span) => span.source), ...shown.names];
  if (printedIn.includes(name)) shut();
}

function lay(wanted) {
  shown?.opener.setAttribute("aria-expanded", "false");
  const before = shown;
  shown = { ...wanted, names: [] };
  shown.opener.setAttribute("aria-expanded", "true");
  pane.hidden = false;
  document.body.classList.add("reading");
  cover();
  if (!before) close.focus({ preventScroll: true });
  return draw();
}

function draw() {
  const { cited } = shown.openers[shown.at];
  const { article } = cited;
  title.textContent = shown.source?.name ?? (article.title || say("untitled"));
  title.lang = shown.source || article.title ? "zh" : "";
  const told = shown.source ? [say("articlesLong", shown.source.articles)] : factsOf(article);
  facts.replaceChildren(...told.map((fact) => element("span", "", fact)));
  drawViews(cited);
  drawParts(cited);
  drawNeighbours();
  return fill(cited);
}

function drawViews(cited) {
  views.hidden = Boolean(shown.source);
  for (const each of views.children) {
    each.setAttribute("aria-pressed", String(each.dataset.view === shown.view));
    each.onclick = () => {
      shown.view = each.dataset.view;
      shown.part = cited.spans[0]?.source ?? cited.article.source;
      draw();
    };
  }
}

/** A quote that runs over a page's edge is printed in two sources: offer both. */
function drawParts(cited) {
  const names = [...new Set(cited.spans.map((span) => span.source))];
  parts.hidden = shown.view === "article" || names.length < 2;
  parts.replaceChildren(
    ...names.map((name) => {
      const part = button("", name, () => {
        shown.part = name;
        draw();
      });
      part.lang = "zh";
      part.setAttribute("aria-pressed", String(name === shown.part));
      return part;
    }),
  );
}

function drawNeighbours() {
  const { openers, at } = shown;
  by("pane-neighbours").hidden = openers.length < 2;
  const focused = document.activeElement;
  previous.disabled = at === 0;
  next.disabled = at === openers.length - 1;
  // What is switched off loses the focus, and the keys with it.
  if (focused === previous && previous.disabled) next.focus();
  if (focused === next && next.disabled) previous.focus();
  which.textContent = say("whichOf", at + 1, openers.length);
}

function step(by) {
  const { openers, at } = shown;
  if (openers[at + by]) lay({ ...shown, at: at + by, view: "article", part: null, opener: openers[at + by].button });
}

async function fill(cited) {
  const turn = (turns += 1);
  text.setAttribute("aria-busy", "true");
  text.className = `sheet as-${shown.view}`;
  text.replaceChildren(element("p", "waiting", say("fetching")));
  const nodes = await nodesFor(cited);
  // Another citation may have been opened, or the pane closed, while this one was on its way.
  if (turn !== turns) return;
  text.replaceChildren(...nodes);
  text.scrollTop = 0;
  text.querySelector("mark")?.scrollIntoView({ block: "center" });
  text.removeAttribute("aria-busy");
}

async function nodesFor(cited) {
  const of = shown;
  try {
    if (of.source) return await sourceText(cited, of.source);
    if (of.view === "page") return await pageText(cited, of.part);
    const { names, nodes } = await articleText(cited);
    of.names = names;
    return nodes;
  } catch (error) {
    return [failure(error)];
  }
}

function shut() {
  if (!shown) return;
  turns += 1;
  const back = shown.opener;
  const focused = document.activeElement;
  // Whoever writes or reads elsewhere meanwhile stays there.
  const comesBack = focused === document.body || pane.contains(focused);
  shown = null;
  pane.hidden = true;
  document.body.classList.remove("reading");
  cover();
  back.setAttribute("aria-expanded", "false");
  // The opener is gone when the list that it stood in was drawn anew.
  if (comesBack) (back.checkVisibility() ? back : by("question")).focus();
}

/** On a narrow screen the pane hides the page, which must then be out of the keyboard's reach too. */
function cover() {
  page.inert = narrow.matches && Boolean(shown);
}

function keyPressed(event) {
  // Escape within an input method puts its candidates away, nothing more.
  if (!shown || event.isComposing || event.target.matches("input, textarea, select")) {
    if (event.key === "Escape" && shown && !event.isComposing && !document.querySelector("dialog[open]")) shut();
    return;
  }
  if (event.key === "Escape" && !document.querySelector("dialog[open]")) shut();
  const within = pane.contains(event.target) && !event.altKey && !event.ctrlKey && !event.metaKey;
  if (within && event.key === "ArrowLeft") step(-1);
  if (within && event.key === "ArrowRight") step(1);
}

close.addEventListener("click", shut);
previous.addEventListener("click", () => step(-1));
next.addEventListener("click", () => step(1));
narrow.addEventListener("change", cover);
document.addEventListener("keydown", keyPressed);
onLanguage(() => shown && draw());
