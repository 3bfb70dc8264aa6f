// What the pane reads: an article put together from its places, or a source word for word.
// Either way the marked words are held against the quote; where they differ, the source has changed.

import * as service from "./service.js";
import { button, cut, element, excerpt, joined, nodesOf, paragraphsOf, Points } from "./text.js";
import { say } from "./words.js";

const LONG = 60_000; // characters from which on only what is around the quote is shown at first,
const AROUND = 20_000; // this much on each side

/** Return `{names, nodes}`: the sources of the article that a quote stands in, and the nodes that show it. */
export async function articleText({ article, spans, quote }) {
  const { spans: places, sources } = await service.article(article.id);
  const read = await Promise.all(sources.map(({ id }) => service.source(id)));
  const texts = new Map(read.map(({ name, text }) => [name, new Points(text)]));
  const nodes = shown(joined(places, texts, spans), { told: quote, as: paragraphsOf });
  return { names: [...texts.keys()], nodes };
}

/** Return the nodes that show one source of a quote. */
export async function pageText(cited, name) {
  const { sources } = await service.article(cited.article.id);
  return sourceText(cited, sources.find((source) => source.name === name) ?? sources[0]);
}

/** Return the nodes that show a source, with what is quoted of it marked. */
export async function sourceText({ spans, quote }, { id }) {
  const { name, text } = await service.source(id);
  const here = spans.filter((span) => span.source === name);
  const pieces = cut(text, here.map(({ start, end }) => [start, end]));
  const whole = here.length === spans.length ? quote : null;
  return shown(pieces, { told: whole, as: nodesOf });
}

function shown(pieces, { told, as }) {
  const marked = pieces.filter((piece) => piece.marked).map((piece) => piece.text);
  if (told !== null && marked.join("") !== told) {
    const plain = [{ text: pieces.map((piece) => piece.text).join(""), marked: false }];
    return [element("p", "failure", say("moved")), ...as(plain)];
  }
  const length = pieces.reduce((sum, piece) => sum + piece.text.length, 0);
  return length > LONG ? abridged(pieces, as) : as(pieces);
}

function abridged(pieces, as) {
  const note = element("p", "abridged", say("abridged"));
  const rest = button("", say("all"), () => {
    const sheet = note.parentElement;
    sheet.replaceChildren(...as(pieces));
    sheet.querySelector("mark")?.scrollIntoView({ block: "center" });
    sheet.focus();
  });
  note.append(rest);
  return [note, ...as(excerpt(pieces, AROUND))];
}
