// The strip at the top of every page, drawn like a stitch chart of Tày and Dao brocade: one letter is one stitch.
// A row reads from the left edge to the middle of the motif; the right half mirrors it, so does the lower half.
const chart = [
  "rr.rr.rr.rr.r",
  ".............",
  "..g........r.",
  ".g.g......r.r",
  "g...g.w..r.w.",
];
const colours = { r: "#c8372d", g: "#e0a526", w: "#f3eee2" };
const ground = "#1d3557";
const stitch = 2;

export function brocade() {
  const half = [...chart, ...chart.slice(0, -1).reverse()];
  const rows = half.map((row) => row + [...row].reverse().slice(1).join("").slice(0, -1));
  const [width, height] = [rows[0].length * stitch, rows.length * stitch];
  const paths = Object.entries(colours).map(([letter, colour]) => {
    let path = "";
    rows.forEach((row, y) => {
      for (const run of row.matchAll(new RegExp(`${letter}+`, "g"))) {
        path += `M${run.index * stitch} ${y * stitch}h${run[0].length * stitch}v${stitch}h-${run[0].length * stitch}z`;
      }
    });
    return `<path fill="${colour}" d="${path}"/>`;
  });
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" shape-rendering="crispEdges">` +
    `<path fill="${ground}" d="M0 0h${width}v${height}H0z"/>${paths.join("")}</svg>`
  );
}
