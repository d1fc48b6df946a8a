// Boxes for the places of a fixed field: what is chosen goes into the field, and the boxes follow its first characters.
export function enhanceBoxes(form, leader, changed) {
  const fieldOf = (boxes) => boxes.parentElement.querySelector("[name=text], [name=leader]");
  const tagOf = (boxes) => (boxes.dataset.boxes === "LDR" ? "LDR" : boxes.parentElement.querySelector("[name=tag]").value);

  function put(input) {
    const boxes = input.closest("[data-boxes]");
    const field = fieldOf(boxes);
    const start = Number(input.dataset.start);
    const length = Number(input.dataset.length);
    const value = field.value.padEnd(start + length, "#");
    const stated = input.value.padEnd(length, "#").slice(0, length);
    field.value = value.slice(0, start) + stated + value.slice(start + length);
    changed();
    if (boxes.dataset.boxes === "LDR") form.querySelectorAll("[data-row] [data-boxes][open]").forEach(fill);
  }

  async function fill(boxes) {
    const query = new URLSearchParams({ tag: tagOf(boxes), value: fieldOf(boxes).value, leader: leader() });
    query.set("place", `${tagOf(boxes)}${[...form.querySelectorAll("[data-boxes]")].indexOf(boxes)}`);
    const answer = await fetch(`${form.dataset.boxesUrl}?${query}`);
    if (answer.ok) boxes.querySelector("[data-boxes-body]").innerHTML = await answer.text();
  }

  form.addEventListener("change", (event) => {
    if (event.target.dataset.start !== undefined) put(event.target);
  });
  form.addEventListener(
    "toggle",
    (event) => {
      if (event.target.matches("[data-boxes]") && event.target.open) fill(event.target);
    },
    true,
  );
}
