// The description of the service for people: made from /openapi.json, text by textContent only.

import { attempt } from "./attempt.js";
import { element, exampleOf, json, named, sample, slug, typeOf } from "./shapes.js";

const main = document.getElementById("main");
const contents = document.getElementById("contents");

async function start() {
  const description = await (await fetch("openapi.json")).json();
  document.getElementById("about").textContent = `${description.info.description}（${description.info.version}）`;
  document.getElementById("loading").remove();
  routes(description);
  shapes(description);
  problems(description);
  openTarget();
}

function routes(description) {
  const groups = new Map(description.tags.map(({ name }) => [name, []]));
  for (const [path, methods] of Object.entries(description.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const tag = operation.tags?.at(-1) ?? "其他";
      if (!groups.has(tag)) groups.set(tag, []);
      groups.get(tag).push({ path, method: method.toUpperCase(), operation });
    }
  }
  for (const [tag, listed] of groups) {
    if (!listed.length) continue;
    const about = description.tags.find(({ name }) => name === tag)?.description;
    const section = part(tag, `tag-${tag}`, about);
    const list = contents.appendChild(element("ul"));
    for (const each of listed) {
      section.append(route(each, description));
      entry(list, `${each.method} ${each.path}`, slug(each));
    }
  }
}

function route({ path, method, operation }, description) {
  const box = element("details", "route");
  box.id = slug({ path, method });
  const summary = box.appendChild(element("summary"));
  summary.append(element("span", "method", method), element("span", "path", path), element("span", "", operation.summary ?? ""));
  const inside = box.appendChild(element("div"));
  // Made when it is opened: a page of closed routes stays light.
  box.addEventListener("toggle", () => {
    if (box.open && !inside.childElementCount) fill(inside, { path, method, operation }, description);
  });
  return box;
}

function fill(inside, { path, method, operation }, description) {
  for (const text of (operation.description ?? "").split("\n\n")) inside.append(element("p", "", text));
  if (operation.parameters?.length) {
    inside.append(element("h3", "", "参数"), table(["名称", "位置", "类型", "说明"], operation.parameters.map((each) => [
      code(each.name + (each.required ? " *" : "")),
      { path: "路径", query: "查询", header: "请求头" }[each.in] ?? each.in,
      typeOf(each.schema),
      each.description ?? each.schema.description ?? "",
    ])));
  }
  for (const [type, { schema }] of Object.entries(operation.requestBody?.content ?? {})) {
    inside.append(element("h3", "", `请求体（${type}）`), shapeLink(schema), ...exampleBlock(schema, description));
  }
  inside.append(element("h3", "", "回应"));
  const rows = [];
  for (const [status, { description: told, content }] of Object.entries(operation.responses)) {
    const [type, media] = Object.entries(content ?? {})[0] ?? ["", {}];
    rows.push([code(status), told, type, media.schema ? shapeLink(media.schema) : ""]);
  }
  inside.append(table(["状态", "说明", "类型", "形状"], rows));
  const good = operation.responses["200"]?.content?.["application/json"]?.schema;
  if (good) inside.append(...exampleBlock(good, description, "回应示例"));
  inside.append(attempt({ path, method, operation }, description));
}

function exampleBlock(schema, description, title = "示例") {
  const example = exampleOf(schema, description);
  return example === undefined ? [] : [element("h3", "", title), sample(json(example))];
}

function shapes(description) {
  const section = part("数据形状", "shapes");
  for (const [name, schema] of Object.entries(description.components.schemas).sort()) {
    const box = section.appendChild(element("details", "route"));
    box.id = `shape-${name}`;
    const summary = box.appendChild(element("summary"));
    summary.append(element("span", "path", name), element("span", "", (schema.description ?? "").split("\n")[0]));
    const inside = box.appendChild(element("div"));
    const needed = new Set(schema.required ?? []);
    const rows = Object.entries(schema.properties ?? {}).map(([field, of]) => [
      code(field + (needed.has(field) ? " *" : "")), shapeLink(of), of.description ?? "",
    ]);
    if (rows.length) inside.append(table(["字段", "类型", "说明"], rows));
    if (schema.enum) inside.append(element("p", "", schema.enum.join("、")));
    inside.append(...exampleBlock(schema, description));
  }
}

function problems(description) {
  const section = part("失败", "problems", "所有失败都是同一个形状（application/problem+json）；code 是稳定的，供程序判断。");
  const rows = Object.entries(description["x-problems"]).map(([name, title]) => {
    const anchor = code(name);
    anchor.id = name;
    return [anchor, title];
  });
  section.append(table(["code", "是什么"], rows));
}

function part(title, id, about = "") {
  const section = main.appendChild(element("section"));
  section.id = id;
  section.append(element("h2", "", title));
  if (about) section.append(element("p", "aside", about));
  const list = contents.appendChild(element("ul"));
  entry(list, title, id, "strong");
  return section;
}

function entry(list, text, id, within = "span") {
  const link = element("a");
  link.href = `#${encodeURIComponent(id)}`;
  link.append(element(within, "", text));
  list.appendChild(element("li")).append(link);
}

function table(heads, rows) {
  const made = element("table");
  const head = made.createTHead().insertRow();
  for (const each of heads) head.append(element("th", "", each));
  const body = made.createTBody();
  for (const row of rows) {
    const line = body.insertRow();
    for (const each of row) line.insertCell().append(each);
  }
  const wide = element("div", "wide");
  wide.append(made);
  return wide;
}

const code = (text) => element("code", "", text);

/** Return a type with links to the shapes that it names. */
function shapeLink(schema) {
  const name = named(schema);
  if (!name) return element("span", "", typeOf(schema));
  const link = element("a", "", typeOf(schema));
  link.href = `#shape-${name}`;
  return link;
}

/** Return what the address asks for; as it stands where its escapes are none, which then is nothing here. */
function wanted() {
  const written = location.hash.slice(1);
  try {
    return decodeURIComponent(written);
  } catch {
    return written;
  }
}

function openTarget() {
  const target = document.getElementById(wanted());
  if (!target) return;
  if (target instanceof HTMLDetailsElement) target.open = true;
  target.scrollIntoView();
}

addEventListener("hashchange", openTarget);
document.getElementById("key-form").addEventListener("submit", (event) => event.preventDefault());
start().catch((error) => {
  (document.getElementById("loading") ?? main).textContent = `接口描述读不出来：${error.message}`;
});
