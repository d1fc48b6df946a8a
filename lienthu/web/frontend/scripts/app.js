// Every page works without this file; what is here makes it quicker or safer.
import htmx from "htmx.org/dist/htmx.esm.js";
import { enhanceCombobox } from "./combobox.js";
import { enhanceCopy } from "./copy.js";
import { enhanceDialog } from "./dialog.js";
import { enhanceDrop } from "./drop.js";
import { enhanceForms } from "./forms.js";
import { followStyleSheets } from "./han-nom.js";
import { listenForKeys } from "./keys.js";
import { enhanceMap } from "./map.js";
import { closeMenus } from "./menu.js";
import { showCurrentTabs } from "./tabs.js";

document.documentElement.classList.add("scripted");

function enhance(root) {
  enhanceCombobox(root);
  enhanceCopy(root);
  enhanceDialog(root);
  enhanceDrop(root);
  enhanceForms(root);
  enhanceMap(root);
}

enhance(document);
closeMenus();
listenForKeys();
followStyleSheets();
showCurrentTabs();

htmx.onLoad((element) => {
  if (element !== document.body) enhance(element);
});
document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("[name=csrfmiddlewaretoken]");
  if (token) event.detail.headers["X-CSRFToken"] = token.value;
});

if ("serviceWorker" in navigator && window.isSecureContext) {
  window.addEventListener("load", () => navigator.serviceWorker.register("/sw.js").catch(() => {}));
}
