// The page: takes questions, one at a time, and sets each outcome under its question.

import * as outcomes from "./outcome.js";
import * as pane from "./pane.js";
import * as service from "./service.js";
import { element, length } from "./text.js";

const LONGEST = 500; // characters; the service refuses more
const NEARLY = 400; // from here on the count is shown

const composer = document.getElementById("composer");
const box = document.getElementById("question");
const send = document.getElementById("send");
const remark = document.getElementById("remark");
const welcome = document.getElementById("welcome");
const conversation = document.getElementById("conversation");
const announcement = document.getElementById("announcement");
const holdings = document.getElementById("holdings");

let asking = false;
let before = null; // the question before, on which the next may lean

async function put(question) {
  if (asking || !question) return;
  setAsking(true);
  welcome.hidden = true;
  const reply = element("div", "reply");
  conversation.append(exchange(question, reply));
  reply.append(element("p", "waiting", "正在查阅报纸"));
  bringUp(reply.parentElement);
  try {
    const outcome = await service.ask(question, before);
    before = preceding(outcome);
    reply.replaceChildren(...outcomes.render(outcome));
    announcement.textContent = outcomes.announcement(outcome);
  } catch (error) {
    reply.replaceChildren(element("p", "failure", error.message));
    announcement.textContent = `出错了：${error.message}`;
    giveBack(question);
  } finally {
    setAsking(false);
    bringUp(reply.parentElement);
  }
}

function preceding(outcome) {
  const cited = outcome.abstained ? null : outcome.citations[0];
  return { question: outcome.understood ?? outcome.question, title: cited?.article.title ?? null };
}

function exchange(question, reply) {
  const item = element("li", "exchange");
  item.append(element("h2", "asked", question), reply);
  return item;
}

/** Bring an exchange to the top; the first one stands there already, below the masthead. */
function bringUp(item) {
  if (item.previousElementSibling) item.scrollIntoView({ block: "start" });
}

/** While one question is being answered, none other is taken; writing the next one is. */
function setAsking(now) {
  asking = now;
  send.disabled = now;
  conversation.setAttribute("aria-busy", String(now));
}

/** Put a question that failed back, unless the next one has been begun. */
function giveBack(question) {
  if (box.value) return;
  box.value = question;
  written();
}

function written() {
  // The box grows with its text. Height is the one thing that no class can say.
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight}px`;
  const count = length(box.value.trim());
  remark.textContent = count > NEARLY ? `${count} / ${LONGEST} 字` : "";
  remark.classList.toggle("over", count > LONGEST);
}

function submitted(event) {
  event.preventDefault();
  const question = box.value.trim();
  if (asking || !question) return;
  const count = length(question);
  if (count > LONGEST) {
    remark.textContent = `问题有 ${count} 字，上限是 ${LONGEST} 字；请缩短后再问`;
    return;
  }
  box.value = "";
  written();
  put(question);
}

function keyPressed(event) {
  // Enter within an input method chooses a word; it must not send half a question.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  composer.requestSubmit();
}

async function listHoldings() {
  let held;
  try {
    held = await service.sources();
  } catch {
    return; // asking will say what is wrong; the list is only an aside
  }
  const articles = held.reduce((sum, source) => sum + source.articles, 0);
  document.getElementById("holdings-summary").textContent = `${held.length} 份来源，${articles} 篇文章`;
  document.getElementById("sources").replaceChildren(...held.map(holding));
  holdings.hidden = false;
  offerExamples(new Set(held.map((source) => source.name)));
}

function holding(source) {
  const item = element("li");
  const button = element("button");
  button.type = "button";
  button.setAttribute("aria-controls", "pane");
  button.setAttribute("aria-expanded", "false");
  button.append(element("span", "name", source.name), element("span", "count", `${source.articles} 篇`));
  button.addEventListener("click", () =>
    pane.open({
      heading: source.name,
      told: `${source.articles} 篇文章`,
      source: source.name,
      spans: [],
      button,
    }),
  );
  item.append(button);
  return item;
}

function offerExamples(names) {
  const examples = [...welcome.querySelectorAll("button")];
  for (const example of examples) example.parentElement.hidden = !names.has(example.dataset.source);
  const any = examples.some((example) => !example.parentElement.hidden);
  welcome.hidden = !any || conversation.childElementCount > 0;
}

composer.addEventListener("submit", submitted);
box.addEventListener("input", written);
box.addEventListener("keydown", keyPressed);
welcome.addEventListener("click", (event) => {
  const example = event.target.closest("button");
  if (!example) return;
  box.focus();
  put(example.textContent);
});
listHoldings();
