// Builds static/dist: styles, script, the icons in use, fonts. `npm run build`; `npm run watch` while working on it.
import { readFileSync, writeFileSync, mkdirSync, rmSync, copyFileSync, readdirSync, existsSync, watch, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import * as esbuild from "esbuild";
import * as sass from "sass";
import { brocade } from "./brocade.mjs";
import { buildHanNom } from "./han-nom.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, "../../..");
const modules = join(root, "node_modules");
const dist = join(here, "../static/dist");
const browsers = ["chrome100", "firefox100", "safari15"];

// Latin and Vietnamese are what nearly every page needs; latin-ext is fetched only where its letters stand.
const fonts = {
  "@fontsource/be-vietnam-pro/files/be-vietnam-pro-%-400-normal.woff2": "be-vietnam-pro-%-400.woff2",
  "@fontsource/be-vietnam-pro/files/be-vietnam-pro-%-600-normal.woff2": "be-vietnam-pro-%-600.woff2",
  "@fontsource-variable/literata/files/literata-%-wght-normal.woff2": "literata-%.woff2",
};

function filesBelow(folder, ending) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(ending) && !name.includes("static/dist"))
    .map((name) => join(folder, name));
}

function copyFonts() {
  mkdirSync(join(dist, "fonts"), { recursive: true });
  for (const [source, target] of Object.entries(fonts)) {
    for (const letters of ["vietnamese", "latin", "latin-ext"]) {
      copyFileSync(join(modules, source.replace("%", letters)), join(dist, "fonts", target.replace("%", letters)));
    }
  }
}

function iconNames() {
  const names = new Set(readFileSync(join(here, "icons.txt"), "utf8").split(/\s+/).filter(Boolean));
  const uses = [/{%\s*icon\s+["']([\w-]+)["']/g, /\bicon(?:_name)?=["']([\w-]+)["']/g];
  for (const file of [...filesBelow(join(root, "lienthu"), ".html"), ...filesBelow(join(root, "lienthu"), ".py")]) {
    const text = readFileSync(file, "utf8");
    for (const use of uses) for (const found of text.matchAll(use)) names.add(found[1]);
  }
  return [...names].sort();
}

function buildIcons() {
  const symbols = iconNames().map((name) => {
    const file = join(modules, "@tabler/icons/icons/outline", `${name}.svg`);
    if (!existsSync(file)) throw new Error(`No Tabler icon is called "${name}".`);
    const shapes = readFileSync(file, "utf8").replace(/<!--[\s\S]*?-->/, "").match(/<svg[\s\S]*?>([\s\S]*)<\/svg>/)[1];
    return `<symbol id="${name}" viewBox="0 0 24 24">${shapes.replace(/\n\s*/g, "")}</symbol>`;
  });
  writeFileSync(join(dist, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`);
}

function buildImages() {
  writeFileSync(join(dist, "brocade.svg"), brocade());
  for (const name of readdirSync(join(here, "images"))) copyFileSync(join(here, "images", name), join(dist, name));
}

function buildStyles() {
  for (const name of ["app", "desk"]) {
    const compiled = sass.compile(join(here, "styles", `${name}.scss`), {
      loadPaths: [modules],
      quietDeps: true,
      silenceDeprecations: ["import", "global-builtin"],
    });
    const { code } = esbuild.transformSync(compiled.css, { loader: "css", minify: true, target: browsers });
    writeFileSync(join(dist, `${name}.css`), code);
  }
}

function buildScripts() {
  esbuild.buildSync({
    entryPoints: ["app", "push", "marc-editor", "isbn-scan", "counter", "stock", "scan-list", "barcode-reader", "offline-desk", "offline-enrol"].map((name) => join(here, `scripts/${name}.js`)),
    outdir: dist,
    bundle: true,
    minify: true,
    format: "esm",
    target: browsers,
    legalComments: "none",
    nodePaths: [modules],
    logLevel: "warning",
  });
}

function sizes(folder, prefix = "") {
  for (const name of readdirSync(folder).sort()) {
    const file = join(folder, name);
    if (statSync(file).isDirectory()) sizes(file, `${name}/`);
    else {
      const bytes = readFileSync(file);
      const sent = name.endsWith("woff2") ? bytes.length : brotliCompressSync(bytes).length;
      console.log(`${(sent / 1000).toFixed(1).padStart(8)} kB  ${prefix}${name}`);
    }
  }
}

async function build() {
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  copyFonts();
  await buildHanNom({ here, modules, dist });
  buildImages();
  buildIcons();
  buildStyles();
  buildScripts();
}

await build();
sizes(dist);
if (process.argv.includes("--watch")) {
  let waiting;
  watch(here, { recursive: true }, () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      try {
        await build();
        console.log(new Date().toLocaleTimeString());
      } catch (problem) {
        console.error(problem.message);
      }
    }, 100);
  });
}
