// The circulation desk without network. Everything that happens is noted on this machine first, and sent when it can be.
import { norm, read } from "./offline/book.js";
import { note, rowsAfter, clocks, unsent } from "./offline/journal.js";
import * as rules from "./offline/rules.js";
import * as screens from "./offline/screens.js";
import { bytes, dataKey, open, sealFile, signingKey, unwrapWithPin } from "./offline/sealing.js";
import * as store from "./offline/store.js";
import * as sync from "./offline/syncing.js";
import { make, notice, say, vnDay } from "./offline/words.js";

const root = document.querySelector("[data-offline]");
const box = document.querySelector("[data-scan]").elements.box;
const paths = { ...root.dataset };
const EVERY = 20_000;
const COPY_EVERY = 600_000;
const TRIES = 5;

let session = null;
let mode = "LEND";
let card = "";
let busy = Promise.resolve();
let syncing = null;
const standing = new Map(); // notices that stay, by name

function tell(name, element) {
  if (element) standing.set(name, element);
  else standing.delete(name);
  screens.showNotices([...standing.values()]);
}

// --- opening ---------------------------------------------------------------------------------------------------------

async function start() {
  if (!globalThis.crypto?.subtle) return tell("secure", notice("refusal", say("notSecure")));
  let device;
  try {
    device = await store.get("meta", "device");
  } catch {
    return tell("storage", notice("refusal", say("noStorage")));
  }
  screens.showPlace(device);
  if (!device) return screens.showScreen("none");
  if (!(await store.keptFirmly())) tell("persist", notice("info", say("notPersisted")));
  if (!device.pin) return screens.showShut(say("locked"));
  screens.showScreen("locked");
  document.querySelector("#o-pin").focus();
}

async function unlock(pin) {
  const device = await store.get("meta", "device");
  if (!device?.pin) return start();
  // counted before it is tried, so that pulling the plug wins nothing
  device.tries = (device.tries || 0) + 1;
  await store.put("meta", device);
  const raw = await unwrapWithPin(device.pin, pin);
  if (!raw) {
    if (device.tries >= TRIES) {
      await store.put("meta", { ...device, pin: null });
      tell("pin", null);
      return screens.showShut(say("locked"));
    }
    return tell("pin", notice("refusal", say("wrongPin", { left: TRIES - device.tries })));
  }
  tell("pin", null);
  device.tries = 0;
  const key = await dataKey(raw);
  const signing = await signingKey(bytes(await open(key, "signing", device.signing)));
  session = { device, key, signing, paths, book: null };
  await store.put("meta", device);
  session.book = await read(session);
  await expireCopy();
  screens.showScreen("desk");
  setMode("LEND");
  await refreshFacts();
  run();
  return null;
}

function lock() {
  location.reload();
}

async function expireCopy() {
  const { device } = session;
  if (!device.copyAt || sync.serverNow(device) < device.expires) return;
  await sync.eraseCopy(session);
  session.book = await read(session);
  tell("copy", notice("refusal", say("copyExpired", { days: device.copyDays })));
}

async function refreshFacts() {
  screens.showPlace(session.device);
  screens.showCopy(session.device, session.book);
  screens.showLog(await unsent(session.device));
  const rows = (await store.all("outcomes")).slice(-300);
  const told = await Promise.all(rows.map(async (row) => JSON.parse(await open(session.key, `outcome-${row.number}`, row))));
  screens.showCards(told);
  document.querySelector("[data-today]").textContent = vnDay(rules.today());
}

// --- the box ---------------------------------------------------------------------------------------------------------

function setMode(next) {
  mode = next;
  if (next !== "LEND") card = "";
  screens.showMode(mode);
  showReader();
  screens.answer();
}

function showReader() {
  const reader = card ? session.book.reader(card) : null;
  const limit = reader ? rules.rulesFor(session.book, reader.category, "BOOK").max_loans : 0;
  screens.showReader(reader, card, session.book.categories, limit);
  const asks = mode === "RETURN" ? "scanReturn" : mode === "RENEW" ? "scanRenew" : card ? "scanBook" : "scanCard";
  screens.placeholder(say(asks));
  box.focus();
}

