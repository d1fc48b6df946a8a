// A part that htmx puts into the page may be the first with Han or Nom signs: lienthu/web/han.py names the sheet then.
export function followStyleSheets() {
  document.addEventListener("htmx:beforeSwap", ({ detail: { xhr } }) => {
    const address = xhr.getResponseHeader("X-Style-Sheet");
    if (!address || [...document.styleSheets].some((sheet) => sheet.href === new URL(address, location.href).href)) return;
    document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: address }));
  });
}
