// The circulation desk: scans are taken one after another without leaving the page, so that a quick scanner loses none;
// each answer has a sound beside its word and shape. Without this file every scan is a page of its own.
import { openCamera } from "./camera.js";

const SILENT = "lienthu-quay-im-lang";
// Frequency in Hz, start and length in s. Kinds differ by rhythm and height, not by height alone.
const SOUNDS = {
  done: [[880, 0, 0.09]],
  elsewhere: [[660, 0, 0.09], [990, 0.12, 0.14]],
  ask: [[520, 0, 0.16]],
  refused: [[220, 0, 0.16], [165, 0.2, 0.3]],
};

const root = document.querySelector("[data-counter]");
if (root) start(root);
if (document.querySelector("[data-print-now]")) window.addEventListener("load", () => window.print());
document.querySelector("[data-print]")?.addEventListener("click", () => window.print());

function start(root) {
  const box = root.querySelector("[data-counter-box]");
  const input = box.elements.box;
  const waiting = [];
  let busy = false;
  let audio = null;
  const silent = root.querySelector("[data-silent]");

  function isSilent() {
    try {
      return localStorage.getItem(SILENT) === "1";
    } catch {
      return false;
    }
  }

  function play(kind) {
    if (isSilent() || !SOUNDS[kind] || !window.AudioContext) return;
    audio ||= new AudioContext();
    audio.resume?.();
    for (const [height, from, length] of SOUNDS[kind]) {
      const tone = audio.createOscillator();
      const loud = audio.createGain();
      const at = audio.currentTime + from;
      tone.type = kind === "refused" ? "square" : "sine";
      tone.frequency.value = height;
      loud.gain.setValueAtTime(0.12, at);
      loud.gain.exponentialRampToValueAtTime(0.001, at + length);
      tone.connect(loud).connect(audio.destination);
      tone.start(at);
      tone.stop(at + length);
    }
    if (kind === "refused") navigator.vibrate?.([120, 60, 120]);
  }

  function drawSilent() {
    silent.setAttribute("aria-pressed", String(isSilent()));
  }

  silent.hidden = false;
  drawSilent();
  silent.addEventListener("click", () => {
    try {
      localStorage.setItem(SILENT, isSilent() ? "0" : "1");
    } catch {
      // a forbidden storage: sounds stay as they are
    }
    drawSilent();
    input.focus();
  });

  function show(text) {
    const page = new DOMParser().parseFromString(text, "text/html");
    const fresh = page.querySelector("[data-counter]");
    if (!fresh) throw new Error("not the desk");
    const answer = fresh.querySelector("[data-counter-answer]");
    root.querySelector("[data-counter-answer]").replaceWith(answer);
    for (const place of [".desk-state", ".messages"]) {
      const [old, now] = [document.querySelector(place), page.querySelector(place)];
      if (old && now) old.replaceWith(now);
      else if (old && place === ".messages") old.remove();
      else if (now) document.querySelector(".desk-head").after(now);
    }
    input.placeholder = fresh.querySelector("[data-counter-box]").elements.box.placeholder;
    box.querySelector("label").textContent = fresh.querySelector("[data-counter-box] label").textContent;
    root.querySelector("[data-counter-said]").textContent = answer.dataset.said || "";
    play(answer.dataset.sign);
  }

  async function work() {
    if (busy) return;
    busy = true;
    root.setAttribute("aria-busy", "true");
    for (let next; (next = waiting.shift()); ) {
      try {
        const answer = await fetch(next.to, { method: "POST", body: next.data, headers: { "X-Counter": "1" } });
        if (!answer.ok) throw new Error(String(answer.status));
        show(await answer.text());
      } catch {
        // The very same request in the ordinary way: its key lets it be done once, and the browser shows what is wrong.
        const form = document.createElement("form");
        Object.assign(form, { method: "post", action: next.to, hidden: true });
        for (const [name, value] of next.data) form.append(Object.assign(document.createElement("input"), { name, value }));
        document.body.append(form);
        form.submit();
        return;
      }
    }
    busy = false;
    root.removeAttribute("aria-busy");
    if (!root.contains(document.activeElement) || document.activeElement === document.body) input.focus();
  }

  function newKey() {
    return crypto.randomUUID?.() || `${Date.now()}-${Math.random().toString(36).slice(2)}`;
  }

  function take(text) {
    const data = new FormData(box);
    data.set("box", text);
    data.set("do", "take");
    data.set("key", newKey());
    waiting.push({ to: box.action, data });
    work();
  }

  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("[data-counter-leave]")) return;
    event.preventDefault();
    if (form === box) {
      const text = input.value.trim();
      input.value = "";
      input.focus();
      if (text) take(text);
      return;
    }
    const data = new FormData(form, event.submitter);
    waiting.push({ to: form.action, data });
    input.focus();
    work();
  });

  const formats = ["ean_13", "code_128", "code_39", "qr_code"];
  openCamera(root, root.dataset, { formats, wanted: /^\S.{1,79}$/ }, take);
}
