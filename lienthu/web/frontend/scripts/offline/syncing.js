// Talking to the server: send the log in order, hear what came of it, fetch what changed of the copy.
import { clocks, prune, rowsAfter, unsent } from "./journal.js";
import { hex, seal, sha256, sign } from "./sealing.js";
import * as store from "./store.js";

const TOLD_AT_ONCE = 200;
const WAIT = 30_000;
const STUCK_FOR = 600_000;

export class Unreachable extends Error {}

async function post(address, body, headers = {}) {
  let answer;
  try {
    answer = await fetch(address, { method: "POST", body, headers, credentials: "omit", cache: "no-store", signal: AbortSignal.timeout?.(WAIT) });
  } catch {
    throw new Unreachable(address);
  }
  if (!answer.ok) throw new Unreachable(`${answer.status}`);
  return answer.json();
}

async function signed(session, address, body) {
  const { now, challenge } = await post(session.paths.hello, JSON.stringify({ device: session.device.id }));
  session.device.offset = Date.parse(now) - Date.now();
  const signature = await sign(session.signing, `${address}\n${challenge}\n${hex(await sha256(body))}`);
  return post(address, body, {
    "Content-Type": "text/plain",
    "X-Lienthu-Device": session.device.id,
    "X-Lienthu-Challenge": challenge,
    "X-Lienthu-Signature": signature,
  });
}

export const keep = (session) => store.put("meta", session.device);

// Sends everything, then hears everything. -> state of the device at the server
export async function sendLog(session) {
  const { device } = session;
  // a log that the server cannot take is tried again now and then, not all the time
  if (device.problem && Date.now() - (device.stuckAt || 0) < STUCK_FOR) return hear(session);
  do {
    const rows = await rowsAfter(session, device.acknowledged || 0);
    if (rows.length) {
      const told = await signed(session, session.paths.log, [clocks(), ...rows, ""].join("\n"));
      const known = Math.max(device.acknowledged || 0, told.last);
      const stuck = known === (device.acknowledged || 0);
      device.stuckAt = stuck ? Date.now() : 0;
      device.acknowledged = known;
      device.problem = told.problem;
      await keep(session);
      if (stuck) break;
    }
  } while ((await unsent(device)) > 0);
  return hear(session);
}

async function hear(session) {
  const { device } = session;
  for (;;) {
    const told = await signed(session, session.paths.outcomes, JSON.stringify({ after: device.told || 0 }));
    const rows = await Promise.all(
      told.events.map(async (one) => ({ number: one.number, ...(await seal(session.key, `outcome-${one.number}`, JSON.stringify(one))) })),
    );
    await store.putAll("outcomes", rows);
    device.told = told.events.at(-1)?.number || device.told || 0;
    device.pending = told.pending;
    await keep(session);
    const working = told.pending > 0 && told.state === "LIVE";
    if (working || told.events.length === TOLD_AT_ONCE) continue;
    await prune(device);
    return told.state;
  }
}

// Fetches the changed parts of the copy. -> state
export async function refreshCopy(session) {
  const { device } = session;
  const kept = await store.all("parts");
  const have = Object.fromEntries(kept.map((part) => [part.name, part.digest]));
  const through = device.pending ? null : device.acknowledged || 0;
  const found = await signed(session, session.paths.copy, JSON.stringify({ have }));
  if (found.state !== "LIVE") return found.state;
  const rows = await Promise.all(
    Object.entries(found.parts).map(async ([name, part]) => ({ name, digest: part.digest, ...(await seal(session.key, name, part.text)) })),
  );
  const wanted = new Set(found.all);
  await store.putAll("parts", rows, kept.map((part) => part.name).filter((name) => !wanted.has(name)));
  const at = Date.parse(found.now);
  Object.assign(device, { copyAt: at, copyDays: found.days, expires: at + found.days * 86_400_000, until: found.until, place: found.library });
  if (through !== null) device.copyAfter = Math.max(device.copyAfter || 0, through);
  await keep(session);
  return found.state;
}

// The clock as the server would read it; never earlier than what was once seen.
export function serverNow(device) {
  const now = Math.max(Date.now() + (device.offset || 0), device.latest || 0);
  device.latest = now;
  return now;
}

export async function eraseCopy(session) {
  await store.clear("parts");
  session.device.copyAt = null;
  await keep(session);
}

export const eraseAll = () => store.clear("parts", "log", "outcomes", "meta");
