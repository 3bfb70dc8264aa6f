// Puts one question at a time, shows what comes of it, and offers another try when nothing did.

import * as conversation from "./conversation.js";
import * as scope from "./scope.js";
import * as service from "./service.js";
import { button, element, failure, saidBy } from "./text.js";
import { say } from "./words.js";

let stopping = null; // of the question that is being answered
let changed = () => {};

/** Call `listener(asking, question, end)` when a question begins to be answered, and when that is over:
 * `end` is then `answered`, `stopped` or `failed`. */
export function onAsking(listener) {
  changed = listener;
}

export const isAsking = () => stopping !== null;

/** Stop the question that is being answered. */
export function stop() {
  stopping?.abort();
}

/** Put a question. */
export async function put(question, filters = scope.filters()) {
  const before = conversation.preceding();
  const exchange = conversation.begin(question, filters);
  conversation.bringUp(exchange);
  stopping = new AbortController();
  changed(true, question);
  let end = "answered";
  try {
    const onPassages = (results) => conversation.showEarly(exchange, results);
    const outcome = await service.ask(question, { before, filters, signal: stopping.signal, onPassages });
    conversation.finish(exchange, outcome);
  } catch (error) {
    end = failed(exchange, error);
  }
  stopping = null;
  changed(false, question, end);
  conversation.bringUp(exchange);
}

/** Take an exchange back that came to nothing, and put its question again. */
export function again(exchange) {
  if (isAsking()) return;
  conversation.takeBack(exchange);
  put(exchange.question, exchange.filters);
}

function failed(exchange, error) {
  if (error.name === "AbortError") {
    conversation.takeBack(exchange);
    conversation.announce(say("stopped"));
    return "stopped";
  }
  conversation.show(exchange, objection(exchange, error));
  conversation.announceAbout((message) => say("errorSaid", message), saidBy(error));
  return "failed";
}

function objection(exchange, error) {
  const told = failure(error);
  const retry = button("again", say("again"), () => again(exchange));
  if (error.wait) countDown(retry, told, error.wait);
  return [told, retry];
}

/** Say for how long to wait, and allow another try only then. */
function countDown(retry, told, seconds) {
  const line = element("span", "wait", say("waitFor", seconds));
  told.append(document.createElement("br"), line);
  retry.disabled = true;
  const until = Date.now() + seconds * 1000;
  const timer = setInterval(() => {
    const left = Math.ceil((until - Date.now()) / 1000);
    line.textContent = left > 0 ? say("waitFor", left) : "";
    retry.disabled = left > 0;
    if (left <= 0) clearInterval(timer);
  }, 500);
}
