// Pointing at a library in the list shows it on the map.
import { fresh } from "./dom.js";

export function enhanceMap(root) {
  for (const line of fresh(root, "[data-map]", "mapped")) {
    const place = document.getElementById(line.dataset.map);
    const show = (yes) => () => place?.classList.toggle("map-on", yes);
    line.addEventListener("pointerenter", show(true));
    line.addEventListener("pointerleave", show(false));
    line.addEventListener("focusin", show(true));
    line.addEventListener("focusout", show(false));
  }
}
