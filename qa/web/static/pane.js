// The side pane: a source, word for word, with the quote marked where it is printed.

import * as service from "./service.js";
import { cut, element, nodesOf } from "./text.js";

const page = document.getElementById("page");
const pane = document.getElementById("pane");
const title = document.getElementById("pane-title");
const facts = document.getElementById("pane-facts");
const parts = document.getElementById("pane-parts");
const text = document.getElementById("pane-text");
const close = document.getElementById("pane-close");
const narrow = matchMedia("(max-width: 59.99rem)");

let opener = null;
let showing = 0;

/**
 * Open the pane on what a button cites.
 * @param heading The article's title, or the source's name.
 * @param told What else is known of the article.
 * @param spans The quote, `{source, start, end}` each; may be in several sources, or be none.
 */
export function open({ heading, told, source, spans, button }) {
  leaveOpener();
  opener = button;
  opener.setAttribute("aria-expanded", "true");
  title.textContent = heading;
  facts.textContent = told;
  pane.hidden = false;
  document.body.classList.add("reading");
  cover();
  listParts(spans);
  close.focus({ preventScroll: true });
  return show(source, spans);
}

async function show(name, spans) {
  const turn = (showing += 1);
  for (const part of parts.children) part.setAttribute("aria-pressed", String(part.textContent === name));
  text.setAttribute("aria-busy", "true");
  text.replaceChildren(element("p", "waiting", "正在取原文"));
  const shown = await nodesFor(name, spans);
  // Another citation may have been opened, or the pane closed, while this one was on its way.
  if (turn !== showing) return;
  text.removeAttribute("aria-busy");
  text.replaceChildren(...shown);
  text.scrollTop = 0;
  text.querySelector("mark")?.scrollIntoView({ block: "center" });
}

async function nodesFor(name, spans) {
  try {
    const source = await service.sourceNamed(name);
    const here = spans.filter((span) => span.source === name);
    return nodesOf(cut(source.text, here.map(({ start, end }) => [start, end])));
  } catch (error) {
    return [element("p", "failure", error.message)];
  }
}

/** A quote that runs over a page's edge is printed in two sources: offer both. */
function listParts(spans) {
  const names = [...new Set(spans.map((span) => span.source))];
  parts.hidden = names.length < 2;
  parts.replaceChildren(
    ...names.map((name) => {
      const part = element("button", "", name);
      part.type = "button";
      part.addEventListener("click", () => show(name, spans));
      return part;
    }),
  );
}

function shut() {
  if (pane.hidden) return;
  showing += 1;
  pane.hidden = true;
  document.body.classList.remove("reading");
  cover();
  const back = opener;
  leaveOpener();
  back.focus();
}

function leaveOpener() {
  opener?.setAttribute("aria-expanded", "false");
  opener = null;
}

/** On a narrow screen the pane hides the page, which must then be out of the keyboard's reach too. */
function cover() {
  page.inert = narrow.matches && !pane.hidden;
}

close.addEventListener("click", shut);
narrow.addEventListener("change", cover);
document.addEventListener("keydown", (event) => {
  // Escape within an input method puts its candidates away, nothing more.
  if (event.key === "Escape" && !event.isComposing) shut();
});
