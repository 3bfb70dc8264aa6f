// A form under each route that sends a real request and shows what comes back.

import { element, exampleOf, json, sample } from "./shapes.js";

const SHOWN = 100_000; // characters of an answer

/** Return the form that tries a route. */
export function attempt({ path, method, operation }, description) {
  const form = element("form", "try");
  form.append(element("h3", "", "试一试"));
  const fields = (operation.parameters ?? []).map((parameter) => field(form, parameter, { path, method }));
  const body = bodyField(form, operation, description, { path, method });
  const button = form.appendChild(element("button", "", "发送"));
  button.type = "submit";
  const result = element("div", "result");
  result.setAttribute("role", "status");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    try {
      result.replaceChildren(...(await sent(method, addressOf(path, fields), body)));
    } catch (error) {
      result.replaceChildren(element("p", "", `没有送到：${error.message}`));
    } finally {
      button.disabled = false;
    }
  });
  form.append(result);
  return form;
}

function field(form, parameter, { path, method }) {
  const input = element("input");
  input.id = `${method} ${path} ${parameter.name}`;
  input.required = Boolean(parameter.required);
  const many = [parameter.schema, ...(parameter.schema.anyOf ?? [])].some(({ type }) => type === "array");
  label(form, parameter.name + (many ? "（几个以空格分开）" : ""), input);
  return { parameter, input, many };
}

function bodyField(form, operation, description, { path, method }) {
  const content = operation.requestBody?.content;
  if (!content) return null;
  const id = `${method} ${path} body`;
  if (content["multipart/form-data"]) {
    const input = element("input");
    Object.assign(input, { id, type: "file", multiple: true, required: true });
    label(form, "文件", input);
    return () => {
      const made = new FormData();
      for (const file of input.files) made.append("files", file, file.name);
      return { body: made };
    };
  }
  const [type, { schema }] = Object.entries(content)[0];
  const input = element("textarea");
  Object.assign(input, { id, spellcheck: false, value: json(exampleOf(schema, description) ?? {}) });
  label(form, `请求体（${type}）`, input);
  return () => ({ body: input.value, headers: { "Content-Type": type } });
}

function label(form, text, input) {
  const made = element("label", "", text);
  made.htmlFor = input.id;
  form.append(made, input);
}

/** Return the address with what the fields say; a part of a path is always escaped. */
function addressOf(path, fields) {
  const query = new URLSearchParams();
  let address = path.slice(1); // relative, so that it also works below another path
  for (const { parameter, input, many } of fields) {
    const values = (many ? input.value.split(/\s+/) : [input.value]).filter(Boolean);
    if (parameter.in === "path") address = address.replace(`{${parameter.name}}`, encodeURIComponent(input.value));
    else if (parameter.in === "query") for (const value of values) query.append(parameter.name, value);
  }
  return query.size ? `${address}?${query}` : address;
}

async function sent(method, address, body) {
  const key = document.getElementById("key").value.trim();
  const { body: content, headers = {} } = body?.() ?? {};
  if (key) headers.Authorization = `Bearer ${key}`;
  const started = performance.now();
  const response = await fetch(address, { method, body: content, headers });
  const text = await response.text();
  const took = Math.round(performance.now() - started);
  const shown = pretty(text, response.headers.get("Content-Type") ?? "");
  return [
    element("p", "", `${method} ${address} → ${response.status}，${took} 毫秒`),
    sample(shown.length > SHOWN ? `${shown.slice(0, SHOWN)}\n……` : shown),
  ];
}

function pretty(text, type) {
  if (!type.includes("json")) return text;
  try {
    return json(JSON.parse(text));
  } catch {
    return text;
  }
}
