// Lets a reader take push messages on this device. Without this file the page offers the other ways.
const box = document.querySelector("[data-push]");

function bytes(text) {
  const padded = text.replaceAll("-", "+").replaceAll("_", "/").padEnd(Math.ceil(text.length / 4) * 4, "=");
  return Uint8Array.from(atob(padded), (letter) => letter.charCodeAt(0));
}

// A name by which the reader tells devices apart; the browser tells no more than its kind.
function deviceName() {
  const agent = navigator.userAgent;
  const browser = /Edg\//.test(agent) ? "Edge" : /Firefox\//.test(agent) ? "Firefox" : /Chrom/.test(agent) ? "Chrome" : "Safari";
  const system = /Android/.test(agent) ? "Android" : /iPhone|iPad/.test(agent) ? "iOS" : /Windows/.test(agent) ? "Windows" : /Mac/.test(agent) ? "macOS" : "Linux";
  return `${browser}, ${system}`;
}

async function add() {
  const status = box.querySelector("[role=status]");
  if ((await Notification.requestPermission()) !== "granted") {
    status.textContent = box.dataset.denied;
    return;
  }
  try {
    const registration = await navigator.serviceWorker.register(box.dataset.worker, { scope: box.dataset.scope });
    const subscription = await registration.pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: bytes(box.dataset.push),
    });
    const answer = await fetch(box.dataset.add, {
      method: "POST",
      headers: { "content-type": "application/json", "x-csrftoken": box.querySelector("[name=csrfmiddlewaretoken]").value },
      body: JSON.stringify({ ...subscription.toJSON(), name: deviceName() }),
    });
    if (!answer.ok) throw new Error(String(answer.status));
    location.reload();
  } catch {
    status.textContent = box.dataset.failed;
  }
}

if (box && "serviceWorker" in navigator && "PushManager" in window && window.isSecureContext) {
  box.hidden = false;
  box.querySelector("button").addEventListener("click", add);
}
