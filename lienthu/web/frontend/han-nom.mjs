// Fonts for Han and Nom signs beyond the common block, and the style sheet that names them (lienthu/web/han.py says
// which pages get it). The package holds 1,024 signs a file, over 200 kB each; a title of ten signs would fetch ten of
// them. So the signs of Vietnamese writing (han-nom.txt) are cut out of each file into a small one, which comes later
// in the sheet and therefore wins; the whole files follow only for the signs of other Han texts.
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import subset from "subset-font";

const family = "Hán Nôm";

function numbers(range) {
  const [first, last = first] = range.replace(/^U\+/i, "").split("-").map((code) => parseInt(code, 16));
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}

function ranges(codes) {
  const found = [];
  for (const code of codes) {
    const last = found.at(-1);
    if (last && last[1] === code - 1) last[1] = code;
    else found.push([code, code]);
  }
  return found.map(([first, last]) => `U+${first.toString(16)}${last > first ? `-${last.toString(16)}` : ""}`).join(",");
}

function face(file, range) {
  return `@font-face{font-family:"${family}";font-style:normal;font-weight:400;font-display:swap;src:url(fonts/${file}) format("woff2");unicode-range:${range}}`;
}

function partsOf(sheet) {
  const faces = sheet.matchAll(/url\((HanaMin\w\.CJK-Unified-Ideographs-Extension-[\w-]+\.woff2)\)[^}]*?unicode-range:\s*([^;}]+)/g);
  return [...faces].map(([, file, range]) => ({ file, codes: range.split(/\s*,\s*/).flatMap(numbers) }));
}

export async function buildHanNom({ here, modules, dist }) {
  const text = readFileSync(join(here, "han-nom.txt"), "utf8");
  const vietnamese = new Set(text.replace(/^#.*$/gm, "").split(/\s+/).filter(Boolean).flatMap(numbers));
  const whole = [];
  const cut = [];
  for (const { file, codes } of partsOf(readFileSync(join(modules, "hanamin/HanaMin.css"), "utf8"))) {
    const source = join(modules, "hanamin", file);
    const name = file.replace(/HanaMin\w\.CJK-Unified-Ideographs-Extension-/, "").toLowerCase();
    copyFileSync(source, join(dist, "fonts", `han-${name}`));
    whole.push(face(`han-${name}`, ranges(codes)));
    const wanted = codes.filter((code) => vietnamese.has(code));
    if (!wanted.length) continue;
    const signs = String.fromCodePoint(...wanted);
    writeFileSync(join(dist, "fonts", `nom-${name}`), await subset(readFileSync(source), signs, { targetFormat: "woff2" }));
    cut.push(face(`nom-${name}`, ranges(wanted)));
  }
  writeFileSync(join(dist, "han-nom.css"), [...whole, ...cut].join("\n"));
}
