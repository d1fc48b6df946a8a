{% autoescape off %}// Stock-taking where there is no network: one page that names nobody, and its files, kept as one set, {{ version }}.
// Rounds and numbers are not here but in the storage of the page, which no update touches.
const KEPT = [{% for address in kept %}"{{ address|escapejs }}"{% if not forloop.last %}, {% endif %}{% endfor %}];
const CACHE = "kiem-ke:{{ version }}";

self.addEventListener("install", (event) => {
  const fetched = KEPT.map((address) => new Request(address, { cache: "reload" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(fetched)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const outdated = (names) => names.filter((name) => name.startsWith("kiem-ke:") && name !== CACHE);
  event.waitUntil(
    caches.keys().then((names) => Promise.all(outdated(names).map((name) => caches.delete(name)))).then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match(KEPT[0])));
  } else if (KEPT.includes(new URL(request.url).pathname)) {
    event.respondWith(fetch(request).catch(() => caches.match(request, { ignoreSearch: true })));
  }
});
{% endautoescape %}
