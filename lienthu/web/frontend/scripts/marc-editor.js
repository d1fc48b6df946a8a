// The cataloguing desk: keys, checks while typing, keeping what is not saved yet. Without this file its buttons do the same.
import { keepDrafts } from "./marc-keeping.js";
import { enhanceBoxes } from "./marc-boxes.js";

const editor = document.querySelector("[data-marc-editor]");
if (editor) startEditor(editor);
const plain = document.querySelector("[data-plain-form]");
if (plain) startPlain(plain);

function startEditor(form) {
  const list = form.querySelector("[data-rows]");
  const blank = document.querySelector("[data-row-template]");
  const help = document.querySelector("[data-help-panel]");
  const undo = form.querySelector("[data-undo]");
  let removed = null;

  const rows = () => [...list.querySelectorAll("[data-row]")];
  const part = (row, name) => row.querySelector(`[name=${name}]`);
  const keeping = keepDrafts(form, { sheet, show });
  enhanceBoxes(form, () => form.elements.leader.value, keeping.changed);

  function sheet() {
    return {
      leader: form.elements.leader.value,
      rows: rows().map((row) => [part(row, "tag").value, part(row, "ind").value, part(row, "text").value]),
    };
  }

  function show(answer) {
    rows().forEach((row, place) => {
      row.id = `truong-${place}`;
      const said = answer.rows[place] || [];
      row.classList.toggle("is-faulty", answer.faulty.includes(place));
      row.querySelector("[data-said]").replaceChildren(...said.map((text) => Object.assign(document.createElement("span"), { textContent: text })));
      row.querySelector("[data-name]").textContent = answer.names[part(row, "tag").value] || "";
    });
  }

  function grow(area) {
    area.style.removeProperty("height");
    if (area.scrollHeight > area.clientHeight + 2) area.style.height = `${area.scrollHeight + 2}px`;
  }

  function add(after, values = ["", "##", ""]) {
    const row = blank.content.firstElementChild.cloneNode(true);
    ["tag", "ind", "text"].forEach((name, place) => (part(row, name).value = values[place]));
    row.querySelectorAll("[id]").forEach((element) => element.removeAttribute("id"));
    part(row, "text").removeAttribute("aria-describedby");
    if (after) after.after(row);
    else list.append(row);
    part(row, "tag").focus();
    keeping.changed();
    return row;
  }

  function move(row, step) {
    const other = step < 0 ? row.previousElementSibling : row.nextElementSibling;
    if (!other) return;
    const focused = document.activeElement;
    if (step < 0) other.before(row);
    else other.after(row);
    focused?.focus();
    keeping.changed();
  }

  function remove(row) {
    const next = row.nextElementSibling || row.previousElementSibling;
    removed = { row, before: row.nextElementSibling };
    undo.querySelector("[data-undo-text]").textContent = `${part(row, "tag").value} ${part(row, "text").value.slice(0, 40)}`;
    undo.hidden = false;
    row.remove();
    if (next) part(next, "text").focus();
    keeping.changed();
  }

  function bringBack() {
    if (!removed) return;
    list.insertBefore(removed.row, removed.before?.isConnected ? removed.before : null);
    part(removed.row, "text").focus();
    removed = null;
    undo.hidden = true;
    keeping.changed();
  }

  async function explain(row) {
    const tag = part(row, "tag").value;
    if (!/^\d{3}$/.test(tag)) return;
    const answer = await fetch(form.dataset.fieldUrl.replace("000", tag) + "?phan=1");
    if (!answer.ok) return;
    help.innerHTML = await answer.text();
    help.hidden = false;
    help.row = row;
    help.classList.add("panel");
    help.scrollIntoView({ block: "nearest" });
  }

  function insertCode(row, code) {
    const area = part(row, "text");
    const at = area.selectionEnd ?? area.value.length;
    const before = area.value.slice(0, at).replace(/\s*$/, "");
    const text = `${before}${before ? " " : ""}$${code} `;
    area.value = text + area.value.slice(at).replace(/^\s+/, " ");
    area.focus();
    area.setSelectionRange(text.length, text.length);
    keeping.changed();
  }

  form.addEventListener("keydown", (event) => {
    const row = event.target.closest("[data-row]");
    const key = event.key;
    if (event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && key.toLowerCase() === "s") {
      event.preventDefault();
      form.querySelector("[name=what][value=save]").click();
    } else if (event.altKey && key.toLowerCase() === "z") {
      event.preventDefault();
      bringBack();
    } else if (row && key === "Enter" && event.target.matches("input, textarea")) {
      event.preventDefault();
      add(row);
    } else if (row && event.altKey && (key === "ArrowUp" || key === "ArrowDown")) {
      event.preventDefault();
      move(row, key === "ArrowUp" ? -1 : 1);
    } else if (row && event.ctrlKey && key.toLowerCase() === "d") {
      event.preventDefault();
      if (!part(row, "tag").readOnly) remove(row);
    } else if (row && key === "F1") {
      event.preventDefault();
      explain(row);
    } else if (row && event.target.name === "text" && (key === "ArrowUp" || key === "ArrowDown") && !event.shiftKey) {
      const area = event.target;
      const edge = key === "ArrowUp" ? area.selectionStart === 0 : area.selectionEnd === area.value.length;
      const other = key === "ArrowUp" ? row.previousElementSibling : row.nextElementSibling;
      if (edge && other) {
        event.preventDefault();
        part(other, "text").focus();
      }
    }
  });

  form.addEventListener("input", (event) => {
    const row = event.target.closest("[data-row]");
    if (event.target.name === "text") grow(event.target);
    if (row && event.target.name === "tag") {
      const control = /^00/.test(event.target.value);
      part(row, "ind").readOnly = control;
      if (control) part(row, "ind").value = "";
      else if (!part(row, "ind").value) part(row, "ind").value = "##";
      if (/^\d{3}$/.test(event.target.value) && !row.querySelector("[data-boxes]")) (control ? part(row, "text") : part(row, "ind")).select();
    }
    if (row && event.target.name === "ind" && event.target.value.length === 2 && event.target.selectionEnd === 2) {
      const text = part(row, "text");
      if (!text.value) text.value = "$a ";
      text.focus();
      text.setSelectionRange(text.value.length, text.value.length);
    }
  });

  form.addEventListener("click", (event) => {
    const button = event.target.closest("button, a");
    const row = button?.closest("[data-row]");
    if (!button) return;
    if (row && button.matches("[data-help]")) {
      event.preventDefault();
      explain(row);
    } else if (button.matches("[data-undo-button]")) {
      bringBack();
    } else if (button.matches("[data-add]")) {
      event.preventDefault();
      add(list.lastElementChild);
    } else if (row && button.name === "what") {
      const [what] = button.value.split(":");
      if (what === "original") {
        // The server makes the pair; it wants the place that the row has now.
        button.value = `original:${rows().indexOf(row)}`;
        return;
      }
      event.preventDefault();
      if (what === "add") add(row);
      if (what === "drop") remove(row);
      if (what === "up") move(row, -1);
      if (what === "down") move(row, 1);
    }
  });

  help.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    const row = help.row;
    if (!button || !row?.isConnected) return;
    if (button.dataset.code) insertCode(row, button.dataset.code);
    if (button.dataset.ind) {
      const sign = part(row, "ind");
      const both = [...sign.value.padEnd(2, "#")];
      both[button.dataset.ind - 1] = button.dataset.value;
      sign.value = both.join("");
      keeping.changed();
    }
  });

  // A form of Django takes two thousand inputs at most; a longer record travels as one text.
  form.addEventListener("submit", () => {
    if (rows().length < 500) return;
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "sheet", value: JSON.stringify(sheet()) }));
    rows().forEach((row) => ["tag", "ind", "text"].forEach((name) => part(row, name).removeAttribute("name")));
  });

  const suggest = document.querySelector("[data-suggest-button]");
  const suggestions = document.querySelector("[data-suggestions]");
  suggest.hidden = false;
  suggest.addEventListener("click", async () => {
    const answer = await fetch(form.dataset.suggestUrl, { method: "POST", body: keeping.body() });
    if (answer.ok) suggestions.innerHTML = await answer.text();
  });
  suggestions.addEventListener("click", (event) => {
    const button = event.target.closest("[data-suggest-tag]");
    if (!button) return;
    const { suggestTag: tag, suggestCode: code, value } = button.dataset;
    const row = rows().find((one) => part(one, "tag").value === tag) || add(rows().filter((one) => part(one, "tag").value < tag).pop(), [tag, "04", ""]);
    const area = part(row, "text");
    // Only an empty subfield is filled; what a person wrote stays and the suggestion comes behind it.
    const empty = new RegExp(`\\$${code}\\s*(?=\\$|$)`);
    area.value = empty.test(area.value) ? area.value.replace(empty, () => `$${code} ${value} `).trimEnd() : `${area.value.trimEnd()} $${code} ${value}`.trim();
    area.focus();
    keeping.changed();
  });

  rows().forEach((row) => grow(part(row, "text")));
}

function startPlain(form) {
  const keeping = keepDrafts(form, { sheet: null, show: () => {} });
  form.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      form.querySelector("[name=what][value=save]").click();
    }
  });
  document.querySelector(".marc-side").addEventListener("click", (event) => {
    const button = event.target.closest("[data-suggest-tag]");
    if (!button) return;
    const field = form.elements[button.dataset.suggestCode === "a" ? "class_number" : "author_mark"];
    if (!field.value) field.value = button.dataset.value;
    field.focus();
    keeping.changed();
  });
}
