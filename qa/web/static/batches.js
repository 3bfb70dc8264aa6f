// Batches of questions: handed in as files, watched, stopped; their reports and predictions taken out.

import * as confirm from "./confirm.js";
import { filesIn, read } from "./dragged.js";
import "./key.js";
import * as service from "./service.js";
import { around, button, element, mebibytes, printed, saidBy } from "./text.js";
import { apply, changeLanguage, moment, onLanguage, say } from "./words.js";

const LOOK_MS = 1_500; // until it is looked again how far they have come
const AGAIN_MS = 5_000; // until a service that gave no answer is asked again
const by = (id) => document.getElementById(id);
const [chooser, list, remark, announcement] = [by("files"), by("list"), by("remark"), by("announcement")];

const rows = new Map(); // what is on the page of each batch, by its id
let known = []; // the batches, as the service told of them last
let next = 0; // the timer of the next look
let [looks, latest] = [0, 0]; // how often it was looked, and which of those times is shown
let passes = false; // whether what is remarked holds only until the service answers again

function announce(text) {
  announcement.textContent = text;
}

function objected(error, { passing = error.status === 0 } = {}) {
  remarked(around((message) => message, saidBy(error)));
  passes = passing;
}

function remarked(nodes) {
  remark.replaceChildren(...nodes);
  remark.classList.add("over");
}

function unremark() {
  remark.textContent = "";
  remark.classList.remove("over");
  passes = false;
}

/** Hand in files, each as `{name, file}`; where `file` is null, it is said that it could not be read. */
async function take(given) {
  unremark();
  const refused = []; // the nodes of what is remarked, a line a file
  const most = await mostBytes();
  for (const { name, file } of given) {
    try {
      if (!file) throw new service.Failure(say("unreadableFile"));
      // The service would close the connection, which looks as if it could not be reached.
      if (file.size > most) throw new service.Failure(say("batchTooLarge", mebibytes(most)));
      const batch = await service.handIn(file);
      announce(say("batchTaken", batch.name, batch.of));
    } catch (error) {
      const said = saidBy(error);
      if (refused.length) refused.push("\n");
      if (!said.text.startsWith(name)) refused.push(say("ofFile", name));
      refused.push(...around((message) => message, said));
      remarked(refused);
      passes = false; // that the service answers again does not hand the file in
    }
  }
  await look();
}

/** Return how many bytes a file may have; any number where the service does not say. */
async function mostBytes() {
  const held = await service.holdings().catch(() => null); // handing in will say what is wrong
  return held?.upload_bytes ?? Infinity;
}

/** Ask how far the batches have come, and again soon where there is reason to. */
async function look() {
  clearTimeout(next);
  const time = (looks += 1);
  try {
    const batches = await service.batches();
    if (time < latest) return; // what was asked later has come already
    latest = time;
    told(batches);
    if (passes) unremark();
  } catch (error) {
    // That a key is missing does not pass by waiting, and asking again would ask the person for it again.
    objected(error, { passing: error.status === 0 || error.status >= 500 });
  }
  lookAgain();
}

/** Look again soon where a batch is not at its end, and later where the service gave no answer. */
function lookAgain() {
  clearTimeout(next);
  const open = known.some(({ ended_at }) => ended_at === null);
  if ((open || passes) && !document.hidden) next = setTimeout(look, passes ? AGAIN_MS : LOOK_MS);
}

function told(batches) {
  for (const batch of batches) {
    const before = known.find(({ id }) => id === batch.id);
    if (before?.ended_at === null && batch.state === "done") announce(say("batchEnded", batch.name));
  }
  known = batches;
  draw();
}

function draw() {
  by("none").hidden = known.length > 0;
  const gone = new Set(rows.keys());
  for (const [at, batch] of known.entries()) {
    gone.delete(batch.id);
    if (!rows.has(batch.id)) rows.set(batch.id, row(batch));
    const { item } = rows.get(batch.id);
    // Moved only where it must be: an element that is moved loses the focus.
    if (list.children[at] !== item) list.insertBefore(item, list.children[at] ?? null);
    show(rows.get(batch.id), batch);
  }
  for (const id of gone) {
    rows.get(id).item.remove();
    rows.delete(id);
  }
}

