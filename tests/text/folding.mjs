// Reads texts as JSON from standard input, and answers what assets/ts/folding.ts makes of them.
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const built = await esbuild.build({
  entryPoints: [path.join(ROOT, "assets/ts/folding.ts")],
  bundle: true,
  format: "esm",
  write: false,
  target: ["chrome90", "firefox90", "safari14.1"],
});
const code = Buffer.from(built.outputFiles[0].contents).toString("base64");
const { fold, occurrences, wordsOf } = await import(`data:text/javascript;base64,${code}`);

let given = "";
for await (const piece of process.stdin) given += piece;
const { texts, questions } = JSON.parse(given);
const answer = {
  folded: texts.map(fold),
  words: texts.map(wordsOf),
  found: questions.map(([text, asked]) =>
    occurrences(text, asked).map(({ start, end }) => text.slice(start, end)),
  ),
};
process.stdout.write(JSON.stringify(answer));