// Scans are taken one after another, so that a quick scanner loses none.
function take(text) {
  busy = busy.then(() => handle(text)).catch((problem) => screens.answer(notice("refusal", String(problem?.message || problem))));
  return busy;
}

async function handle(text) {
  const number = text.trim().replace(/\s+/g, " ");
  if (!number) return;
  if (!session.device.copyAt) return tell("copy", notice("refusal", say("noCopy")));
  screens.answer();
  const copy = session.book.copy(number);
  if (mode === "RETURN") return takeIn(number, copy);
  if (mode === "RENEW") return renew(number, copy);
  if (copy && card) return lend(number, copy);
  if (copy) return screens.refusal(copy.title, [["cardFirst", {}]]);
  if (session.book.reader(number)) return chooseCard(number);
  offer(number);
}

function chooseCard(number) {
  const reader = session.book.reader(number);
  if (reader && reader.status !== "ACTIVE") {
    return screens.refusal(reader.name, [[`card${reader.status}`, { number: reader.replacedBy }]]);
  }
  card = norm(number);
  showReader();
}

// Neither a card nor a copy that is known here: the person says what it is, the server decides.
function offer(number) {
  const buttons = make("div", { className: "actions" });
  const press = (label, work) => {
    const button = make("button", { type: "button", className: "btn btn-secondary btn-small", text: label });
    button.addEventListener("click", () => {
      screens.answer();
      work();
    });
    buttons.append(button);
  };
  press(say("useAsCard", { number }), () => chooseCard(number));
  if (card) press(say("lendUnknown", { number }), () => { busy = busy.then(() => lend(number, null)); });
  const title = say(card ? "notKnownCopy" : "notKnownCard", { number });
  screens.answer(notice("warning", title, say("serverDecides"), buttons));
}

async function lend(number, copy) {
  const reader = session.book.reader(card);
  const found = rules.checkout(session.book, { reader, copy, lentTo: session.book.lentHere(number) }, rules.today());
  if (found.problems.length) return refused(copy?.title || say("unknownTitle"), number, found.problems);
  await write({ kind: "CHECKOUT", card, copy: copy?.number || number, due: found.due });
  const due = found.inLibrary ? say("inLibrary") : vnDay(found.due);
  screens.addLine({ title: copy?.title || say("unknownTitle"), number: copy?.number || number, due, noted: true, text: found.unknown.map((one) => `${say(one)}. ${say("serverDecides")}`) });
  showReader();
}

async function takeIn(number, copy) {
  await write({ kind: "CHECKIN", copy: copy?.number || number });
  const text = [say(copy ? "returned" : "serverDecides"), say("backToShelf")];
  screens.addLine({ title: copy?.title || say("unknownTitle"), number: copy?.number || number, due: "", noted: true, text });
}

async function renew(number, copy) {
  const found = rules.renewal(session.book, copy, rules.today());
  if (found.problems.length) return refused(copy?.title || number, number, found.problems);
  await write({ kind: "RENEW", copy: copy?.number || number, due: found.due });
  screens.addLine({ title: copy?.title || say("unknownTitle"), number: copy?.number || number, due: vnDay(found.due), noted: true, text: [say("serverDecides")] });
}

function refused(title, number, problems) {
  const text = problems.map(([name, values]) => say(name, { ...values, day: vnDay(values.day) }));
  screens.refusal(title, problems);
  screens.addLine({ title, number, due: "", noted: false, text });
}

async function write(event) {
  await note(session, event);
  session.book.note({ k: event.kind, card: event.card || "", copy: event.copy, due: event.due || "" });
  screens.showLog(await unsent(session.device));
  if (navigator.onLine === false) screens.showLine("offline", say("offline"));
}

// --- sending ---------------------------------------------------------------------------------------------------------

function run() {
  if (!session || syncing) return syncing;
  syncing = exchange().finally(() => {
    syncing = null;
  });
  return syncing;
}

