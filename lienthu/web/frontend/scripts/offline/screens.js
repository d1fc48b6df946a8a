// What stands on the page: lines, reader, answers, cards of what needs a person. Only shows; decides nothing.
import { badge, make, notice, say, vnDay, vnMoment, vnNumber } from "./words.js";

const $ = (selector) => document.querySelector(selector);
const MOST_LINES = 60;
const TONES = { NOTED: "gold", REFUSED: "lacquer", ASKS: "lacquer" };

export function showScreen(name) {
  for (const screen of document.querySelectorAll("[data-screen]")) screen.hidden = screen.dataset.screen !== name;
}

export function showShut(words) {
  $("[data-shut-text]").textContent = words;
  showScreen("shut");
}

export function showLine(kind, text) {
  const tones = { online: "leaf", offline: "gold", sending: "indigo" };
  $("[data-line]").replaceChildren(badge(tones[kind], text));
}

export function showPlace(device) {
  $("[data-place]").textContent = device ? `${device.place || device.library} · ${device.title}` : "";
}

export function showMode(mode) {
  $("[data-mode-badge]").replaceChildren(badge(mode === "LEND" ? "leaf" : "indigo", say(`mode${mode}`)));
}

export function placeholder(text) {
  $("#o-quet").placeholder = text;
}

export function showNotices(list) {
  $("[data-notices]").replaceChildren(...list);
}

export const answer = (...parts) => $("[data-answer]").replaceChildren(...parts);

export function refusal(title, problems, ...more) {
  answer(notice("refusal", title, ...problems.map(([name, values]) => say(name, { ...values, day: vnDay(values.day) })), ...more));
}

export function addLine({ title, number, due, noted, text }) {
  const table = $("[data-lines]");
  const heads = [...table.querySelectorAll("thead th")].map((one) => one.textContent);
  const row = make(
    "tr",
    {},
    make("th", { scope: "row", text: title }, ...text.map((one) => make("small", { className: "counter-note", text: one }))),
    make("td", { className: "code", text: number, "data-label": heads[1] }),
    make("td", { className: "number-cell", text: due || "–", "data-label": heads[2] }),
    make("td", { "data-label": heads[3] }, badge(noted ? "gold" : "lacquer", say(noted ? "noted" : "refused"))),
  );
  table.tBodies[0].prepend(row);
  while (table.tBodies[0].rows.length > MOST_LINES) table.tBodies[0].lastElementChild.remove();
  table.hidden = false;
  $("[data-no-lines]").hidden = true;
}

export function showReader(reader, card, categories, limit) {
  const side = $("[data-reader]");
  side.hidden = !card;
  if (!card) return;
  $("[data-reader-name]").textContent = reader?.name || say("unknownReader");
  const facts = [["card", reader?.card || card]];
  const labels = JSON.parse(side.dataset.labels || "{}");
  if (reader) {
    facts.push(["group", categories[reader.category] || reader.category]);
    if (reader.expires) facts.push(["expires", say("until", { day: vnDay(reader.expires) })]);
    facts.push(["loans", say("of", { have: vnNumber(reader.loans), most: vnNumber(limit) })]);
  }
  $("[data-reader-facts]").replaceChildren(
    ...facts.flatMap(([name, value]) => [make("dt", { text: labels[name] || name }), make("dd", { text: value })]),
  );
}

export function showCopy(device, book) {
  const words = device.copyAt
    ? say("copyOf", { at: vnMoment(device.copyAt), cards: vnNumber(book.cards.size), copies: vnNumber(book.copies.size) })
    : say("noCopy");
  $("[data-copy-state]").textContent = words;
}

export function showLog(waiting) {
  $("[data-log-state]").textContent = say("waiting", { count: vnNumber(waiting) });
}

// Cards of what a person should read, newest first.
export function showCards(outcomes) {
  const wanted = outcomes.filter((one) => TONES[one.state]).reverse().slice(0, 100);
  $("[data-cards]").hidden = !wanted.length;
  $("[data-card-list]").replaceChildren(
    ...wanted.map((one) =>
      make(
        "li",
        {},
        make("p", {}, badge(TONES[one.state], one.label), " ", make("strong", { text: one.title || one.copy }), " ", make("span", { className: "code", text: one.title ? one.copy : "" })),
        ...one.notices.map((said) => make("p", { text: `${said.text} ${said.then}`.trim() })),
      ),
    ),
  );
}
