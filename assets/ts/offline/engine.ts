import type { Settings } from "./types";

interface Python {
  unpackArchive(content: ArrayBuffer, format: string, options: { extractDir: string }): void;
  runPython(code: string): unknown;
  globals: { get(name: string): unknown };
}

interface Loader {
  loadPyodide(options: { indexURL: string }): Promise<Python>;
}

type Answer = (question: string) => string;

const START = `
import sys
sys.path.insert(0, "/rules")
from tangthu.offline.policy import open_desk
`;

/** The library's rules, the very modules that the server runs, in the browser's Python. */
export class Engine {
  private desk: Answer | undefined;

  private constructor(private readonly open: (book: string) => Answer) {}

  static async start(settings: Settings): Promise<Engine> {
    const loader = (await import(`${settings.engine}pyodide.mjs`)) as Loader;
    const python = await loader.loadPyodide({ indexURL: settings.engine });
    const answer = await fetch(`${settings.page}rules.zip?v=${settings.rules}`);
    if (!answer.ok) throw new Error(`rules: ${String(answer.status)}`);
    python.unpackArchive(await answer.arrayBuffer(), "zip", { extractDir: "/rules" });
    python.runPython(START);
    return new Engine(python.globals.get("open_desk") as (book: string) => Answer);
  }

  read(book: string): void {
    this.desk = this.open(book);
  }

  get isReady(): boolean {
    return this.desk !== undefined;
  }

  ask(question: Record<string, unknown>): unknown {
    if (!this.desk) throw new Error("no book of rules");
    return JSON.parse(this.desk(JSON.stringify(question)));
  }
}
