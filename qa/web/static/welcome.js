// Before the first question: what could be asked, and what lies on the shelf to be read.

import * as conversation from "./conversation.js";
import * as pane from "./pane.js";
import * as service from "./service.js";
import { button, element, printed, sentence } from "./text.js";
import { day, onLanguage, say } from "./words.js";

const by = (id) => document.getElementById(id);
const welcome = by("welcome");
const LATELY_DAYS = 31;
const LOOKED_AT = 60; // articles
const SHOWN = 9;

let held = null; // {short, shelf}; the shelf of a version is null until it is fetched
let ask = () => {};

/** Let `put(question)` ask an example. */
export function onExample(put) {
  ask = put;
}

/** Show what a collection offers, unless the conversation has begun. */
export function offer(short) {
  // What lay on the shelf may have been removed.
  if (held?.short.index_version !== short.index_version) held = { short, shelf: null };
  held.short = short;
  draw();
}

/** Show or hide it, now that the conversation has begun or is over. */
export function update() {
  welcome.hidden = !held || !conversation.isEmpty();
  if (!welcome.hidden && !held.shelf) fetchShelf(held);
}

async function fetchShelf(of) {
  of.shelf = []; // so that it is fetched once
  if (!of.short.articles) return;
  of.shelf = await shelf(of.short.newest).catch(() => []); // only an aside
  if (of === held) draw();
}

/** Return articles with a headline: the latest ones, or any where there are few of those. */
async function shelf(newest) {
  const first = newest && new Date(Date.parse(newest) - LATELY_DAYS * 86_400_000).toISOString().slice(0, 10);
  const titled = (listed) => listed.filter(({ title }) => title);
  const lately = first ? titled(await service.articles({ first, limit: LOOKED_AT })) : [];
  if (lately.length >= SHOWN) return lately.slice(0, SHOWN);
  return titled(await service.articles({ first: null, limit: LOOKED_AT })).slice(0, SHOWN);
}

function draw() {
  const { short } = held;
  const shelf = held.shelf ?? [];
  by("empty").hidden = short.sources > 0;
  by("welcome-title").hidden = !short.examples.length;
  by("examples").replaceChildren(...short.examples.map(example));
  by("shelf-title").hidden = !shelf.length;
  by("shelf").replaceChildren(...shelf.map(shelved));
  update();
}

function example({ question, title }) {
  const item = element("li");
  const made = button("example", "", () => ask(question));
  made.append(printed("span", "words", question), sentence("span", "from", (told) => say("exampleFrom", told), { text: title, lang: "zh" }));
  item.append(made);
  return item;
}

function shelved(article) {
  const item = element("li");
  const opener = button("", "", () => pane.openArticle(article, opener));
  opener.setAttribute("aria-controls", "pane");
  opener.setAttribute("aria-expanded", "false");
  opener.append(printed("span", "title", article.title));
  const known = article.published ?? article.date;
  if (known) opener.append(element("span", "day", day(known)));
  item.append(opener);
  return item;
}

onLanguage(() => held && draw());
