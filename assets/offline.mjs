// The offline desk's share of the build: its page, its worker, its service worker, and the
// browser's Python, which we serve ourselves.
import { copyFile, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import * as esbuild from "esbuild";

const PYTHON = [
  "pyodide.mjs",
  "pyodide.asm.mjs",
  "pyodide.asm.wasm",
  "python_stdlib.zip",
  "pyodide-lock.json",
];
const ICONS = ["icon-192.png", "icon-512.png"];
// The browser's Python asks for a browser of 2024, so the rest may.
const TARGET = ["chrome120", "firefox128", "safari17.4"];

/** The scripts, beside those of the other pages. */
export async function offlineScripts(from, out) {
  const common = { outdir: out, bundle: true, minify: true, target: TARGET };
  await esbuild.build({
    ...common,
    entryPoints: { offline: path.join(from, "ts/offline/page.ts") },
    format: "iife",
  });
  await esbuild.build({
    ...common,
    entryPoints: { "offline-worker": path.join(from, "ts/offline/worker.ts") },
    format: "esm",
  });
  await esbuild.build({
    ...common,
    entryPoints: { "offline-sw": path.join(from, "ts/offline/sw.ts") },
    format: "iife",
  });
}

/** The browser's Python and the icons of the installed page; a second build copies nothing. */
export async function offlineEngine(from, modules, out) {
  await mkdir(out, { recursive: true });
  await Promise.all([
    ...PYTHON.map((name) => bring(path.join(modules, "pyodide", name), path.join(out, name))),
    ...ICONS.map((name) => copyFile(path.join(from, "brand", name), path.join(out, name))),
  ]);
}

async function bring(source, target) {
  const [made, given] = await Promise.all([stat(target).catch(() => null), stat(source)]);
  if (made !== null && made.size === given.size && made.mtimeMs >= given.mtimeMs) return;
  const content = await readFile(source);
  await writeFile(target, content);
  if (target.endsWith(".zip")) return;
  await writeFile(`${target}.gz`, await promisify(gzip)(content, { level: 9 }));
}