function row({ id, name, made_at }) {
  const item = element("li", "batch");
  const [state, fault, bar, when] = ["p", "p", "progress", "time"].map((tag) => element(tag));
  state.className = "state";
  fault.className = "fault";
  when.dateTime = made_at;
  const actions = element("div", "actions");
  const within = (question, act, words) => confirm.within(actions, question, act, words);
  const report = element("a");
  report.target = "_blank";
  report.rel = "noopener";
  const stop = button("", "", () =>
    within(say("batchStopAsk", name), () => changed(service.stopBatch(id), actions), {
      sure: say("batchStop"),
      not: say("batchGoOn"),
    }),
  );
  const fetch = button("", "", () => saved(id, name, fetch));
  const drop = button("", "", () => within(say("batchDropAsk", name), () => changed(service.dropBatch(id))));
  actions.append(report, fetch, stop, drop);
  const heading = element("h3");
  heading.append(printed("span", "name", name), when);
  item.append(heading, state, bar, fault, actions);
  const own = [...actions.childNodes];
  return { item, state, fault, bar, when, report, stop, fetch, drop, actions, own };
}

/** Show how far a batch has come; what can be done with it depends on that. */
function show({ state, fault, bar, when, report, stop, fetch, drop }, batch) {
  const open = batch.ended_at === null;
  state.textContent = inWords(batch);
  when.textContent = moment(batch.made_at);
  fault.hidden = batch.fault === null;
  fault.textContent = say("batchFault", batch.fault);
  bar.hidden = batch.state === "done";
  bar.max = batch.of;
  bar.value = batch.asked;
  bar.setAttribute("aria-label", batch.name);
  report.hidden = !batch.report;
  if (batch.report) report.href = batch.report;
  stop.hidden = !open;
  fetch.hidden = !batch.asked;
  report.textContent = say("batchReport");
  stop.textContent = say("batchStop");
  fetch.textContent = say("batchPredictions");
  drop.textContent = say("drop");
  for (const [action, key] of [[report, "batchReport"], [stop, "batchStop"], [fetch, "batchPredictions"], [drop, "drop"]]) {
    action.setAttribute("aria-label", `${say(key)} ${batch.name}`);
  }
}

function inWords({ state, asked, of, seconds_left }) {
  if (state === "waiting") return say("batchWaiting", of);
  if (state === "done") return say("batchDone", of);
  if (state === "cancelled") return say("batchCancelled", asked, of);
  const left = seconds_left === null ? "" : say("batchLeft", lasting(seconds_left));
  return [say("batchRunning", asked, of), left].filter(Boolean).join(say("between"));
}

/** Return a time in words, as exactly as it can be known. */
function lasting(seconds) {
  if (seconds < 90) return say("seconds", Math.max(1, Math.round(seconds)));
  const minutes = seconds / 60;
  return minutes < 90 ? say("minutes", Math.round(minutes)) : say("hours", Math.round(minutes / 60));
}

/** Wait for a change and show it; `actions` get their buttons back where the batch stays. */
async function changed(change, actions = null) {
  await change;
  await look();
  const row = actions && [...rows.values()].find((each) => each.actions === actions);
  if (row) {
    actions.replaceChildren(...row.own);
    row.own.find((each) => !each.hidden)?.focus();
  } else {
    (list.querySelector("a:not([hidden]), button:not([hidden])") ?? by("add")).focus();
  }
}

/** Let the browser save the predictions; the key goes along, which a plain link would not take. */
async function saved(id, name, opener) {
  opener.disabled = true;
  try {
    const address = URL.createObjectURL(await service.predictions(id));
    const link = element("a");
    link.href = address;
    link.download = `${name.replace(/\.\w+$/, "")}.predictions.jsonl`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), LOOK_MS);
  } catch (error) {
    objected(error);
    lookAgain();
  } finally {
    opener.disabled = false;
  }
}

by("add").addEventListener("click", () => chooser.click());
chooser.addEventListener("change", () => {
  const given = [...chooser.files].map(read);
  chooser.value = "";
  take(given);
});
// A file that is let go of over the page is handed in, and does not take the page's place.
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", async (event) => {
  event.preventDefault();
  take(await filesIn(event.dataTransfer));
});
document.addEventListener("visibilitychange", () => document.hidden || look());
by("language").addEventListener("click", changeLanguage);
onLanguage(draw);
apply();
look();
