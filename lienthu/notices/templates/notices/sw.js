// Shows messages of the library that arrive while its pages are closed; keeps nothing and fetches nothing.
self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("push", (event) => {
  let message = {};
  try {
    message = event.data.json();
  } catch {
    return;
  }
  const { title = "", body = "", url = "", tag = "" } = message;
  event.waitUntil(self.registration.showNotification(title, { body, tag, lang: "vi", data: { url } }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const wanted = new URL(event.notification.data.url || "/tai-khoan/tin-nhan/", self.location.origin);
  const url = wanted.origin === self.location.origin ? wanted.href : "/tai-khoan/tin-nhan/";
  event.waitUntil(self.clients.openWindow(url));
});
