// Server-sent events as they come over fetch, which unlike EventSource can send a body and a key.

/** Yield `{event, data}` of a stream of bytes, data parsed as JSON. */
export async function* events(stream) {
  let rest = "";
  for await (const text of decoded(stream)) {
    const blocks = (rest + text).split(/\r\n\r\n|\n\n|\r\r/);
    rest = blocks.pop();
    for (const block of blocks) {
      const read = eventIn(block);
      if (read) yield read;
    }
  }
}

async function* decoded(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    // Also when the page has heard enough: the service then stops working for it.
    reader.cancel().catch(() => {});
  }
}

function eventIn(block) {
  let event = "message";
  const data = [];
  for (const line of block.split(/\r\n|\n|\r/)) {
    const [, field, value] = /^([^:]*):? ?(.*)$/s.exec(line);
    if (field === "event") event = value;
    if (field === "data") data.push(value);
  }
  return data.length ? { event, data: JSON.parse(data.join("\n")) } : null;
}
