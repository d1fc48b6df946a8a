// A box for numbers, one on each line, that the phone's camera fills too. The form is sent by hand, as without it.
import { openCamera } from "./camera.js";

const root = document.querySelector("[data-scan-list]");
if (root) {
  const box = root.querySelector("[name=numbers]");
  const told = root.querySelector("[data-scan-told]");
  const lines = () => box.value.split("\n").map((one) => one.trim()).filter(Boolean);
  openCamera(root, root.dataset, { formats: ["code_128", "code_39", "ean_13", "qr_code"], wanted: /^\S.{0,79}$/ }, (text) => {
    const again = lines().includes(text);
    if (!again) box.value = `${[...lines(), text].join("\n")}\n`;
    told.textContent = `${text}: ${again ? root.dataset.again : root.dataset.taken} (${lines().length})`;
  });
}
