// What a schema is called, what it looks like, and an example of it.

/** Return a new element with a class and text. */
export function element(tag, kind = "", text = "") {
  const made = document.createElement(tag);
  if (kind) made.className = kind;
  if (text) made.textContent = text;
  return made;
}

/** Return a new block of code, which the keyboard can scroll. */
export function sample(text) {
  const made = element("pre", "", text);
  made.tabIndex = 0;
  return made;
}

export const json = (value) => JSON.stringify(value, null, 2);

/** Return the id of a route on this page. */
export const slug = ({ path, method }) => `${method} ${path}`.replace(/[^A-Za-z0-9]+/g, "-").replace(/-$/, "").toLowerCase();

const WORDS = { string: "文字", integer: "整数", number: "数", boolean: "真假", object: "对象", null: "null", array: "列表" };

/** Return the type of a schema in a word or two. */
export function typeOf(schema) {
  if (!schema) return "";
  const name = named(schema);
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(" 或 ");
  if (schema.type === "array") return `${typeOf(schema.items) || "任意"} 的列表`;
  if (name) return name;
  if (schema.format === "binary" || schema.contentMediaType) return "文件";
  if (schema.enum) return schema.enum.join(" | ");
  return (WORDS[schema.type] ?? schema.type ?? "任意") + (schema.format ? `（${schema.format}）` : "");
}

/** Return the name of the shape that a schema refers to, also within a list or a choice; null where there is none. */
export function named(schema) {
  const from = schema?.$ref ?? schema?.items?.$ref ?? schema?.anyOf?.find((each) => each.$ref)?.$ref;
  return from ? from.split("/").at(-1) : null;
}

/** Return an example of a schema, or undefined. */
export function exampleOf(schema, description) {
  const whole = schema.$ref ? description.components.schemas[named(schema)] : schema;
  return whole.examples?.[0] ?? whole.example;
}
