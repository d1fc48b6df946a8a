// What the browser keeps: `meta` (the device, its wrapped keys), `parts` (the sealed copy), `log` (sealed events, only
// ever added to), `outcomes` (sealed answers). A newer version of this file must keep every store.
const NAME = "lienthu-quay";
const VERSION = 1;

let opened = null;

function database() {
  opened ||= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, VERSION);
    asked.onupgradeneeded = () => {
      for (const [name, keyPath] of [["meta", "name"], ["parts", "name"], ["log", "number"], ["outcomes", "number"]]) {
        if (!asked.result.objectStoreNames.contains(name)) asked.result.createObjectStore(name, { keyPath });
      }
    };
    asked.onsuccess = () => {
      // another page wants to change the stores: let it
      asked.result.onversionchange = () => asked.result.close();
      resolve(asked.result);
    };
    asked.onerror = () => reject(asked.error);
    asked.onblocked = () => reject(new Error("blocked"));
  });
  return opened;
}

// One transaction over `names`; resolves with what `work` asked for last, once the transaction is on disk.
async function run(names, mode, work) {
  const db = await database();
  return new Promise((resolve, reject) => {
    const transaction = db.transaction(names, mode, { durability: "strict" });
    const asked = work(...[names].flat().map((name) => transaction.objectStore(name)));
    transaction.oncomplete = () => resolve(asked?.result);
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error || new Error("aborted"));
  });
}

export const get = (name, key) => run(name, "readonly", (store) => store.get(key));
export const all = (name, range) => run(name, "readonly", (store) => store.getAll(range));
export const put = (name, row) => run(name, "readwrite", (store) => store.put(row));
export const clear = (...names) => run(names, "readwrite", (...stores) => void stores.forEach((store) => store.clear()));

// Adds a row whose key must be new; rejects when another page was quicker.
export const add = (name, row) => run(name, "readwrite", (store) => store.add(row));

export const putAll = (name, rows, gone = []) =>
  run(name, "readwrite", (store) => {
    for (const row of rows) store.put(row);
    for (const key of gone) store.delete(key);
  });

export async function last(name) {
  const db = await database();
  return new Promise((resolve, reject) => {
    const asked = db.transaction(name, "readonly").objectStore(name).openCursor(null, "prev");
    asked.onsuccess = () => resolve(asked.result?.value);
    asked.onerror = () => reject(asked.error);
  });
}

export async function keptFirmly() {
  try {
    return (await navigator.storage.persisted()) || (await navigator.storage.persist());
  } catch {
    return false;
  }
}
