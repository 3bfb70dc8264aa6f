// The conversation: what was asked and answered in this tab. It survives a reload by the ids of kept answers.

import * as confirm from "./confirm.js";
import { pasted } from "./citation.js";
import { copy } from "./clipboard.js";
import { thisTab } from "./memory.js";
import * as outcomes from "./outcome.js";
import { inWords } from "./scope.js";
import * as service from "./service.js";
import { around, button, element, failure } from "./text.js";
import { onLanguage, say } from "./words.js";

const KEPT = "wenbao.conversation";
const list = document.getElementById("conversation");
const announcement = document.getElementById("announcement");

const exchanges = [];
let changed = () => {};
let askAgain = () => {};

/** Call `listener` whenever there is more or less in the conversation. */
export function onChange(listener) {
  changed = listener;
}

/** Let `put(exchange)` ask again what an answer was withdrawn from. */
export function onAgain(put) {
  askAgain = put;
}

/** Read something out. */
export function announce(text) {
  announcement.textContent = text;
}

/** Read out what the page says about a text that keeps its own language. */
export function announceAbout(words, about) {
  announcement.replaceChildren(...around(words, about));
}

export const isEmpty = () => exchanges.length === 0;

/** Return what the next question may lean on. */
export function preceding() {
  const last = exchanges.findLast((each) => each.outcome)?.outcome;
  if (!last) return null;
  const cited = last.abstained ? null : last.citations[0];
  return { question: last.understood ?? last.question, title: cited?.article.title ?? null };
}

/** Begin an exchange; what it shows is set by `show`. */
export function begin(question, filters) {
  const exchange = { question, filters, outcome: null, item: element("li", "exchange") };
  exchanges.push(exchange);
  list.append(exchange.item);
  show(exchange, [element("p", "waiting", say("waiting"))]);
  changed();
  return exchange;
}

/** Show passages that are only now being read. */
export function showEarly(exchange, results) {
  if (!results.length) return;
  show(exchange, outcomes.early(results));
  announce(say("announcePassages", results.length));
}

/** Set the outcome under its question, and remember it. */
export function finish(exchange, outcome) {
  exchange.outcome = outcome;
  draw(exchange);
  announceAbout(outcomes.announcement(outcome), { text: outcome.answer, lang: outcome.abstained ? "" : "zh" });
  remember();
}

export function show(exchange, nodes) {
  const heading = element("h2", "asked");
  const seal = element("span", "seal", "问");
  seal.setAttribute("aria-hidden", "true");
  heading.append(seal, element("span", "words", exchange.question));
  const reply = element("div", "reply");
  reply.append(...nodes);
  const told = inWords(exchange.filters);
  exchange.item.replaceChildren(heading, ...(told ? [element("p", "within", say("scope") + told)] : []), reply);
}

/** Take an exchange back, as if it had not been begun. */
export function takeBack(exchange) {
  const at = exchanges.indexOf(exchange);
  if (at < 0) return; // taken back meanwhile, with all others
  exchanges.splice(at, 1);
  exchange.item.remove();
  remember();
  changed();
}

/** Bring an exchange to the top; the first one stands there already, below the masthead. */
export function bringUp({ item }) {
  if (item.previousElementSibling) item.scrollIntoView({ block: "start" });
}

export function clear() {
  for (const exchange of [...exchanges]) takeBack(exchange);
}

/** Show the conversation again after a reload, and the answer that the address links to. */
export async function restore(linked) {
  const kept = remembered();
  if (linked && !kept.some(({ id }) => id === linked)) kept.push({ id: linked, filters: {} });
  await Promise.all(kept.map(again));
  const exchange = linked && exchanges.find((each) => each.id === linked);
  if (exchange) bringUp(exchange);
}

/** Show the answer that the address now links to. */
export async function follow(id) {
  const known = exchanges.find((each) => (each.outcome?.id ?? each.id) === id);
  bringUp(known ?? (await again({ id, filters: {} })));
}

async function again({ id, filters }) {
  const exchange = begin("", filters ?? {});
  exchange.id = id;
  try {
    exchange.outcome = await service.answer(id);
    exchange.question = exchange.outcome.question;
    draw(exchange);
  } catch (error) {
    if (error.status === 410 && error.question) {
      exchange.question = error.question;
      withdraw(exchange);
      return exchange;
    }
    exchange.gone = error.status === 404;
    show(exchange, [exchange.gone ? element("p", "failure", say("goneAnswer")) : failure(error)]);
    exchange.item.classList.add("lost");
  }
  remember();
  return exchange;
}

/** Withdraw the answers that print a source which was just removed, as the service does. */
export function leave(name) {
  exchanges.filter(({ outcome }) => outcome && prints(outcome, name)).forEach(withdraw);
}

function prints({ citations, alternatives }, name) {
  const all = [...citations, ...alternatives.flatMap((each) => each.citations)];
  return all.some(({ article, spans }) => [article, ...spans].some(({ source }) => source === name));
}

function withdraw(exchange) {
  exchange.id = exchange.outcome?.id ?? exchange.id;
  exchange.outcome = null;
  const again = button("again", say("askAgain"), () => askAgain(exchange));
  show(exchange, [element("p", "failure", say("withdrawn")), again]);
  remember();
}

function draw(exchange) {
  show(exchange, [...outcomes.render(exchange.outcome), actions(exchange)]);
}

function actions(exchange) {
  const { outcome } = exchange;
  const row = element("div", "actions");
  if (!outcome.abstained) row.append(button("", say("copy"), () => copied(outcome)));
  if (outcome.id) row.append(linkTo(outcome.id));
  row.append(button("", say("drop"), () => confirm.within(row, say("dropAsk"), () => drop(exchange))));
  if (!outcome.id) row.append(element("p", "notkept", say("notKept")));
  return row;
}

function linkTo(id) {
  const link = element("a", "", say("link"));
  link.href = `#a=${encodeURIComponent(id)}`;
  link.addEventListener("click", () => announce(say("linked")));
  return link;
}

async function copied(outcome) {
  const done = await copy(pasted(outcome.answer, outcome.citations[0]));
  announce(say(done ? "copied" : "notCopied"));
}

async function drop(exchange) {
  if (exchange.outcome.id) await service.dropAnswer(exchange.outcome.id);
  takeBack(exchange);
  announce(say("dropped"));
}

function remembered() {
  try {
    return JSON.parse(thisTab.get(KEPT) ?? "[]").filter(({ id }) => typeof id === "string");
  } catch {
    return []; // not ours, or of another time
  }
}

function remember() {
  const kept = exchanges
    .map(({ id, outcome, filters, gone }) => ({ id: gone ? null : (outcome?.id ?? id), filters }))
    .filter(({ id }) => id);
  thisTab.set(KEPT, JSON.stringify(kept));
}

onLanguage(() => exchanges.filter((each) => each.outcome).forEach(draw));
