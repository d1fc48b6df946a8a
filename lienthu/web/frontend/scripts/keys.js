// Keys of the desks: data-key="F2" presses its button, data-key="Control+z" too unless something is being typed; "/" goes to the search or scan box.
const typing = (element) => element.matches("input, textarea, select, [contenteditable]");

export function listenForKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || event.isComposing) return;
    const control = event.ctrlKey || event.metaKey;
    if (control ? event.target.value : event.key.length === 1 && typing(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    const name = control ? `Control+${event.key.toLowerCase()}` : event.key;
    const target = document.querySelector(`[data-key="${CSS.escape(name)}"]:not(:disabled)`);
    if (target) {
      event.preventDefault();
      target.click();
    } else if (name === "/") {
      const box = document.querySelector("[role=search] input[type=search]");
      if (!box) return;
      event.preventDefault();
      box.focus();
      box.select();
    }
  });
}
