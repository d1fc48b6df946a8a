// Stock-taking: numbers are taken one after another without leaving the page and kept on the device until the library
// has them, so that a shelf without network loses no scan. Sending a number twice changes nothing there. The page itself
// opens without network too: the service worker shows one that names nobody, which finds here what round it is.
import { openCamera } from "./camera.js";

const ROUNDS = "lienthu-kiem-ke";
const MOST_ROUNDS = 20;
const shell = document.querySelector("[data-stock-shell]");
const root = document.querySelector("[data-stock]");
if (shell) openShell();
else if (root) {
  remember(root);
  start(root);
} else if (document.querySelector("[data-stock-over]")) forget();

// --- rounds that this device opened while they were counted ----------------------------------------------------------

function rounds() {
  try {
    const kept = JSON.parse(localStorage.getItem(ROUNDS) || "{}");
    return kept && typeof kept === "object" ? kept : {};
  } catch {
    return {};
  }
}

function keepRounds(found) {
  const newest = Object.entries(found).sort((one, other) => other[1].at - one[1].at).slice(0, MOST_ROUNDS);
  try {
    localStorage.setItem(ROUNDS, JSON.stringify(Object.fromEntries(newest)));
  } catch {
    // a full or forbidden storage: the page opens only with network
  }
}

// The address of the round, also where a form has left its step (/quet) in the bar.
function address() {
  return location.pathname.replace(/[^/]*$/, "");
}

function remember(root) {
  const { branch, place } = root.querySelector("[data-stock-form]").elements;
  const points = branch ? [...branch.options].map((one) => [one.value, one.textContent]) : [];
  const { stock: key, name } = root.dataset;
  keepRounds({ ...rounds(), [address()]: { key, name, points, point: branch?.value || "", place: place.value, at: Date.now() } });
  if ("serviceWorker" in navigator && window.isSecureContext) {
    navigator.serviceWorker.register(root.dataset.worker).catch(() => {});
  }
}

function forget() {
  const found = rounds();
  delete found[address()];
  keepRounds(found);
}

// The page without network: the round of this address, or those that can be opened here.
function openShell() {
  const found = rounds();
  const known = found[address()];
  if (known) {
    shell.querySelector("[data-stock-name]").textContent = known.name;
    document.title = `${known.name} · Liên Thư`;
    root.dataset.stock = known.key;
    const { branch, place } = root.querySelector("[data-stock-form]").elements;
    place.value = known.place || "";
    for (const [value, label] of known.points || []) branch.append(new Option(label, value, false, value === known.point));
    root.querySelector("[data-stock-points]").hidden = !known.points?.length;
    root.hidden = false;
    start(root);
  } else {
    shell.querySelector("[data-stock-unknown]").hidden = false;
    for (const [href, one] of Object.entries(found)) {
      const item = document.createElement("li");
      item.append(Object.assign(document.createElement("a"), { href, textContent: one.name }));
      shell.querySelector("[data-stock-rounds]").append(item);
    }
  }
  // any answer of the server is network: its own page then says what is to be said
  const back = () => fetch(address(), { cache: "no-store", redirect: "manual" }).then(() => location.replace(address()), () => {});
  window.addEventListener("online", back);
  setInterval(back, 15000);
}

function start(root) {
  const shelf = `lienthu-kiem-ke-${root.dataset.stock}`;
  const form = root.querySelector("[data-stock-form]");
  const box = form.elements.numbers;
  const state = root.querySelector("[data-stock-state]");
  const heard = root.querySelector("[data-stock-heard]");
  // What the library refuses for the number itself, not for the round or the person.
  const UNUSABLE = ["FORM", "NUMBER_TOO_LONG", "TOO_MANY_NUMBERS"];
  let atOnce = 200;
  let waiting = read();
  let sending = false;

  function read() {
    try {
      const kept = JSON.parse(localStorage.getItem(shelf) || "[]");
      return Array.isArray(kept) ? kept.filter((one) => typeof one?.number === "string") : [];
    } catch {
      return [];
    }
  }

  function keep() {
    try {
      localStorage.setItem(shelf, JSON.stringify(waiting));
    } catch {
      // a full or forbidden storage: the numbers live as long as the page
    }
    state.textContent = waiting.length ? `${root.dataset.waiting}: ${waiting.length}` : "";
  }

  function say(row) {
    const item = document.createElement("li");
    const badge = Object.assign(document.createElement("span"), { className: `badge badge-${row.badge}`, textContent: row.group });
    const number = Object.assign(document.createElement("span"), { className: "code", textContent: row.number });
    const more = Object.assign(document.createElement("span"), { className: "muted", textContent: `${row.outcome || ""} ${row.advice || ""}` });
    item.append(badge, " ", number, ` ${row.title || ""} `, more);
    heard.prepend(item);
    while (heard.children.length > 50) heard.lastElementChild.remove();
  }

  async function send() {
    // the page without network has nobody's leave to send: the page of the round does it
    if (shell || sending || !waiting.length) return;
    sending = true;
    try {
      while (waiting.length) {
        // one place for each message: numbers of another shelf follow
        const here = (one) => `${one.branch || ""} ${one.place || ""}`;
        const some = waiting.slice(0, atOnce).filter((one, _place, all) => here(one) === here(all[0]));
        const body = new FormData();
        body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
        body.set("numbers", some.map((one) => `${one.number}\t${one.at}`).join("\n"));
        body.set("place", some[0].place || "");
        body.set("branch", some[0].branch || "");
        const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Stock": "1" } });
        if (answer.redirected || !(answer.headers.get("content-type") || "").includes("json")) break;
        const told = await answer.json();
        if (answer.status !== 200) {
          state.textContent = told.problem;
          if (!UNUSABLE.includes(told.code)) break;
          // One unusable number must not hold up the others: they are sent one by one, and it is put aside.
          if (some.length > 1) atOnce = 1;
          else {
            say({ number: some[0].number, badge: "refused", group: told.problem });
            waiting = waiting.slice(1);
            keep();
          }
          continue;
        }
        told.new.forEach(say);
        told.again.forEach((number) => say({ number, badge: "neutral", group: root.dataset.again }));
        const sent = new Set(some.map((one) => one.number));
        waiting = waiting.filter((one) => !sent.has(one.number));
        keep();
      }
    } catch {
      keep();
    } finally {
      sending = false;
    }
  }

  function take(text) {
    const at = new Date().toISOString();
    for (const number of text.split(/[\n,;]/).map((one) => one.trim()).filter(Boolean)) {
      if (!waiting.some((one) => one.number === number)) waiting.push({ number, at, place: form.elements.place.value, branch: form.elements.branch?.value || "" });
    }
    box.value = "";
    keep();
    send();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    take(box.value);
    box.focus();
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    take(box.value);
  });
  window.addEventListener("online", send);
  setInterval(send, 15000);
  openCamera(root, root.dataset, { formats: ["code_128", "code_39", "ean_13", "qr_code"], wanted: /^\S.{0,79}$/ }, take);
  keep();
  send();
}
