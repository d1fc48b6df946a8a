// Listing by scanning: an ISBN is looked up, one touch adds a copy; what the line cannot carry now waits in this browser.
import { openCamera } from "./camera.js";

const root = document.querySelector("[data-scan]");
if (root) start(root);

function start(root) {
  const form = root.querySelector("[data-scan-form]");
  const answer = root.querySelector("[data-answer]");
  const list = root.querySelector("[data-list]");
  const words = root.querySelector("[data-words]").dataset;
  const token = root.querySelector("[data-token] [name=csrfmiddlewaretoken]").value;
  const shelf = `lienthu-quet-${root.dataset.library}`;
  let entries = read();
  let sending = false;

  function read() {
    try {
      return JSON.parse(localStorage.getItem(shelf)) || [];
    } catch {
      return [];
    }
  }

  function write() {
    entries = entries.slice(-200);
    try {
      localStorage.setItem(shelf, JSON.stringify(entries));
    } catch {
      // a full or forbidden storage: the list lives as long as the page
    }
    draw();
  }

  const make = (tag, values = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), values);
    element.append(...children);
    return element;
  };
  const button = (text, kind, run) => make("button", { type: "button", className: `btn btn-${kind} btn-small`, onclick: run }, make("span", { textContent: text }));

  function draw() {
    root.querySelector("[data-empty]").hidden = entries.length > 0;
    const added = entries.filter((one) => one.state === "done").length;
    root.querySelector("[data-count]").textContent = entries.length ? `${added}/${entries.length}` : "";
    list.replaceChildren(...[...entries].reverse().map(line));
  }

  function line(entry) {
    const title = entry.url && entry.state === "done" ? make("a", { href: entry.url, textContent: entry.title || entry.isbn }) : make("strong", { textContent: entry.title || entry.isbn });
    const state = { done: `${words.done} ${entry.number || ""}`, add: words.waiting, look: words.waiting, missing: words.missing, choose: words.choose, refused: `${words.refused}: ${entry.problem || ""}` }[entry.state];
    const text = make("div", {}, title, make("p", { className: "muted" }, make("span", { className: "code", textContent: entry.isbn }), ` · ${state}`));
    const tools = make("p", { className: "cluster" });
    if (entry.state === "missing") tools.append(make("a", { className: "btn btn-secondary btn-small", href: entry.newUrl, textContent: words.fill }));
    if (entry.state === "choose" || entry.state === "refused") tools.append(button(words.addCopy, "secondary", () => look(entry)));
    if (entry.state !== "done") tools.append(button(words.remove, "quiet", () => drop(entry)));
    const item = make("li", { className: `is-${entry.state}` }, text, tools);
    return item;
  }

  function drop(entry) {
    entries = entries.filter((one) => one !== entry);
    write();
  }

  function say(...children) {
    answer.replaceChildren(...children);
  }

  function setNumbers(numbers) {
    for (const option of form.elements.series?.options || []) {
      const next = numbers?.[option.value];
      if (!next) continue;
      option.dataset.next = next;
      option.textContent = [option.dataset.name, next].filter(Boolean).join(": ");
    }
  }

  const asking = new Set();

  async function look(entry) {
    if (asking.has(entry)) return;
    asking.add(entry);
    await ask(entry);
    asking.delete(entry);
  }

  async function ask(entry) {
    say(make("p", { className: "muted", textContent: words.looking }));
    let found;
    try {
      const query = new URLSearchParams({ isbn: entry.isbn, library: root.dataset.library });
      const response = await fetch(`${root.dataset.lookUp}?${query}`);
      if (!response.ok) throw new Error(String(response.status));
      found = await response.json();
    } catch {
      entry.state = "look";
      write();
      say(make("p", { className: "notice notice-warning", textContent: words.offline }));
      return;
    }
    setNumbers(found.numbers);
    entry.newUrl = found.new_url;
    if (!found.found.length) {
      entry.state = "missing";
      entry.problem = found.valid ? "" : words.invalid;
      write();
      say(missing(entry, found));
      return;
    }
    entry.state = "choose";
    entry.title = found.found[0].title;
    write();
    say(...found.found.map((one) => hit(entry, one)));
    answer.querySelector("button")?.focus();
  }

  function missing(entry, found) {
    const panel = make("div", { className: "panel scan-hit" }, make("h2", { textContent: words.missing }));
    if (!found.valid) panel.append(make("p", { textContent: words.invalid }));
    panel.append(make("p", { className: "cluster" }, make("a", { className: "btn btn-primary", href: found.new_url, textContent: words.fill }), button(words.later, "quiet", () => ready())));
    return panel;
  }

  function hit(entry, one) {
    const number = make("input", { className: "form-control code fit", value: nextNumber(), maxLength: 80 });
    number.setAttribute("aria-label", words.number);
    const add = button(words.addCopy, "primary", () => {
      Object.assign(entry, { state: "add", title: one.title, cluster: one.cluster, wanted: number.value === number.defaultValue ? "" : number.value, shelf: form.elements.shelf.value, branch: form.elements.branch.value, series: form.elements.series?.value || "" });
      write();
      send();
      ready();
    });
    add.classList.remove("btn-small");
    const panel = make("div", { className: "panel scan-hit" }, make("h2", { textContent: one.title }), make("p", { className: "muted", textContent: [one.author, one.imprint].filter(Boolean).join(" · ") }));
    if (one.own_copies) panel.append(make("p", { textContent: `${words.own} ${one.own_copies}` }));
    panel.append(make("p", { className: "cluster" }, add, make("label", {}, `${words.number} `, number)));
    number.defaultValue = number.value;
    return panel;
  }

  function nextNumber() {
    return form.elements.series?.selectedOptions[0]?.dataset.next || "";
  }

  function ready() {
    say();
    form.elements.isbn.value = "";
    form.elements.isbn.focus();
  }

  async function send() {
    if (sending) return;
    sending = true;
    // asked anew each time: a copy confirmed while another is on its way is sent too
    for (let entry; (entry = entries.find((one) => one.state === "add")); write()) {
      const data = new FormData();
      for (const [name, value] of Object.entries({ library: root.dataset.library, cluster: entry.cluster, key: entry.key, accession_number: entry.wanted || "", shelf: entry.shelf || "", branch: entry.branch || "", series: entry.series || "" })) data.set(name, value);
      try {
        const response = await fetch(root.dataset.add, { method: "POST", body: data, headers: { Accept: "application/json", "X-CSRFToken": token } });
        if (!response.headers.get("Content-Type")?.includes("json")) throw new Error(String(response.status));
        const result = await response.json();
        Object.assign(entry, result.ok ? { state: "done", number: result.number, url: result.url } : { state: "refused", problem: result.problem });
        setNumbers(result.numbers);
      } catch {
        break; // no line: it waits here
      }
    }
    sending = false;
    for (const entry of entries.filter((one) => one.state === "look").slice(0, 1)) if (navigator.onLine) await look(entry);
  }

  function take(text) {
    const isbn = text.trim();
    if (!isbn) return;
    const entry = { isbn, key: crypto.randomUUID?.() || `${Date.now()}-${Math.random().toString(36).slice(2)}`, state: "look" };
    entries.push(entry);
    write();
    look(entry);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    take(form.elements.isbn.value);
    form.elements.isbn.value = "";
  });
  window.addEventListener("online", send);
  const camera = { formats: ["ean_13"], wanted: /^97[89]\d{10}$/ };
  openCamera(root, words, camera, (text) => {
    if (!entries.some((one) => one.isbn === text && one.state === "choose")) take(text);
  });
  // What the form filled in meanwhile is done.
  async function lookAgain() {
    for (const entry of entries.filter((one) => one.state === "missing").slice(-20)) {
      const query = new URLSearchParams({ isbn: entry.isbn, library: root.dataset.library });
      const response = await fetch(`${root.dataset.lookUp}?${query}`).catch(() => null);
      const found = response?.ok ? (await response.json()).found.find((one) => one.own_copies) : null;
      if (found) {
        Object.assign(entry, { state: "done", title: found.title, url: found.url });
        write();
      }
    }
  }

  draw();
  send().then(lookAgain);
}
