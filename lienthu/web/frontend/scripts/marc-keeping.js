// Checks a short while after the last key and keeps a draft every few seconds, and once more when the page is left.
const CHECK_AFTER = 450;
const KEEP_AFTER = 2500;

export function keepDrafts(form, { sheet, show }) {
  const told = document.querySelector("[data-kept]");
  const side = document.querySelector("[data-side]");
  const warning = document.querySelector("[data-changed]");
  let checking, waiting;
  let dirty = false;
  let sending = false;
  let sequence = 0;

  function body() {
    const data = new FormData(form);
    if (sheet) {
      for (const name of ["tag", "ind", "text"]) data.delete(name);
      data.set("sheet", JSON.stringify(sheet()));
    }
    return data;
  }

  async function ask(url) {
    const mine = ++sequence;
    const answer = await fetch(url, { method: "POST", body: body() });
    if (!answer.ok) return null;
    const found = await answer.json();
    // A later question has been asked: its answer counts.
    if (mine === sequence) {
      show(found);
      if (found.side) side.innerHTML = found.side;
      if (warning) warning.hidden = !found.changed;
    }
    return found;
  }

  async function keep() {
    if (sending || !dirty) return;
    sending = true;
    dirty = false;
    try {
      const found = await ask(form.dataset.keep);
      if (found) {
        form.elements.draft.value = found.draft;
        if (told) told.textContent = found.kept_words;
      } else dirty = true;
    } catch {
      dirty = true; // no line: the next change or the page's end tries again
    }
    sending = false;
  }

  function changed() {
    dirty = true;
    clearTimeout(checking);
    clearTimeout(waiting);
    checking = setTimeout(() => ask(form.dataset.check).catch(() => {}), CHECK_AFTER);
    waiting = setTimeout(keep, KEEP_AFTER);
  }

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", () => {
    dirty = false;
    clearTimeout(waiting);
    clearTimeout(checking);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && dirty && !sending) {
      dirty = false;
      fetch(form.dataset.keep, { method: "POST", body: body(), keepalive: true }).catch(() => (dirty = true));
    }
  });
  window.addEventListener("pagehide", () => {
    if (dirty && !sending) fetch(form.dataset.keep, { method: "POST", body: body(), keepalive: true }).catch(() => {});
  });
  return { changed, body };
}
