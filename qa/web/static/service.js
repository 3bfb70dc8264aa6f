// The service, as this page sees it. Every failure is an Error whose message a person can read.

const PATIENCE_MS = 120_000;

/** Return the outcome of a question; `before` is what was asked before, as `{question, title}`, or null. */
export function ask(question, before = null) {
  return fetched("v1/ask", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ question, before }),
  });
}

/** Return every source, as `{id, name, articles}`. */
export async function sources() {
  return (await fetched("v1/sources")).sources;
}

/** Return one source with its verbatim text. */
export async function sourceNamed(name) {
  // By id: a name may hold a "/", which a path would take for its own.
  const found = (await sources()).find((source) => source.name === name);
  if (!found) throw new Error(`来源 ${name} 已不在索引中`);
  return fetched(`v1/sources/${encodeURIComponent(found.id)}`);
}

async function fetched(path, options = {}) {
  let response;
  try {
    response = await fetch(path, { ...options, signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch (error) {
    const slow = error.name === "TimeoutError";
    throw new Error(slow ? "等了两分钟还没有回音，请稍后再试" : "连不上服务，请确认它在运行，然后再试");
  }
  const body = await response.json().catch(() => null);
  if (!response.ok) throw new Error(body?.detail ?? `服务出错（${response.status}）`);
  if (body === null) throw new Error("服务的回答读不懂，请稍后再试");
  return body;
}
