// The log: events in their order, each bound to the one before it by its hash and sealed by the device's key. Rows are
// only added; one that the server has is kept until its outcome is known and it is no longer the last.
import { hex, open, seal, sha256, sign } from "./sealing.js";
import * as store from "./store.js";

export const RUN = hex(crypto.getRandomValues(new Uint8Array(8)));
const KEEP = 500;

export async function origin(device) {
  return hex(await sha256(`lienthu-offline:${device}`));
}

// Notes one event; resolves with its number only when it is on disk.
export async function note(session, event) {
  for (let tries = 0; tries < 20; tries += 1) {
    const before = await store.last("log");
    const number = (before?.number || 0) + 1;
    const line = JSON.stringify({
      n: number,
      prev: before?.digest || (await origin(session.device.id)),
      k: event.kind,
      card: event.card || "",
      copy: event.copy || "",
      at: new Date().toISOString(),
      mono: Math.round(performance.now()),
      run: RUN,
      off: session.device.offset ?? null,
      due: event.due || "",
    });
    const row = {
      number,
      digest: hex(await sha256(line)),
      seal: await sign(session.signing, line),
      ...(await seal(session.key, `log-${number}`, line)),
    };
    try {
      await store.add("log", row);
      return number;
    } catch (problem) {
      if (problem?.name !== "ConstraintError") throw problem;
    }
  }
  throw new Error("the log cannot be written");
}

const after = (number) => IDBKeyRange.lowerBound(number, true);

// The rows after a number, as they are sent.
export async function rowsAfter(session, number, most = 300) {
  const rows = (await store.all("log", after(number))).slice(0, most);
  return Promise.all(rows.map(async (row) => `${row.seal}\t${await open(session.key, `log-${row.number}`, row)}`));
}

export async function eventsAfter(session, number) {
  const rows = await store.all("log", after(number));
  return Promise.all(rows.map(async (row) => JSON.parse(await open(session.key, `log-${row.number}`, row))));
}

export const clocks = () =>
  `#${JSON.stringify({ now: new Date().toISOString(), mono: Math.round(performance.now()), run: RUN })}`;

export async function unsent(device) {
  const row = await store.last("log");
  return Math.max(0, (row?.number || 0) - (device.acknowledged || 0));
}

// Forgets what the server has long had; the last row stays, since the next one is bound to it.
export async function prune(device) {
  const row = await store.last("log");
  const until = Math.min((device.told || 0) - KEEP, (row?.number || 1) - 1);
  if (until <= 0) return;
  const old = (await store.all("log", IDBKeyRange.upperBound(until))).map((one) => one.number);
  if (old.length) await store.putAll("log", [], old);
}
