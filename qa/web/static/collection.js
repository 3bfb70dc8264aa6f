// The collection: what it holds, what is put in, what is taken out.

import * as confirm from "./confirm.js";
import * as conversation from "./conversation.js";
import * as pane from "./pane.js";
import * as scope from "./scope.js";
import * as service from "./service.js";
import { button, element, printed } from "./text.js";
import { day, onLanguage, say } from "./words.js";

const by = (id) => document.getElementById(id);
const [holdings, list, find, rest] = [by("holdings"), by("sources"), by("find"), by("sources-rest")];
const FEW = 12; // sources that need no looking for
const MOST = 60; // sources listed at once
const USUAL = 500; // characters of a question
const MANY = 2_000; // more than these are fetched only when one of them is looked for
const wide = matchMedia("(min-width: 75rem)");

let held = null; // what the service said last: {short, sources}
let [asked, told] = [0, 0]; // how often it was asked, and which of those times is shown
let lookingFor = false; // whether a source is being looked for by its name
let listener = () => {};

/** Call `told` with the collection in short whenever it was asked for anew. */
export function onHoldings(told) {
  listener = told;
}

/** Return how many bytes a file may have that is put in; any number while that is not known. */
export const mostBytes = () => held?.short.upload_bytes ?? Infinity;

/** Return how many characters a question may have; what is usual while that is not known. */
export const mostCharacters = () => held?.short.question_characters ?? USUAL;

/** Ask the service what it holds. */
export async function refresh() {
  const time = (asked += 1);
  let found = null;
  try {
    const short = await service.holdings();
    found = { short, sources: short.sources <= MANY || lookingFor ? await service.sources() : [] };
  } catch {
    return; // asking will say what is wrong; this is only an aside
  }
  if (time < told) return; // what was asked later has come already
  [held, told] = [found, time];
  scope.offer(held.short.newspapers, held.sources);
  draw();
  listener(held.short);
}

function draw() {
  if (!held) return;
  const { short } = held;
  by("ear-counts").textContent = say("counts", short.sources, short.articles);
  by("ear-newest").textContent = short.newest ? say("newest", day(short.newest)) : "";
  by("holdings-summary").textContent = say("holdings");
  holdings.hidden = false;
  find.parentElement.hidden = short.sources <= FEW;
  drawList();
}

function drawList() {
  const wanted = find.value.trim().toLowerCase();
  const fitting = held.sources.filter(({ name }) => name.toLowerCase().includes(wanted));
  lay(fitting.slice(0, MOST));
  const hidden = (wanted ? fitting.length : held.short.sources) - Math.min(fitting.length, MOST);
  rest.textContent = hidden > 0 ? say("moreSources", hidden) : "";
}

/** Lay sources out anew, but for those of which it is just asked whether to remove them: what is moved loses the
 * focus, and what is drawn anew the question. */
function lay(sources) {
  const stay = new Set(sources.map(({ id }) => id));
  const asked = new Map();
  for (const item of [...list.children]) {
    if (stay.has(item.dataset.id) && item.querySelector(".confirm")) asked.set(item.dataset.id, item);
    else item.remove();
  }
  let next = list.firstChild; // sources come by their names, and so in the same order each time
  for (const source of sources) {
    if (asked.has(source.id)) next = asked.get(source.id).nextSibling;
    else list.insertBefore(holding(source), next);
  }
}

function holding(source) {
  const item = element("li", "holding");
  item.dataset.id = source.id;
  const opener = button("open", "", () => pane.openSource(source, opener));
  opener.setAttribute("aria-controls", "pane");
  opener.setAttribute("aria-expanded", "false");
  opener.append(printed("span", "name", source.name), element("span", "count", say("articles", source.articles)));
  const remove = button("remove", say("remove"), () =>
    confirm.within(item, say("removeAsk", source.name), () => removed(source)),
  );
  remove.setAttribute("aria-label", say("removeLabel", source.name));
  item.append(opener, remove);
  return item;
}

async function removed({ id, name }) {
  await service.removeSource(id);
  pane.leave(name);
  conversation.leave(name);
  await refresh();
  conversation.announce(say("removed", name));
  (list.querySelector("button") ?? by("add")).focus();
}

/** Beside the desk where there is room; folded away above it where there is not. */
function unfold() {
  holdings.open = wide.matches;
}

find.addEventListener("input", drawList);
find.addEventListener("focus", () => {
  const missing = !lookingFor && held.sources.length < held.short.sources;
  lookingFor = true;
  if (missing) refresh();
});
wide.addEventListener("change", unfold);
onLanguage(() => {
  list.replaceChildren(); // questions too are put anew, in the other language
  draw();
});
unfold();
