// The service, as this page sees it. Every failure is a Failure whose message a person can read.

import { thisTab } from "./memory.js";
import { events } from "./stream.js";
import { say } from "./words.js";

const PATIENCE_MS = 120_000;
const KEY = "wenbao.key";
const SENDABLE = /^[\x21-\x7e]{1,200}$/; // what a header may hold, and so a key

let askForKey = async () => null;

export class Failure extends Error {
  /**
   * @param wait Seconds until it is worth trying again, or null.
   * @param question What was asked, where an answer was withdrawn; else null.
   * @param lang The language of the message, where it is not the page that says it; else empty.
   */
  constructor(message, { status = 0, wait = null, question = null, lang = "" } = {}) {
    super(message);
    this.told = { text: message, lang };
    this.status = status;
    this.wait = wait;
    this.question = question;
  }
}

/** Let `ask(wrong)` bring a key, or null, when the service wants one. */
export function onKeyWanted(ask) {
  askForKey = ask;
}

/** Return the outcome of a question.
 * @param before What was asked before, as `{question, title}`, or null.
 * @param onPassages Called with the nearest passages when they come before the outcome.
 */
export async function ask(question, { before, filters, signal, onPassages }) {
  const response = await answered("v1/ask", {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "text/event-stream, application/json" },
    body: JSON.stringify({ question, before, filters }),
    signal,
  });
  if (!response.headers.get("Content-Type")?.startsWith("text/event-stream")) return bodyOf(response);
  return outcomeIn(response, onPassages);
}

async function outcomeIn(response, onPassages) {
  let outcome = null;
  try {
    for await (const { event, data } of events(response.body)) {
      if (event === "passages") onPassages(data.results);
      if (event === "answer") outcome = data;
      if (event === "error") throw failureIn(data, response);
      if (event === "done") break;
    }
  } catch (error) {
    throw error instanceof Failure ? error : unreached(error);
  }
  if (outcome === null) throw new Failure(say("broken"));
  return outcome;
}

/** Return a kept outcome. */
export const answer = (id) => fetched(`v1/answers/${encodeURIComponent(id)}`);

export const dropAnswer = (id) => deleted(`v1/answers/${encodeURIComponent(id)}`);

/** Return what the collection is, in short. */
export const holdings = () => fetched("v1/collection");

/** Return every source, as `{id, name, articles}`. */
export const sources = async () => (await fetched("v1/sources")).sources;

/** Return an article: what is known of it, its spans, and the sources that it is printed in. */
export const article = (id) => fetched(`v1/articles/${encodeURIComponent(id)}`);

/** Return some articles; `first` is the earliest day they may have, or null. */
export async function articles({ first, limit }) {
  const from = first ? `&from=${first}` : "";
  return (await fetched(`v1/articles?limit=${limit}${from}`)).articles;
}

export const removeSource = (id) => deleted(`v1/sources/${encodeURIComponent(id)}`);

/** Return one source with its verbatim text. */
export const source = (id) => fetched(`v1/sources/${encodeURIComponent(id)}`);

/** Put one file in; `onProgress` is told which part of it has been sent, from 0 to 1. */
export async function upload(file, onProgress) {
  for (let wrong = false; ; wrong = true) {
    const sent = await send(file, onProgress);
    if (sent.status === 401 && (await keyBrought(wrong))) continue;
    const body = parsed(sent.responseText);
    if (sent.status !== 200) {
      throw failureIn(body, { status: sent.status, wait: sent.getResponseHeader("Retry-After") });
    }
    if (!body?.results?.length) throw new Failure(say("unreadable"));
    return body.results[0];
  }
}

/** fetch() cannot tell how much of a body has been sent; this old way can. */
function send(file, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const form = new FormData();
    form.append("files", file, file.name);
    request.open("POST", "v1/sources");
    request.setRequestHeader("Accept", "application/json");
    for (const [name, value] of Object.entries(authority())) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", ({ loaded, total }) => onProgress(total ? loaded / total : 0));
    request.addEventListener("load", () => resolve(request));
    request.addEventListener("error", () => reject(new Failure(say("offline"))));
    request.send(form);
  });
}

