// Where to look: one paper or source, and from which day to which.

import { element } from "./text.js";
import { day, onLanguage, say } from "./words.js";

const by = (id) => document.getElementById(id);
const [paper, from, to, told, clear] = [by("scope-paper"), by("scope-from"), by("scope-to"), by("scope-told"), by("scope-clear")];
const MOST = 200; // single sources offered in the list
const CHOICES = { newspaper: "newspapers", source: "sources" };

let offered = { newspapers: [], sources: [] };

/** Offer these papers and sources, and keep what was chosen if it is still there. */
export function offer(newspapers, sources) {
  offered = { newspapers: newspapers.map(({ name }) => name), sources: sources.slice(0, MOST).map(({ name }) => name) };
  draw();
}

/** Return what goes to the service; nothing chosen is no restriction. */
export function filters() {
  const chosen = {};
  const [kind, name] = choice();
  if (name) chosen[CHOICES[kind]] = [kind === "source" ? literally(name) : name];
  if (from.value) chosen.from = from.value;
  if (to.value) chosen.to = to.value;
  return chosen;
}

/** Put the fields away; what was chosen stays in words. */
export function fold() {
  by("scope").open = false;
}

/** Return what is wrong with what was chosen, or an empty text. */
export function objection() {
  return from.value && to.value && from.value > to.value ? say("daysReversed") : "";
}

/** Return filters in words; an empty text where there are none. */
export function inWords({ newspapers = [], sources = [], from, to }) {
  const names = [...newspapers, ...sources.map((glob) => glob.replaceAll(/\[(.)\]/g, "$1"))];
  return [...names, from && say("since", day(from)), to && say("until", day(to))].filter(Boolean).join(" · ");
}

/** A source is asked for by a pattern; its own * ? and [ stand for themselves. */
function literally(name) {
  return name.replaceAll(/[*?[]/g, "[$&]");
}

function choice() {
  const at = paper.value.indexOf(":");
  return [paper.value.slice(0, at), paper.value.slice(at + 1)];
}

function draw() {
  const chosen = paper.value;
  const everything = element("option", "", say("everywhere"));
  everything.value = "";
  const groups = [group("newspapers", "newspaper", offered.newspapers), group("sourcesGroup", "source", offered.sources)];
  paper.replaceChildren(everything, ...groups.filter((each) => each.childElementCount));
  paper.value = chosen;
  if (paper.selectedIndex < 0) paper.value = "";
  changed();
}

function group(label, kind, names) {
  const made = element("optgroup");
  made.label = say(label);
  for (const name of names) {
    const option = element("option", "", name);
    option.value = `${kind}:${name}`;
    option.lang = "zh";
    made.append(option);
  }
  return made;
}

function changed() {
  const words = inWords(filters());
  told.textContent = words || say("everywhere");
  told.classList.toggle("restricted", Boolean(words));
  clear.hidden = !words;
}

for (const field of [paper, from, to]) field.addEventListener("change", changed);
clear.addEventListener("click", () => {
  paper.value = from.value = to.value = "";
  changed();
  paper.focus();
});
onLanguage(draw);
