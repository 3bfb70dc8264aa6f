// The desk: the slip on which a question is written, the keys, and what is there before the first question.

import * as asking from "./asking.js";
import * as collection from "./collection.js";
import * as conversation from "./conversation.js";
import "./key.js";
import * as scope from "./scope.js";
import { length } from "./text.js";
import "./uploads.js";
import * as welcome from "./welcome.js";
import { apply, changeLanguage, onLanguage, say } from "./words.js";

const OUTLINE = 8; // pixels around what has the focus
const NEARLY = 0.8; // of what a question may have; from here on the count is shown

const by = (id) => document.getElementById(id);
const [composer, box, send, remark] = [by("composer"), by("question"), by("send"), by("remark")];
const fresh = by("fresh");

let lastAsked = "";

function submitted(event) {
  event.preventDefault();
  if (asking.isAsking()) return;
  const question = box.value.trim();
  if (!question) return;
  const [count, most] = [length(question), collection.mostCharacters()];
  const objection = count > most ? say("tooLong", count, most) : scope.objection();
  if (objection) {
    remark.textContent = objection;
    remark.classList.add("over");
    return;
  }
  box.value = "";
  written();
  scope.fold();
  asking.put(question);
}

/** What has the focus must not lie below the slip, which covers the end of the page and grows with what is in it. */
function uncover() {
  const most = innerHeight / 2; // with the fields open on a small screen, something must be left to scroll in
  document.documentElement.style.scrollPaddingBottom = `${Math.min(composer.offsetHeight + OUTLINE, most)}px`;
}

/** The box grows with its text. Height is the one thing that no class can say. */
function grown() {
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight}px`;
}

function written() {
  grown();
  const [count, most] = [length(box.value.trim()), collection.mostCharacters()];
  remark.textContent = count > NEARLY * most ? say("count", count, most) : "";
  remark.classList.toggle("over", count > most);
}

function keyInBox(event) {
  if (event.isComposing) return;
  if (event.key === "ArrowUp" && !box.value && lastAsked) {
    event.preventDefault();
    box.value = lastAsked;
    written();
  }
  // Enter within an input method chooses a word; it must not send half a question.
  if (event.key !== "Enter" || event.shiftKey) return;
  event.preventDefault();
  composer.requestSubmit();
}

function keyOnPage(event) {
  if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.matches("input, textarea, select") || document.querySelector("dialog[open]")) return;
  if (event.key === "/" && !by("page").inert) {
    event.preventDefault();
    box.focus();
  }
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (steps[event.key] && event.target.matches(".source")) neighbour(event, steps[event.key]);
}

/** Go from one cutting to the next one that can be seen. */
function neighbour(event, by) {
  const openers = [...document.querySelectorAll(".source")].filter((each) => each.checkVisibility());
  const next = openers[openers.indexOf(event.target) + by];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function exampleChosen(question) {
  if (asking.isAsking()) return;
  box.focus();
  asking.put(question);
}

function conversationChanged() {
  welcome.update();
  fresh.hidden = conversation.isEmpty();
}

function askingChanged(now, question, end) {
  showAsking(now);
  if (now) lastAsked = question;
  // Asked again by its button, a question that was given back is not to be asked a third time.
  if (now && box.value === question) box.value = "";
  // Give it back, unless the next one has been begun.
  if (!now && end !== "answered" && !box.value) box.value = question;
  written();
}

function showAsking(now) {
  send.textContent = say(now ? "stop" : "send");
  send.classList.toggle("stop", now);
  by("conversation").setAttribute("aria-busy", String(now));
}

function sendClicked(event) {
  if (!asking.isAsking()) return;
  // By the time the click is over the button sends again, which it must not do now.
  event.preventDefault();
  asking.stop();
}

function linked() {
  return new URLSearchParams(location.hash.slice(1)).get("a");
}

composer.addEventListener("submit", submitted);
send.addEventListener("click", sendClicked);
box.addEventListener("input", written);
addEventListener("resize", grown);
addEventListener("resize", uncover);
new ResizeObserver(uncover).observe(composer);
box.addEventListener("keydown", keyInBox);
document.addEventListener("keydown", keyOnPage);
by("language").addEventListener("click", changeLanguage);
fresh.addEventListener("click", () => {
  asking.stop();
  conversation.clear();
  if (location.hash) history.replaceState(null, "", location.pathname);
  conversation.announce(say("freshDone"));
  box.focus();
});
addEventListener("hashchange", () => linked() && conversation.follow(linked()));
onLanguage(() => showAsking(asking.isAsking()));
asking.onAsking(askingChanged);
conversation.onChange(conversationChanged);
conversation.onAgain(asking.again);
collection.onHoldings(welcome.offer);
welcome.onExample(exampleChosen);
apply();
conversation.restore(linked());
collection.refresh();
