"use strict";
// Shows of all questions those that were asked for; a page that is opened from disk has nobody else to ask.
const filters = document.getElementById("filters");
const fields = [...filters.querySelectorAll("select, input")];
const count = document.getElementById("count");
const questions = [...document.querySelectorAll(".question")];

function fits(question, { ending, kind, source, words }) {
  const bad = ending === "bad";
  if (bad && question.classList.contains("good")) return false;
  if (ending && !bad && ending !== question.dataset.ending) return false;
  if (kind && kind !== question.dataset.kind) return false;
  if (source && source !== question.dataset.source) return false;
  return !words || question.textContent.includes(words);
}

function filter() {
  const wanted = Object.fromEntries(fields.map(({ name, value }) => [name, value.trim()]));
  let shown = 0;
  for (const question of questions) {
    question.hidden = !fits(question, wanted);
    shown += question.hidden ? 0 : 1;
  }
  count.textContent = `${shown} 题`;
}

filters.addEventListener("input", filter);
// A browser that goes back to the page keeps what was chosen.
filter();
