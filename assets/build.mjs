// Builds everything that a browser gets: styles, scripts, icons and fonts.
//
//   node assets/build.mjs [--watch]
import { copyFile, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { watch } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";
import * as esbuild from "esbuild";
import * as sass from "sass";
import subsetFont from "subset-font";
import { iconsOf } from "./icons.mjs";
import { LETTERS } from "./letters.mjs";
import { offlineEngine, offlineScripts } from "./offline.mjs";
import { readers } from "./reading.mjs";

const HERE = path.dirname(fileURLToPath(import.meta.url));
const ROOT = path.dirname(HERE);
const MODULES = path.join(ROOT, "node_modules");
const OUT = path.join(ROOT, "src/tangthu/ui/static/ui");
const ENGINE = path.join(ROOT, "src/tangthu/offline/static/offline");
// Phones in the communes are old: Chrome 90 and Safari 14.1 are four to five years behind.
const TARGET = ["chrome90", "firefox90", "safari14.1"];

const FONTS = [
  ["noto-sans/400Regular/NotoSans_400Regular.ttf", "noto-sans-400"],
  ["noto-sans/600SemiBold/NotoSans_600SemiBold.ttf", "noto-sans-600"],
  ["noto-serif/600SemiBold/NotoSerif_600SemiBold.ttf", "noto-serif-600"],
];

async function styles() {
  // What cards are printed with, and pages read with, is loaded by those pages alone.
  for (const name of ["ui", "cards", "reader", "player", "staff", "correcting", "showing"])
    await style(name);
}

async function style(name) {
  const { css } = sass.compile(path.join(HERE, `scss/${name}.scss`), {
    loadPaths: [MODULES],
    quietDeps: true,
    // Bootstrap 5.3 still joins its files with @import.
    silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"],
  });
  const { code } = await esbuild.transform(css, { loader: "css", minify: true, target: TARGET });
  await writeFile(path.join(OUT, `${name}.css`), code);
}

async function scripts() {
  await esbuild.build({
    entryPoints: [
      "theme",
      "opac",
      "desk",
      "station",
      "push",
      "push-worker",
      "card-scan",
      "card-photo",
      "reader",
      "player",
      "map-places",
      "iiif-flow",
      "uploads",
      "crop",
      "page-camera",
      "correcting",
      "aloud",
      "reading-no-line",
    ].map((name) => path.join(HERE, `ts/${name}.ts`)),
    outdir: OUT,
    bundle: true,
    minify: true,
    format: "iife",
    target: TARGET,
  });
  await offlineScripts(HERE, OUT);
  await readers(HERE, MODULES, OUT);
  await copyFile(path.join(MODULES, "htmx.org/dist/htmx.min.js"), path.join(OUT, "htmx.js"));
}

async function icons() {
  const names = await iconsOf(path.join(ROOT, "src/tangthu"));
  const symbols = await Promise.all(
    names.map(async (name) => {
      const file = path.join(MODULES, `bootstrap-icons/icons/${name}.svg`);
      const svg = await readFile(file, "utf8").catch(() => {
        throw new Error(`Bootstrap Icons has no "${name}", which a template or a menu names`);
      });
      const drawing = svg.replace(/<\/?svg[^>]*>/g, "").replace(/\s*\n\s*/g, "");
      return `<symbol id="${name}" viewBox="0 0 16 16">${drawing}</symbol>`;
    }),
  );
  const sprite = `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
  await writeFile(path.join(OUT, "icons.svg"), sprite);
}

async function brand() {
  for (const name of ["mark.svg", "mark-light.svg"]) {
    const drawing = await readFile(path.join(HERE, "brand", name), "utf8");
    await writeFile(path.join(OUT, name), drawing.replace(/\s*\n\s*/g, ""));
  }
}

/** What we pass on is others' work too: their licences go with it. */
async function licences() {
  const texts = await Promise.all(
    [
      ["Noto Sans", "@expo-google-fonts/noto-sans/LICENSE_FONT"],
      ["Noto Serif", "@expo-google-fonts/noto-serif/LICENSE_FONT"],
      ["Bootstrap", "bootstrap/LICENSE"],
      ["Bootstrap Icons", "bootstrap-icons/LICENSE"],
      ["htmx", "htmx.org/LICENSE"],
      ["jsQR", "jsqr/LICENSE"],
      ["idb", "idb/LICENSE"],
      ["OpenSeadragon", "openseadragon/LICENSE.txt"],
      ["pdf.js", "pdfjs-dist/LICENSE"],
      ["foliate-js", "foliate-js/LICENSE"],
      ["Pyodide (Mozilla Public License 2.0; unchanged)", "pyodide/README.md"],
    ].map(async ([name, file]) => {
      const text = await readFile(path.join(MODULES, file), "utf8");
      return `== ${name} ==\n\n${text.trim()}\n`;
    }),
  );
  await writeFile(path.join(OUT, "LICENCES.txt"), texts.join("\n\n"));
}

/** Subset the fonts; a second build leaves them alone unless the letters or the sources changed. */
async function fonts() {
  const folder = path.join(OUT, "fonts");
  await mkdir(folder, { recursive: true });
  await Promise.all(
    FONTS.map(async ([from, name]) => {
      const source = path.join(MODULES, "@expo-google-fonts", from);
      const target = path.join(folder, `${name}.woff2`);
      if (await isNewer(target, [source, path.join(HERE, "letters.mjs")])) return;
      const subset = await subsetFont(await readFile(source), LETTERS, {
        targetFormat: "woff2",
        noHinting: true,
        // No small capitals, fractions and the like; marks are placed by GPOS, which stays.
        noLayoutClosure: true,
      });
      await writeFile(target, subset);
    }),
  );
}

/** The server sends `name.br` or `name.gz` in place of `name` to a browser that takes it. */
async function compress() {
  const names = (await readdir(OUT)).filter((name) => /\.(css|js|svg)$/.test(name));
  await Promise.all(
    names.map(async (name) => {
      const file = path.join(OUT, name);
      const content = await readFile(file);
      await writeFile(`${file}.br`, await promisify(brotliCompress)(content));
      await writeFile(`${file}.gz`, await promisify(gzip)(content, { level: 9 }));
    }),
  );
}

async function isNewer(target, sources) {
  const [made, ...given] = await Promise.all(
    [target, ...sources].map((file) => stat(file).catch(() => null)),
  );
  return made !== null && given.every((source) => source !== null && source.mtimeMs < made.mtimeMs);
}

async function build() {
  await mkdir(OUT, { recursive: true });
  await Promise.all([styles(), scripts(), icons(), brand(), fonts(), licences()]);
  await offlineEngine(HERE, MODULES, ENGINE);
  await compress();
}

await build();

if (process.argv.includes("--watch")) {
  let pending;
  watch(HERE, { recursive: true }, () => {
    clearTimeout(pending);
    pending = setTimeout(() => build().catch(console.error), 100);
  });
}
