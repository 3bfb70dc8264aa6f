// What the page itself says, in the language that was chosen; the papers' own text is never translated.

import { forGood } from "./memory.js";
import { english } from "./words.en.js";
import { chinese } from "./words.zh.js";

const TABLES = { zh: chinese, en: english };
const REMEMBERED = "wenbao.language";
const listeners = [];

let language = TABLES[forGood.get(REMEMBERED)] ? forGood.get(REMEMBERED) : preferred();

/** Return a word or sentence; where the table holds a function, of what it is said about. */
export function say(key, ...about) {
  const said = TABLES[language][key];
  return typeof said === "function" ? said(...about) : said;
}

/** Return a day of the form `2023-02-16` as a person writes it. */
export function day(iso) {
  const format = new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en-GB", {
    dateStyle: "long",
    timeZone: "UTC",
  });
  return format.format(new Date(`${iso}T00:00:00Z`));
}

/** Return when something was, in the reader's own time. */
export function moment(iso) {
  const format = new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en-GB", {
    dateStyle: "medium",
    timeStyle: "short",
  });
  return format.format(new Date(iso));
}

/** Call `listener` whenever another language was chosen. */
export function onLanguage(listener) {
  listeners.push(listener);
}

/** Change to the other language, for this visit and the next. */
export function changeLanguage() {
  language = language === "zh" ? "en" : "zh";
  forGood.set(REMEMBERED, language);
  apply();
  for (const listener of listeners) listener();
}

/** Put the words into the page where its elements ask for them. */
export function apply() {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  document.title = say(document.documentElement.dataset.sayTitle ?? "title");
  for (const asking of document.querySelectorAll("[data-say]")) asking.textContent = say(asking.dataset.say);
  for (const asking of document.querySelectorAll("[data-say-label]")) {
    asking.setAttribute("aria-label", say(asking.dataset.sayLabel));
  }
  for (const asking of document.querySelectorAll("[data-say-placeholder]")) {
    asking.placeholder = say(asking.dataset.sayPlaceholder);
  }
}

function preferred() {
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}
