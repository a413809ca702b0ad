import type { KeepingTold } from "./keeping";
import type { PlacesTold } from "./places";

/** What the reader of a document knows of it; `reading/documents.py` writes it. */
export interface Told {
  file: string;
  ticket: string;
  renew: string;
  size: number;
  version: string;
  name: string;
  home: string;
  site: string;
  title: string;
  language: string;
  citation: string;
  isOpen: boolean;
  /** Where the words that the library has read in it are fetched, page by page; empty without. */
  texts: string;
  places: PlacesTold;
  offline: KeepingTold;
  words: Record<string, string | undefined>;
}

export function toldOf(id: string): Told | null {
  const text = document.getElementById(id)?.textContent;
  return text ? (JSON.parse(text) as Told) : null;
}

/** The file of a document, fetched whole or in parts; a ticket that ran out is renewed. */
export class Source {
  constructor(private readonly told: Told) {}

  /** The bytes from `start` up to and without `end`. */
  async part(start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
    const answer = await this.ask({ Range: `bytes=${String(start)}-${String(end - 1)}` });
    const bytes = new Uint8Array(await answer.arrayBuffer());
    // Who does not know ranges, as what a browser has kept, sends the whole file.
    return answer.status === 206 ? bytes : bytes.slice(start, end);
  }

  async whole(): Promise<Blob> {
    return (await this.ask({})).blob();
  }

  /** What is kept to read it without a line. */
  async *contents(): AsyncGenerator<[string, Response]> {
    yield [this.told.file, await this.ask({})];
  }

  private async ask(headers: Record<string, string>): Promise<Response> {
    let answer = await this.fetch(headers);
    if (answer.status === 403 && (await this.renewed())) answer = await this.fetch(headers);
    if (!answer.ok) throw new Error(`${this.told.file}: ${String(answer.status)}`);
    return answer;
  }

  private fetch(headers: Record<string, string>): Promise<Response> {
    const { file, ticket } = this.told;
    const address = ticket ? `${file}~${ticket}` : file;
    return fetch(address, { headers, credentials: "same-origin" });
  }

  private async renewed(): Promise<boolean> {
    if (!this.told.renew) return false;
    const answer = await fetch(this.told.renew, { credentials: "same-origin" });
    if (!answer.ok) return false;
    this.told.ticket = ((await answer.json()) as { ticket: string }).ticket;
    return true;
  }
}
