// The readers' share of the build: those of PDF and EPUB are loaded by their own pages alone.
import { cp, mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import * as esbuild from "esbuild";

// pdf.js, in the shape it gives to older browsers, asks for these.
const TARGET = ["chrome103", "firefox115", "safari16.4"];
// What pdf.js fetches when a document asks for it.
const PARTS = [
  ["cmaps", "cmaps"],
  ["standard_fonts", "fonts"],
  ["wasm", "wasm"],
  ["iccs", "iccs"],
];
// The frame of a book's pages may run no script at all. Only Safari needs the word, to tell us of
// keys and fingers (bugs.webkit.org/218086); there, as everywhere, the page's policy forbids it.
const SANDBOX = "'allow-same-origin allow-scripts'";
const STRICTER =
  "'allow-same-origin' + (/applewebkit(?!.*chrome\\/)/i.test(navigator.userAgent) ? ' allow-scripts' : '')";

const withoutScripts = {
  name: "without-scripts",
  setup(build) {
    build.onLoad(
      { filter: /foliate-js\/(paginator|fixed-layout)\.js$/ },
      async ({ path: file }) => {
        const text = await readFile(file, "utf8");
        if (!text.includes(SANDBOX)) throw new Error(`${file} has no sandbox to make stricter`);
        return { contents: text.replaceAll(SANDBOX, STRICTER), loader: "js" };
      },
    );
  },
};

/** The readers' scripts and styles, with pdf.js's worker and the files it fetches. */
export async function readers(from, modules, out) {
  const pdfjs = path.join(modules, "pdfjs-dist");
  const common = { outdir: out, bundle: true, minify: true, format: "esm", target: TARGET };
  await esbuild.build({
    ...common,
    entryPoints: ["reader-pdf", "reader-epub"].map((name) => path.join(from, `ts/${name}.ts`)),
    plugins: [withoutScripts],
  });
  await esbuild.build({
    ...common,
    entryPoints: [path.join(from, "ts/reading-sw.ts")],
    format: "iife",
  });
  await esbuild.build({
    ...common,
    entryPoints: { "reader-pdf-worker": path.join(pdfjs, "legacy/build/pdf.worker.mjs") },
  });
  await pdfStyle(pdfjs, out);
  await Promise.all(
    PARTS.map(async ([name, as]) => {
      const target = path.join(out, "pdf", as);
      await mkdir(target, { recursive: true });
      await cp(path.join(pdfjs, name), target, { recursive: true });
    }),
  );
}

async function pdfStyle(pdfjs, out) {
  await esbuild.build({
    entryPoints: { "reader-pdf": path.join(pdfjs, "legacy/web/pdf_viewer.css") },
    outdir: out,
    bundle: true,
    minify: true,
    loader: { ".svg": "dataurl", ".gif": "dataurl", ".cur": "dataurl" },
    target: TARGET,
    logLevel: "error",
  });
}
