// Offsets on the wire count Unicode code points; JavaScript strings count UTF-16 units.
// One emoji in a page moves everything after it by one, so every cut is made here.

const PLACE = "\ue000"; // where in a sentence a text comes that is not known yet; no sentence has it

/** Return where in `text` (in UTF-16 units) each of `offsets` (in code points) lies. */
function unitsOf(text, offsets) {
  const units = new Map();
  let unit = 0;
  let point = 0;
  for (const offset of [...offsets].sort((a, b) => a - b)) {
    while (point < offset && unit < text.length) {
      unit += text.codePointAt(unit) > 0xffff ? 2 : 1;
      point += 1;
    }
    units.set(offset, unit);
  }
  return units;
}

/** Return `text` cut into `{text, marked}`, in order; `ranges` are `[start, end)` in code points. */
export function cut(text, ranges) {
  const units = unitsOf(text, ranges.flat());
  const pieces = [];
  let from = 0;
  for (const [start, end] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const opens = Math.max(from, units.get(start));
    const closes = Math.max(opens, units.get(end));
    pieces.push({ text: text.slice(from, opens), marked: false });
    pieces.push({ text: text.slice(opens, closes), marked: true });
    from = closes;
  }
  pieces.push({ text: text.slice(from), marked: false });
  return pieces.filter((piece) => piece.text);
}

/** Return the pieces with what lies far from every mark left out; without a mark, the beginning. */
export function excerpt(pieces, margin) {
  const last = pieces.length - 1;
  return pieces.map(({ text, marked }, at) => {
    if (marked) return { text, marked };
    const tail = at < last ? margin : 0;
    const head = at > 0 ? margin : tail ? 0 : 2 * margin;
    const begun = at === 0 ? text.trimStart() : text;
    return { text: shortened(at === last ? begun.trimEnd() : begun, { head, tail }), marked };
  });
}

/** Return a text's first and last characters, or all of it where little would be saved. */
function shortened(text, { head, tail }) {
  const points = Array.from(text);
  if (points.length <= 1.5 * (head + tail)) return text;
  return `${points.slice(0, head).join("")}……${points.slice(points.length - tail).join("")}`;
}

/**
 * Return an article's text as pieces `{text, marked}`: what is printed at `spans`, in reading order.
 * @param texts The verbatim text of each source, by its name.
 * @param marks The spans of the quote.
 */
export function joined(spans, texts, marks) {
  return spans.flatMap(({ source, start, end }) => {
    const within = marks
      .filter((mark) => mark.source === source && mark.start < end && mark.end > start)
      .map((mark) => [Math.max(mark.start, start) - start, Math.min(mark.end, end) - start]);
    return cut(texts.get(source).slice(start, end), within);
  });
}

/** A text that is cut by code points many times: where each of them begins is found once. */
export class Points {
  constructor(text) {
    this.text = text;
    // Most texts have no character beyond 16 bits; for those the two ways of counting agree.
    this.points = /[\ud800-\udbff]/.test(text) ? Array.from(text) : null;
  }

  slice(start, end) {
    return this.points ? this.points.slice(start, end).join("") : this.text.slice(start, end);
  }
}

/** Return paragraphs that show the pieces, one for each line; the line ends stay in the text. */
export function paragraphsOf(pieces) {
  const paragraphs = [];
  let open = null;
  for (const { text, marked } of pieces) {
    for (const line of text.split(/(?<=\n)/)) {
      open ??= paragraphs[paragraphs.push(document.createElement("p")) - 1];
      open.append(...nodesOf([{ text: line, marked }]));
      if (line.endsWith("\n")) open = null;
    }
  }
  return paragraphs;
}

/** Return nodes that show the pieces; text goes in as text, never as markup. */
export function nodesOf(pieces) {
  return pieces.map(({ text, marked }) => {
    if (!marked) return document.createTextNode(text);
    const mark = document.createElement("mark");
    mark.textContent = text;
    return mark;
  });
}

/** Return how many characters a person would count, as the service does. */
export function length(text) {
  return Array.from(text).length;
}

/** Return a new element with a class and a text. */
export function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

/** Return a new element whose text is the paper's own: Chinese, whatever the page itself speaks. */
export function printed(tag, className, text) {
  const made = element(tag, className, text);
  made.lang = "zh";
  return made;
}

/** Return a text that the service says, for `around`: it speaks Chinese, whatever the page itself speaks. */
export const inChinese = (text) => ({ text, lang: "zh-Hans" });

/**
 * Return the nodes of something that the page says about a text, which keeps its own language.
 * @param words Called with the text; what it returns has the text in it.
 * @param about The text, as `{text, lang}`; an empty `lang` is that of the page.
 */
export function around(words, { text, lang }) {
  if (!lang) return [document.createTextNode(words(text))];
  const [before, behind = ""] = words(PLACE).split(PLACE);
  const within = element("span", "", text);
  within.lang = lang;
  return [before, within, behind].filter(Boolean);
}

/** Return a new element that says something about a text, as `around`. */
export function sentence(tag, className, words, about) {
  const made = element(tag, className);
  made.append(...around(words, about));
  return made;
}

/** Return what an error says, for `around`. */
export const saidBy = ({ told, message }) => told ?? { text: message, lang: "" };

/** Return a new element that says why something failed. */
export const failure = (error) => sentence("p", "failure", (text) => text, saidBy(error));

/** Return bytes in MiB, to a tenth. */
export const mebibytes = (bytes) => Math.round((10 * bytes) / 2 ** 20) / 10;

/** Return a new button that does something. */
export function button(className, text, onClick) {
  const made = element("button", className, text);
  made.type = "button";
  made.addEventListener("click", onClick);
  return made;
}
