// Keys of the desks: data-key="F2" presses its button; "/" goes to the search or scan box.
const typing = (element) => element.matches("input, textarea, select, [contenteditable]");

export function listenForKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key.length === 1 && typing(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]:not(:disabled)`);
    if (target) {
      event.preventDefault();
      target.click();
    } else if (event.key === "/") {
      const box = document.querySelector("[role=search] input[type=search]");
      if (!box) return;
      event.preventDefault();
      box.focus();
      box.select();
    }
  });
}
