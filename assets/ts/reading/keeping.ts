import { toast } from "../toast";
import { part } from "./data";
import { dueSaid } from "./due";
import { cacheOf, dueOf, isWhole, noteDue } from "./kept";

/** Whether the document may be kept in this browser, and until when; no end for what is open. */
export interface KeepingTold {
  allowed: boolean;
  due: number | null;
}

/** What is kept: of each address of ours what it answers. */
export interface Kept {
  /** What `kept` measures already need not come again. */
  contents: (kept: Measure) => AsyncIterable<[address: string, answer: Response]>;
  /** Where the page itself is fetched, if not where it is read. */
  page?: string;
  /** What came before the line broke stays, and the rest comes when it is asked for again. */
  goesOn?: boolean;
}

/** The bytes that are kept under an address; null where nothing is. */
export type Measure = (address: string) => Promise<number | null>;

/** The document does not get kept, for a reason that the reader is told. */
export class NotKept extends Error {}

interface Told {
  home: string;
  offline: KeepingTold;
  words: Record<string, string | undefined>;
}

const WORKER = "/read/sw.js";
const SCOPE = "/read/";

/** Keeps a document in the browser, to be read without a line until it is due. */
export class Keeping {
  private readonly button = part("offline");
  private readonly name: string;
  private isBusy = false;

  constructor(
    private readonly told: Told,
    private readonly kept: Kept,
  ) {
    this.name = cacheOf(told.home);
  }

  async start(): Promise<void> {
    const isThere = "serviceWorker" in navigator && "caches" in window;
    if (!isThere || !this.told.offline.allowed || !this.button) return;
    this.button.hidden = false;
    await this.show(await isWhole(this.name));
    addEventListener("online", () => {
      this.tell("");
    });
    addEventListener("offline", () => void isWhole(this.name).then((isKept) => this.show(isKept)));
    this.button.addEventListener("click", () => void this.toggle());
  }

  private async toggle(): Promise<void> {
    if (this.isBusy) return;
    const isKept = await isWhole(this.name);
    if (isKept) await caches.delete(this.name);
    else if (!(await this.keep())) return;
    await this.show(!isKept);
    toast((isKept ? this.told.words.notKept : this.told.words.kept) ?? "", "success");
  }

  private async keep(): Promise<boolean> {
    this.tellBusy(true);
    try {
      await navigator.serviceWorker.register(WORKER, { scope: SCOPE });
      await this.fill(await caches.open(this.name));
      return true;
    } catch (error) {
      await this.giveUp(error);
      return false;
    } finally {
      this.tellBusy(false);
    }
  }

  private async fill(cache: Cache): Promise<void> {
    const { due } = this.told.offline;
    // What comes in parts goes when it is due, whole or not.
    if (this.kept.goesOn) await noteDue(this.name, due, true);
    const measure: Measure = async (address) => {
      const found = await cache.match(address, { ignoreVary: true });
      return found ? Number(found.headers.get("Content-Length")) : null;
    };
    for await (const part of this.kept.contents(measure)) await put(cache, part);
    await cache.addAll(partsOfPage());
    await put(cache, [this.told.home, await fetched(this.kept.page ?? this.told.home)]);
    await noteDue(this.name, due);
  }

  private async giveUp(error: unknown): Promise<void> {
    const { cannotKeep, keptInPart } = this.told.words;
    const isFull = error instanceof DOMException && error.name === "QuotaExceededError";
    const stays = this.kept.goesOn && !isFull && !(error instanceof NotKept);
    if (!stays) await caches.delete(this.name);
    const reason = error instanceof NotKept ? error.message : stays ? keptInPart : cannotKeep;
    toast(reason ?? "", "stop");
  }

  private tellBusy(isBusy: boolean): void {
    this.isBusy = isBusy;
    if (isBusy) this.button?.setAttribute("aria-busy", "true");
    else this.button?.removeAttribute("aria-busy");
  }

  /** Light the button; who has no line reads that the document is kept, and until when. */
  private async show(isKept: boolean): Promise<void> {
    const words = isKept ? await this.saidOfKept() : "";
    this.button?.setAttribute("aria-pressed", String(isKept));
    if (words) this.button?.setAttribute("title", words);
    else this.button?.removeAttribute("title");
    this.tell(navigator.onLine ? "" : words);
  }

  private async saidOfKept(): Promise<string> {
    const { keptUntil, keptForGood } = this.told.words;
    const due = await dueOf(this.name);
    if (typeof due !== "number") return keptForGood ?? "";
    return (keptUntil ?? "").replace("{due}", dueSaid(due));
  }

  /** Say it in a line of its own above the page; nothing but a line to the library removes it. */
  private tell(words: string): void {
    document.querySelector(".reading-kept")?.remove();
    if (!words) return;
    const line = document.createElement("p");
    line.className = "reading-kept small";
    line.setAttribute("role", "status");
    line.textContent = words;
    document.querySelector(".reading-main")?.before(line);
  }
}

export function fetched(address: string): Promise<Response> {
  return fetch(address, { credentials: "same-origin" });
}

async function put(cache: Cache, [address, answer]: [string, Response]): Promise<void> {
  if (!answer.ok) throw new Error(`${address}: ${String(answer.status)}`);
  await cache.put(address, answer);
}

/** The styles, scripts, letters and workers that this page was made with. */
function partsOfPage(): string[] {
  const fetched = performance.getEntriesByType("resource").map(({ name }) => name);
  const worker = part("stage")?.dataset.worker ?? "";
  const named = [...fetched, ...(worker ? [new URL(worker, window.location.href).href] : [])];
  const ours = named.filter((name) => new URL(name).origin === window.location.origin);
  const parts = ours.filter((name) => new URL(name).pathname.startsWith("/static/"));
  return [...new Set(parts.map((name) => name.split("#")[0] ?? name))];
}
