// Elements below `root` that match and were not taken before, so that swapped parts can be enhanced again.
export function fresh(root, selector, mark) {
  const found = [...root.querySelectorAll(selector)];
  if (root.matches?.(selector)) found.push(root);
  return found.filter((element) => {
    const seen = element.dataset[mark];
    element.dataset[mark] = "1";
    return !seen;
  });
}
