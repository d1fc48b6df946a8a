{% autoescape off %}// The desk without network: its page and files are kept as one set, {{ version }}. The log is not here but in IndexedDB, which
// no update touches. A new set waits until a person agrees (or the last page is closed).
const KEPT = [{% for address in kept %}"{{ address|escapejs }}"{% if not forloop.last %}, {% endif %}{% endfor %}];
const CACHE = "quay-ngoai-mang:{{ version }}";

self.addEventListener("install", (event) => {
  const fetched = KEPT.map((address) => new Request(address, { cache: "reload" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(fetched)));
});

self.addEventListener("activate", (event) => {
  const outdated = (names) => names.filter((name) => name.startsWith("quay-ngoai-mang:") && name !== CACHE);
  event.waitUntil(
    caches.keys().then((names) => Promise.all(outdated(names).map((name) => caches.delete(name)))).then(() => self.clients.claim()),
  );
});

self.addEventListener("message", (event) => {
  if (event.data === "update") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const path = new URL(request.url).pathname;
  const wanted = request.mode === "navigate" && path === KEPT[0] ? KEPT[0] : KEPT.includes(path) ? path : "";
  if (!wanted) return;
  event.respondWith(caches.open(CACHE).then((cache) => cache.match(wanted)).then((kept) => kept || fetch(request)));
});
{% endautoescape %}
