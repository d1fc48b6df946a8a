// The phone's camera as a barcode scanner: the browser's own detector where it knows all wanted formats, else ours.
const PAUSE = 250;
const SAME_AGAIN = 4000;

// `formats` in the words of BarcodeDetector; only texts that fit `wanted` are handed to `found`.
export function openCamera(root, words, { formats: wantedFormats, wanted }, found) {
  const open = root.querySelector("[data-camera]");
  const view = root.querySelector("[data-camera-view]");
  const video = view.querySelector("video");
  if (!navigator.mediaDevices?.getUserMedia) return;
  open.hidden = false;
  let stream = null;
  let last = { text: "", at: 0 };

  async function detector() {
    const formats = "BarcodeDetector" in window ? await BarcodeDetector.getSupportedFormats().catch(() => []) : [];
    if (wantedFormats.every((one) => formats.includes(one))) {
      const own = new BarcodeDetector({ formats: wantedFormats });
      return async () => (await own.detect(video)).map((one) => one.rawValue);
    }
    const { detect } = await import(root.dataset.reader);
    return async () => detect(video);
  }

  function stop() {
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    view.hidden = true;
    open.focus();
  }

  open.addEventListener("click", async () => {
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } });
      video.srcObject = stream;
      view.hidden = false;
      await video.play();
      const look = await detector();
      while (stream) {
        for (const text of await look().catch(() => [])) {
          if (!wanted.test(text) || (text === last.text && Date.now() - last.at < SAME_AGAIN)) continue;
          last = { text, at: Date.now() };
          navigator.vibrate?.(60);
          found(text);
        }
        await new Promise((go) => setTimeout(go, PAUSE));
      }
    } catch {
      stop();
      view.before(Object.assign(document.createElement("p"), { className: "notice notice-warning", textContent: words.noCamera }));
    }
  });
  view.querySelector("[data-camera-stop]").addEventListener("click", stop);
}
