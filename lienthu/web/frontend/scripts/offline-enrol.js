// Enrolling this browser, and opening its copy again: what the server tells once is sealed here under the PIN.
import { bytes, dataKey, random, seal, unwrapForRecovery, wrapForRecovery, wrapWithPin } from "./offline/sealing.js";
import * as store from "./offline/store.js";
import { notice, say } from "./offline/words.js";

const told = document.querySelector("[data-told]");
const tell = (kind, ...lines) => told.replaceChildren(...lines.map((line) => notice(kind, line)));
const good = (pin) => pin.length >= 6 && pin.length <= 64;

async function send(form) {
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
  const found = await answer.json().catch(() => ({}));
  if (!answer.ok) tell("refusal", ...(found.errors || [String(answer.status)]));
  return answer.ok ? found : null;
}

async function enrol(form) {
  const [pin, again] = ["pin-1", "pin-2"].map((id) => document.getElementById(id).value);
  if (!globalThis.crypto?.subtle) return tell("refusal", say("notSecure"));
  if (!good(pin)) return tell("refusal", say("noPin"));
  if (pin !== again) return tell("refusal", say("pinsDiffer"));
  const former = await store.get("meta", "device");
  const rest = former && (await store.last("log"));
  if (rest && rest.number > (former.acknowledged || 0)) return tell("refusal", say("stillUnsent"));
  const found = await send(form);
  if (!found) return null;
  const raw = random(32);
  const key = await dataKey(raw);
  const device = {
    name: found.name,
    id: found.id,
    library: found.library,
    until: found.until,
    copyDays: found.days,
    signing: await seal(key, "signing", found.key),
    pin: await wrapWithPin(raw, pin),
    recovery: await wrapForRecovery(raw, bytes(found.recovery)),
    tries: 0,
  };
  await store.clear("parts", "log", "outcomes", "meta");
  await store.put("meta", { ...device, title: found.name, name: "device" });
  await store.keptFirmly();
  location.href = found.next;
  return null;
}

async function unlock(form) {
  const pin = document.getElementById("pin-moi").value;
  if (!good(pin)) return tell("refusal", say("noPin"));
  const device = await store.get("meta", "device");
  if (device?.id !== form.dataset.unlock) return tell("refusal", say("otherMachine"));
  const found = await send(form);
  if (!found?.recovery) return null;
  const raw = new Uint8Array(await unwrapForRecovery(device.recovery, bytes(found.recovery)));
  await store.put("meta", { ...device, pin: await wrapWithPin(raw, pin), tries: 0 });
  form.reset();
  return tell("success", say("unlocked"));
}

for (const [selector, work] of [["[data-enrol]", enrol], ["[data-unlock]", unlock]]) {
  document.querySelector(selector)?.addEventListener("submit", (event) => {
    event.preventDefault();
    work(event.target).catch((problem) => tell("refusal", String(problem?.message || problem)));
  });
}
