// A row of tabs that is wider than the screen opens at the tab of this page.
export function showCurrentTabs() {
  for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
    const row = tab.closest(".tabs");
    const [here, there] = [row.getBoundingClientRect(), tab.getBoundingClientRect()];
    row.scrollLeft += there.left - here.left - (here.width - there.width) / 2;
  }
}
