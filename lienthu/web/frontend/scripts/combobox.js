// Suggestions while typing, by the WAI-ARIA pattern "editable combobox with list autocomplete".
import { fresh } from "./dom.js";

const PAUSE = 150;

export function enhanceCombobox(root) {
  for (const input of fresh(root, "input[data-suggest]", "combobox")) new Combobox(input);
}

class Combobox {
  constructor(input) {
    this.input = input;
    this.form = input.form;
    this.sheet = this.form.querySelector(".suggestions");
    const [none, some] = this.sheet.dataset.words.split("|");
    this.words = { none, some };
    this.chosen = -1;
    this.typed = input.value;
    this.list = document.createElement("ul");
    this.list.id = `${input.id}-goi-y`;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", this.form.querySelector("label").textContent);
    this.sheet.append(this.list);
    this.status = document.createElement("div");
    this.status.className = "visually-hidden";
    this.status.setAttribute("role", "status");
    this.form.append(this.status);
    for (const [name, value] of [["role", "combobox"], ["aria-expanded", "false"], ["aria-controls", this.list.id], ["aria-autocomplete", "list"]]) {
      input.setAttribute(name, value);
    }
    input.addEventListener("input", () => this.typing());
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => this.close());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.take(event.target.closest("li")));
  }

  typing() {
    this.typed = this.input.value;
    clearTimeout(this.waiting);
    this.request?.abort();
    if (!this.typed.trim()) return this.close();
    this.waiting = setTimeout(() => this.ask(), PAUSE);
  }

  async ask() {
    this.request = new AbortController();
    const address = new URL(this.input.dataset.suggest, location.href);
    address.searchParams.set("q", this.typed.slice(0, 200));
    try {
      const answer = await fetch(address, { signal: this.request.signal, headers: { Accept: "application/json" } });
      if (answer.ok) this.show((await answer.json()).items);
    } catch {
      this.close();
    }
  }

  show(items) {
    this.chosen = -1;
    this.input.removeAttribute("aria-activedescendant");
    this.list.replaceChildren(...items.map((item, place) => this.option(item, place)));
    this.open(items.length > 0);
    this.status.textContent = items.length ? this.words.some.replace("{n}", items.length) : this.words.none;
  }

  option(item, place) {
    const line = document.createElement("li");
    line.id = `${this.list.id}-${place}`;
    line.setAttribute("role", "option");
    line.setAttribute("aria-selected", "false");
    line.dataset.text = item.text;
    line.dataset.url = item.url ?? "";
    const text = document.createElement("span");
    text.textContent = item.text;
    line.append(text);
    if (item.note) {
      const note = document.createElement("small");
      note.textContent = item.note;
      line.append(note);
    }
    return line;
  }

  get isOpen() {
    return !this.sheet.hidden;
  }

  open(yes) {
    this.sheet.hidden = !yes;
    this.input.setAttribute("aria-expanded", String(yes));
  }

  close() {
    clearTimeout(this.waiting);
    this.open(false);
    this.chosen = -1;
    this.input.removeAttribute("aria-activedescendant");
  }

  key(event) {
    if (event.isComposing) return;
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in moves) {
      event.preventDefault();
      if (this.isOpen) this.move(moves[event.key]);
      else if (this.typed.trim()) this.ask();
    } else if (event.key === "Escape" && this.isOpen) {
      event.preventDefault();
      event.stopPropagation();
      this.input.value = this.typed;
      this.close();
    } else if (event.key === "Enter" && this.isOpen && this.chosen >= 0) {
      event.preventDefault();
      this.take(this.list.children[this.chosen]);
    }
  }

  move(by) {
    const lines = [...this.list.children];
    // One place more than there are lines: the text as it was typed.
    this.chosen = ((this.chosen + 1 + by + lines.length + 1) % (lines.length + 1)) - 1;
    lines.forEach((line, place) => line.setAttribute("aria-selected", String(place === this.chosen)));
    const line = lines[this.chosen];
    this.input.value = line ? line.dataset.text : this.typed;
    if (line) {
      this.input.setAttribute("aria-activedescendant", line.id);
      line.scrollIntoView({ block: "nearest" });
    } else this.input.removeAttribute("aria-activedescendant");
  }

  take(line) {
    if (!line) return;
    this.input.value = line.dataset.text;
    this.close();
    if (line.dataset.url) location.assign(line.dataset.url);
    else this.form.requestSubmit();
  }
}