/** Return every batch of questions, the newest first. */
export const batches = async () => (await fetched("v1/batches")).batches;

/** Hand in a file of questions; return the batch that it became. */
export async function handIn(file) {
  const type = /\.json$/i.test(file.name) ? "application/json" : "application/x-ndjson";
  const path = `v1/batches?name=${encodeURIComponent(file.name)}`;
  return bodyOf(await answered(path, { method: "POST", headers: { "Content-Type": type }, body: file }));
}

export const stopBatch = (id) => answered(`v1/batches/${encodeURIComponent(id)}/cancel`, { method: "POST" });

export const dropBatch = (id) => deleted(`v1/batches/${encodeURIComponent(id)}`);

/** Return what came of a batch so far, as a file. */
export const predictions = async (id) =>
  (await answered(`v1/batches/${encodeURIComponent(id)}/predictions`)).blob();

async function fetched(path) {
  return bodyOf(await answered(path));
}

/** Delete something; what another tab or person deleted before is as well gone. */
async function deleted(path) {
  try {
    await answered(path, { method: "DELETE" });
  } catch (error) {
    if (error.status !== 404) throw error;
  }
}

async function bodyOf(response) {
  const body = await response.json().catch(() => null);
  if (body === null) throw new Failure(say("unreadable"));
  return body;
}

/** Return a response that is no failure; asks for a key as often as one is wanted. */
async function answered(path, options = {}) {
  for (let wrong = false; ; wrong = true) {
    const response = await reached(path, options);
    if (response.ok) return response;
    if (response.status === 401 && (await keyBrought(wrong))) continue;
    throw failureIn(await response.json().catch(() => null), response);
  }
}

async function reached(path, { headers, signal, ...options }) {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  try {
    return await fetch(path, {
      ...options,
      headers: { ...headers, ...authority() },
      signal: signal ? AbortSignal.any([signal, patience]) : patience,
    });
  } catch (error) {
    throw unreached(error);
  }
}

function unreached(error) {
  if (error.name === "AbortError") return error; // the person stopped it
  return new Failure(say(error.name === "TimeoutError" ? "slow" : "offline"));
}

/** Return the failure that the service tells of, in the page's own words where it has any for the code. */
export function failureOf(detail, { code, ...more }) {
  const own = say("problem", code);
  return own ? new Failure(own, more) : new Failure(detail, { ...more, lang: "zh-Hans" });
}

function failureIn(body, response) {
  const status = response.ok ? (body?.status ?? 500) : response.status;
  const wait = waitOf(response.wait ?? response.headers?.get("Retry-After"));
  if (status === 401) return new Failure(say("keyMissing"), { status });
  // Another kind of 403 has nothing to do with keys, and says itself what is to be done.
  if (body?.code === "forbidden") return new Failure(say("forbidden"), { status });
  const more = { status, wait, question: body?.question };
  return body?.detail ? failureOf(body.detail, { code: body.code, ...more }) : new Failure(say("failed", status), more);
}

/** Return the seconds that a Retry-After asks to wait; it may be a number or a time of day. */
function waitOf(header) {
  if (!header) return null;
  const seconds = /^\d+$/.test(header) ? Number(header) : Math.ceil((Date.parse(header) - Date.now()) / 1000);
  return Number.isFinite(seconds) ? Math.max(1, seconds) : null;
}

function authority() {
  const key = thisTab.get(KEY);
  return key ? { Authorization: `Bearer ${key}` } : {};
}

let bringing = null;

/** Return whether a key was brought; several requests that want one ask for it once. */
async function keyBrought(wrong) {
  bringing ??= sendableKey(wrong).finally(() => {
    bringing = null;
  });
  const key = await bringing;
  if (key) thisTab.set(KEY, key);
  return Boolean(key);
}

/** Return a key, or null; one that no request could carry would look as if the service could not be reached. */
async function sendableKey(wrong) {
  const key = await askForKey(wrong);
  return !key || SENDABLE.test(key) ? key : sendableKey(true);
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
