// An outcome as a person reads it: the answer with its citations, or that there is none.

import { cuttings } from "./citation.js";
import { element, length, printed, sentence } from "./text.js";
import { say } from "./words.js";

const UNFOLDED = 2; // citations shown at once; the others are folded away
const SHORT = 16; // an answer up to here is set as a headline,
const MIDDLING = 48; // up to here as a subheading, beyond as text
const STEPS = [0.65, 0.85]; // from the first on "fairly sure", from the second "very sure"
const EARLY = 3; // passages shown while they are being read

/** Return a confidence in words. */
export function certainty(confidence) {
  return say("certain")[grade(confidence)];
}

function grade(confidence) {
  return STEPS.filter((step) => confidence >= step).length;
}

/** Return what is read out when an outcome arrives, as a function of its answer. */
export function announcement(outcome) {
  return outcome.abstained
    ? () => say("abstained")
    : (answer) => say("announceAnswer", answer, certainty(outcome.confidence));
}

/** Return the nodes that show an outcome. */
export function render(outcome) {
  const nodes = outcome.abstained ? abstention(outcome) : answer(outcome);
  return outcome.understood
    ? [sentence("p", "understood", (full) => say("understood", full), { text: outcome.understood, lang: "zh" }), ...nodes]
    : nodes;
}

/** Return the nodes that show passages which are only now being read. */
export function early(results) {
  const near = results.slice(0, EARLY).map((each) => ({ ...each, supports: false, warning: "notYet" }));
  return [element("p", "waiting", say("reading")), cuttings(near)];
}

function answer(outcome) {
  return [
    printed("p", `answer ${size(outcome.answer)}`, outcome.answer),
    said(certainty(outcome.confidence), outcome.confidence),
    ...citations(outcome.citations, "moreSame"),
    ...alternatives(outcome.alternatives, "others"),
  ];
}

function abstention(outcome) {
  const nodes = [
    element("p", "abstention", say("abstained")),
    said(say("certainNone", certainty(outcome.confidence)), outcome.confidence),
  ];
  if (outcome.citations.length) {
    nodes.push(element("h3", "label", say("nearest")), ...citations(outcome.citations, "moreNear"));
  }
  return [...nodes, ...alternatives(outcome.alternatives, "othersRefused")];
}

/** The words, after as many filled marks as the confidence has steps. */
function said(words, confidence) {
  const line = element("p", `certainty grade-${grade(confidence)}`);
  const marks = element("span", "marks");
  marks.setAttribute("aria-hidden", "true");
  for (let at = 0; at <= STEPS.length; at += 1) marks.append(element("span", at <= grade(confidence) ? "full" : ""));
  line.append(marks, document.createTextNode(words));
  return line;
}

function citations(cited, more) {
  const nodes = [cuttings(cited.slice(0, UNFOLDED))];
  const rest = cited.slice(UNFOLDED);
  if (rest.length) nodes.push(folded(say(more, rest.length), [cuttings(rest)]));
  return nodes;
}

function alternatives(others, summary) {
  if (!others.length) return [];
  const shown = others.map((other) => {
    const item = element("section", "alternative");
    item.append(
      printed("p", "answer long", other.answer),
      said(certainty(other.confidence), other.confidence),
      cuttings(other.citations.slice(0, 1)),
    );
    return item;
  });
  return [folded(say(summary), shown)];
}

function size(answer) {
  const characters = length(answer);
  if (characters <= SHORT) return "short";
  return characters <= MIDDLING ? "middling" : "long";
}

function folded(summary, nodes) {
  const made = element("details", "folded");
  made.append(element("summary", "", summary), ...nodes);
  return made;
}