async function exchange() {
  try {
    screens.showLine("sending", say("sending"));
    const before = session.device.told || 0;
    const sent = (await unsent(session.device)) > 0;
    const state = await sync.sendLog(session);
    if (state !== "LIVE") return await stopped(state);
    const stale = !session.device.copyAt || Date.now() - (session.device.copyAsked || 0) > COPY_EVERY;
    if (stale || sent || (session.device.told || 0) > before) {
      const copied = await sync.refreshCopy(session);
      if (copied !== "LIVE") return await stopped(copied);
      session.device.copyAsked = Date.now();
      await busy;
      session.book = await read(session);
      tell("copy", null);
    }
    const waiting = await unsent(session.device);
    screens.showLine("online", waiting ? say("waiting", { count: waiting }) : say("online"));
    showProblem();
  } catch (problem) {
    if (!(problem instanceof sync.Unreachable)) console.error(problem);
    screens.showLine("offline", say("offline"));
    await expireCopy();
  }
  await refreshFacts();
  return null;
}

function showProblem() {
  const { problem } = session.device;
  const words = problem && say("brokenAt", { number: problem.at, why: say(problem.code) });
  tell("problem", problem ? notice("refusal", words) : null);
}

async function stopped(state) {
  if (state === "REVOKED") {
    const kept = (await unsent(session.device)) > 0;
    if (kept) await sync.eraseCopy(session);
    else await sync.eraseAll();
    session = null;
    return screens.showShut(say(kept ? "revokedKept" : "revoked"));
  }
  await sync.eraseCopy(session);
  session.book = await read(session);
  tell("state", notice("refusal", say(state === "NO_PERSON" ? "noPerson" : "expiredDevice")));
  screens.showLine("online", say("online"));
  return refreshFacts();
}

async function takeOut() {
  const rows = await rowsAfter(session, session.device.acknowledged || 0, 20_000);
  if (!rows.length) return screens.answer(notice("info", say("nothingToExport")));
  const file = await sealFile(session.signing, [clocks(), ...rows, ""].join("\n"));
  const link = make("a", { href: URL.createObjectURL(file), download: `${say("exportName")}-${session.device.id}.quay` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  return screens.answer(notice("success", say("exported")));
}

// --- what people press -----------------------------------------------------------------------------------------------

const DOES = {
  LEND: () => setMode("LEND"),
  RETURN: () => setMode("RETURN"),
  RENEW: () => setMode("RENEW"),
  CLOSE: () => {
    card = "";
    setMode("LEND");
  },
  SYNC: () => {
    Object.assign(session.device, { copyAsked: 0, stuckAt: 0 });
    run();
  },
  EXPORT: takeOut,
  LOCK: lock,
};

document.querySelector("[data-pin]").addEventListener("submit", async (event) => {
  event.preventDefault();
  const field = event.target.querySelector("input");
  const pin = field.value;
  field.value = "";
  await unlock(pin);
});
document.querySelector("[data-scan]").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = box.value;
  box.value = "";
  take(text);
});
for (const button of document.querySelectorAll("[data-do]")) {
  button.addEventListener("click", () => session && DOES[button.dataset.do]());
}
document.addEventListener("keydown", (event) => {
  if (!session || event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
  const button = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (button) {
    event.preventDefault();
    button.click();
  } else if (event.key === "/" && event.target !== box) {
    event.preventDefault();
    box.focus();
  }
});
window.addEventListener("online", () => run());
window.addEventListener("offline", () => session && screens.showLine("offline", say("offline")));
setInterval(() => run(), EVERY);

// --- new versions: offered, never forced; the log is not touched ----------------------------------------------------

async function watchVersions() {
  if (!("serviceWorker" in navigator) || !window.isSecureContext) return;
  let asked = false;
  navigator.serviceWorker.addEventListener("controllerchange", () => asked && busy.then(() => location.reload()));
  const registration = await navigator.serviceWorker.register(paths.worker);
  const offerUpdate = (worker) => {
    if (!worker) return;
    const button = make("button", { type: "button", className: "btn btn-secondary btn-small", text: say("update") });
    button.addEventListener("click", () => {
      asked = true;
      worker.postMessage("update");
    });
    tell("version", notice("info", say("newVersion"), button));
  };
  offerUpdate(registration.active && registration.waiting);
  registration.addEventListener("updatefound", () => {
    // the first one of all is no update
    const worker = registration.active && registration.installing;
    worker?.addEventListener("statechange", () => worker.state === "installed" && offerUpdate(worker));
  });
  setInterval(() => registration.update().catch(() => {}), 3_600_000);
}

document.documentElement.classList.add("scripted");
start();
watchVersions().catch(() => {});
