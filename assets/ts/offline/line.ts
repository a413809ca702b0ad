import type { DeskEvent, ItemRow, PatronRow, Session } from "./types";

/** The server answered, but not as hoped. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly data: Record<string, unknown> = {},
  ) {
    super(code);
  }
}

/** Nobody is logged in: the server sends to its login page. */
export class LoggedOut extends Error {}

const PATIENCE = 20_000;

export interface Page<Row> {
  rows: Row[];
  last: number | null;
}

export interface News {
  position: string;
  patrons?: PatronRow[];
  items?: ItemRow[];
  gone_patrons?: number[];
  gone_items?: number[];
  more?: boolean;
  anew?: boolean;
}

export interface Result {
  id: string;
  state: "waiting" | "done" | "noted" | "refused" | "settled" | "dismissed";
  code: string;
  patron: number | null;
}

export interface Receipt {
  results: Result[];
  to_do: number;
  now: string;
  rows?: News;
}

export interface Clocks {
  wall: string;
  run: string;
  ticks: number;
}

/** The conversation with the server. */
export class Line {
  csrf = "";

  constructor(private readonly home: string) {}

  session(device: string): Promise<Session> {
    return this.ask<Session>(`session?device=${device}`);
  }

  enrol(
    name: string,
  ): Promise<{ uid: string; name: string; library: { id: number; name: string } }> {
    return this.ask("enrol", { name });
  }

  keys(uid: string, knownBy: string): Promise<{ data: string; data_id: string; file: string }> {
    return this.ask(`device/${uid}/key`, { known_by: knownBy });
  }

  ready(uid: string, used: string[]): Promise<{ position: string; cards: string[] }> {
    return this.ask(`device/${uid}/ready`, { used });
  }

  book(uid: string, have: string): Promise<{ version: string; book: unknown } | null> {
    return this.ask(`device/${uid}/book?have=${have}`);
  }

  page<Row>(uid: string, part: string, after: number): Promise<Page<Row>> {
    return this.ask(`device/${uid}/${part}?after=${String(after)}`);
  }

  news(uid: string, since: string): Promise<News> {
    return this.ask(`device/${uid}/news?since=${encodeURIComponent(since)}`);
  }

  hand(uid: string, after: number, reading: Clocks, events: DeskEvent[]): Promise<Receipt> {
    return this.ask(`device/${uid}/events`, { after, reading, events });
  }

  private async ask<T>(path: string, body?: unknown): Promise<T> {
    const answer = await fetch(this.home + path, {
      method: body === undefined ? "GET" : "POST",
      redirect: "manual",
      credentials: "same-origin",
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE),
      headers: { "X-CSRFToken": this.csrf, "Content-Type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (answer.type === "opaqueredirect") throw new LoggedOut();
    if (answer.status === 204) return null as T;
    if (answer.ok) return (await answer.json()) as T;
    throw await refusal(answer);
  }
}

async function refusal(answer: Response): Promise<Refused> {
  const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
  const data = isJson ? ((await answer.json()) as Record<string, unknown>) : {};
  return new Refused(answer.status, typeof data.code === "string" ? data.code : "failed", data);
}
