// Puts files into the collection, one after the other, and says of each what became of it.

import { mostBytes, refresh } from "./collection.js";
import { announce } from "./conversation.js";
import { filesIn, read } from "./dragged.js";
import * as service from "./service.js";
import { around, element, inChinese, mebibytes, printed, saidBy, sentence } from "./text.js";
import { say } from "./words.js";

const by = (id) => document.getElementById(id);
const [chooser, list, overlay] = [by("files"), by("uploads"), by("overlay")];
const SAID = { added: "added", updated: "updated", unchanged: "unchanged" };
const SAID_OF_MANY = { ...SAID, added: "addedSources", updated: "updatedSources" };

let last = Promise.resolve(); // the file in hand; the next waits for it

/** Take files, each as `{name, file}`; where `file` is null, it is said that it could not be read. */
function take(given) {
  by("holdings").open = true;
  list.hidden = false;
  const rows = given.map(({ name, file }) => ({ name, file, ...row(name) }));
  list.append(...rows.map(({ item }) => item));
  last = last.then(() => putAll(rows));
}

function row(name) {
  const item = element("li", "upload");
  const bar = element("progress");
  const state = element("p", "state", say("queued"));
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", name);
  item.append(printed("span", "name", name), bar, state);
  return { item, bar, state };
}

async function putAll(rows) {
  let done = 0;
  for (const each of rows) if (await put(each)) done += 1;
  await refresh();
  announce(say("uploadedOf", done, rows.length));
}

async function put({ name, file, item, bar, state }) {
  try {
    if (!file) throw new service.Failure(say("unreadableFile"));
    // The service would close the connection, which looks as if it could not be reached.
    if (file.size > mostBytes()) throw new service.Failure(say("tooLarge", mebibytes(mostBytes())));
    const result = await service.upload(file, (part) => {
      bar.value = part;
      if (part === 1) bar.removeAttribute("value"); // sent; how long the rest takes, nobody knows
      state.textContent = part < 1 ? say("sending", Math.floor(part * 100)) : say("working");
    });
    if (result.status === "failed") throw service.failureOf(result.error, { code: result.code });
    done(item, state, result);
    return true;
  } catch (error) {
    item.classList.add("refused");
    // The reason begins with the name, which stands there already.
    const why = { ...saidBy(error), text: error.message.replace(`${name}：`, "") };
    state.replaceChildren(...around((reason) => say("refused", reason), why));
    return false;
  } finally {
    bar.remove();
  }
}

function done(item, state, result) {
  // Of many sources the articles of the first only are listed; how many were taken is known of all.
  const [key, count] = result.sources > 1 ? [SAID_OF_MANY, result.taken] : [SAID, result.articles.length];
  state.textContent = say(key[result.status] ?? key.added, count);
  if (result.failed) item.append(sentence("p", "partly", (error) => say("partly", result.failed, error), inChinese(result.error)));
  const titles = element("ul", "titles");
  titles.append(...result.articles.map(({ title }) => printed("li", "", title || say("untitled"))));
  if (result.articles.length) item.append(titles);
}

function holdsFiles(event) {
  return [...(event.dataTransfer?.types ?? [])].includes("Files");
}

by("add").addEventListener("click", () => chooser.click());
chooser.addEventListener("change", () => {
  take([...chooser.files].map(read));
  chooser.value = "";
});
document.addEventListener("dragover", (event) => {
  if (!holdsFiles(event)) return;
  event.preventDefault();
  overlay.hidden = false;
});
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) overlay.hidden = true;
});
document.addEventListener("drop", async (event) => {
  if (!holdsFiles(event)) return;
  event.preventDefault();
  overlay.hidden = true;
  take(await filesIn(event.dataTransfer));
});
