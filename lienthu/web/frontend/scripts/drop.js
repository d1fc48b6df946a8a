// Files can be dropped on the whole area of a file field; its name and size are said before anything is sent.
import { fresh } from "./dom.js";

const size = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });

function sizeOf(file) {
  const units = ["B", "kB", "MB", "GB"];
  const step = Math.min(3, Math.floor(Math.log10(Math.max(1, file.size)) / 3));
  return `${size.format(file.size / 1000 ** step)} ${units[step]}`;
}

export function enhanceDrop(root) {
  for (const area of fresh(root, "[data-file-drop]", "dropping")) {
    const input = area.querySelector("input[type=file]");
    const chosen = area.querySelector("output");
    const over = (yes) => area.classList.toggle("file-drop-over", yes);
    input.addEventListener("change", () => {
      chosen.textContent = [...input.files].map((file) => `${file.name} (${sizeOf(file)})`).join(", ");
    });
    area.addEventListener("dragover", (event) => {
      event.preventDefault();
      over(true);
    });
    area.addEventListener("dragleave", () => over(false));
    area.addEventListener("drop", (event) => {
      event.preventDefault();
      over(false);
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
}
