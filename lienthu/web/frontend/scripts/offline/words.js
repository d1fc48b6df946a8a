// Sentences of the page and small pieces of it; every text goes in as text, never as markup.
const texts = JSON.parse(document.getElementById("loi")?.textContent || "{}");

export function say(name, values = {}) {
  return (texts[name] || name).replace(/\{(\w+)\}/g, (_all, key) => String(values[key] ?? ""));
}

export const vnDay = (day) => (day ? day.split("-").reverse().join("/") : "–");
export const vnMoment = (at) => new Date(at).toLocaleString("vi-VN", { hour: "2-digit", minute: "2-digit", day: "2-digit", month: "2-digit", year: "numeric", timeZone: "Asia/Ho_Chi_Minh" });
export const vnNumber = (number) => number.toLocaleString("vi-VN");

export function make(tag, { text = "", className = "", ...rest } = {}, ...children) {
  const element = document.createElement(tag);
  if (text) element.textContent = text;
  if (className) element.className = className;
  for (const [name, value] of Object.entries(rest)) element.setAttribute(name, value);
  element.append(...children.filter(Boolean));
  return element;
}

export const badge = (tone, text) => make("span", { className: `badge badge-${tone}`, text });

export function notice(kind, title, ...lines) {
  const body = make("div", { className: "notice-body" }, make("p", { className: "notice-title", text: title }));
  for (const line of lines) body.append(typeof line === "string" ? make("p", { text: line }) : line);
  return make("div", { className: `notice notice-${kind}` }, body);
}
