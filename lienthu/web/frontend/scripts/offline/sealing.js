// Keys and seals. The data key is random; the PIN only wraps it, so that a new PIN changes nothing else.
export const ROUNDS = 600_000;
const text = new TextEncoder();
const plain = new TextDecoder();

export const random = (length) => crypto.getRandomValues(new Uint8Array(length));
export const bytes = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
export const hex = (buffer) => [...new Uint8Array(buffer)].map((one) => one.toString(16).padStart(2, "0")).join("");
export const sha256 = (words) => crypto.subtle.digest("SHA-256", typeof words === "string" ? text.encode(words) : words);
const boxOf = (raw) => crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);

// `name` is bound to what is sealed: a part put in another's place does not open.
export async function seal(key, name, words) {
  const iv = random(12);
  const content = typeof words === "string" ? text.encode(words) : words;
  return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: text.encode(name) }, key, content) };
}

export const openBytes = (key, name, sealed) =>
  crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.iv, additionalData: text.encode(name) }, key, sealed.data);

export const open = async (key, name, sealed) => plain.decode(await openBytes(key, name, sealed));

async function keyOfPin(pin, salt, rounds) {
  const material = await crypto.subtle.importKey("raw", text.encode(pin.normalize("NFC")), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds };
  return crypto.subtle.deriveKey(how, material, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

export async function wrapWithPin(raw, pin) {
  const salt = random(16);
  return { salt, rounds: ROUNDS, ...(await seal(await keyOfPin(pin, salt, ROUNDS), "pin", raw)) };
}

// The data key, or null for a wrong PIN.
export async function unwrapWithPin(wrapped, pin) {
  try {
    return await openBytes(await keyOfPin(pin, wrapped.salt, wrapped.rounds), "pin", wrapped);
  } catch {
    return null;
  }
}

export const wrapForRecovery = async (raw, recovery) => seal(await boxOf(recovery), "recovery", raw);
export const unwrapForRecovery = async (wrapped, recovery) => openBytes(await boxOf(recovery), "recovery", wrapped);
export const dataKey = boxOf;

export const signingKey = (raw) =>
  crypto.subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);

export const sign = async (key, words) => hex(await crypto.subtle.sign("HMAC", key, text.encode(words)));

// A file that only the server opens: mark, iv, AES-GCM under a key that follows from the device's.
export async function sealFile(key, words) {
  const fileKey = await boxOf(await crypto.subtle.sign("HMAC", key, text.encode("export")));
  const { iv, data } = await seal(fileKey, "LTQ1", words);
  return new Blob([text.encode("LTQ1"), iv, data], { type: "application/octet-stream" });
}
