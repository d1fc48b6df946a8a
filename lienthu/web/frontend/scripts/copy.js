// Copies a citation or a code; the button appears only where copying is possible.
import { fresh } from "./dom.js";

export function enhanceCopy(root) {
  if (!navigator.clipboard) return;
  for (const button of fresh(root, "button[data-copy]", "copying")) {
    const label = button.querySelector("span");
    const words = label.textContent;
    button.hidden = false;
    label.setAttribute("aria-live", "polite");
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.parentElement.querySelector("[data-copy-source]").innerText.trim());
      label.textContent = button.dataset.done;
      setTimeout(() => (label.textContent = words), 2000);
    });
  }
}
