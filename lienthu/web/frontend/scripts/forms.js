// Facets and sorting take effect at once; a long form asks before unsaved work is lost.
import { fresh } from "./dom.js";

let unsaved = false;

export function enhanceForms(root) {
  for (const form of fresh(root, "form[data-auto-submit]", "submitting")) {
    form.addEventListener("change", () => form.requestSubmit());
  }
  for (const form of fresh(root, "form[data-guard]", "guarded")) {
    form.addEventListener("input", () => (unsaved = true));
    form.addEventListener("submit", () => (unsaved = false));
  }
}

window.addEventListener("beforeunload", (event) => {
  if (unsaved) event.preventDefault();
});
