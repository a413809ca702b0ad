/**
 * Opens kept documents without a line, until they are due. With a line it gives way: the server
 * then says what opens. What is due, or does not open any more, is removed.
 */

import { cacheOf, FROM_KEPT, keptNames, sweep } from "./reading/kept";

// Typed by hand: the DOM library and the worker library cannot both be loaded.
interface Waiting extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface Asked extends Event {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}

interface Worker {
  clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: "install" | "activate", handle: (event: Waiting) => void): void;
  addEventListener(type: "fetch", handle: (event: Asked) => void): void;
}

const worker = self as unknown as Worker;
/** Not named as a document's: it is kept for as long as this worker is. */
const SHELL = "no-line";
const NO_LINE = "/read/no-line";
const DOCUMENT = /^\/read\/[^/]+\//;

/** The address without its ticket: that of another day is not this one's. */
function plain(address: string): string {
  const { pathname } = new URL(address);
  return pathname.replace(/~[^/]*$/, "");
}

/** The page of one recording of several; of everything else its path says what it is. */
function ofPart(address: string): string {
  const part = new URL(address).searchParams.get("part");
  return part ? `${plain(address)}?part=${part}` : plain(address);
}

/** Players ask for parts of a file, and go back and forth in it only where they get them. */
async function parted(request: Request, whole: Response): Promise<Response> {
  const asked = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get("Range") ?? "");
  if (!asked) return whole;
  const file = await whole.blob();
  const start = Number(asked[1]);
  const end = Math.min(asked[2] ? Number(asked[2]) + 1 : file.size, file.size);
  if (start >= end) {
    return new Response(null, {
      status: 416,
      headers: { "Content-Range": `bytes */${String(file.size)}` },
    });
  }
  const headers = new Headers(whole.headers);
  headers.set("Content-Range", `bytes ${String(start)}-${String(end - 1)}/${String(file.size)}`);
  headers.set("Content-Length", String(end - start));
  return new Response(file.slice(start, end, file.type), { status: 206, headers });
}

async function kept(request: Request): Promise<Response | undefined> {
  await sweep();
  const path = plain(request.url);
  // The page of a scan stands for all of its pages.
  const home = request.mode === "navigate" ? DOCUMENT.exec(path)?.[0] : undefined;
  for (const name of await keptNames()) {
    const cache = await caches.open(name);
    const found =
      (await cache.match(ofPart(request.url), { ignoreVary: true })) ??
      (await cache.match(path, { ignoreVary: true, ignoreSearch: true })) ??
      (home && (await cache.match(home, { ignoreVary: true, ignoreSearch: true })));
    if (found) return parted(request, found);
  }
  return undefined;
}

/** What the page of a kept scan asks for is what was kept with it. */
async function asked(request: Request): Promise<Response | undefined> {
  const isKept = request.mode !== "navigate" && new URL(request.url).search === FROM_KEPT;
  return isKept && !DOCUMENT.test(new URL(request.url).pathname) ? kept(request) : undefined;
}

/** The document does not open any more: given back, withdrawn, or closed. */
function isShut(request: Request, answer: Response): boolean {
  return request.mode === "navigate" && [403, 404].includes(answer.status);
}

async function answer(request: Request): Promise<Response> {
  const home = DOCUMENT.exec(new URL(request.url).pathname)?.[0] ?? "";
  const own = await asked(request);
  if (own) return own;
  try {
    const fresh = await fetch(request);
    if (home && isShut(request, fresh)) await caches.delete(cacheOf(home));
    return fresh;
  } catch (error) {
    return alone(request, error);
  }
}

/** What there is without a line. */
async function alone(request: Request, error: unknown): Promise<Response> {
  const found = (await kept(request)) ?? (await withoutLine(request));
  if (found) return found;
  throw error;
}

/** Keep the page that says that there is no line, with its styles and scripts. */
async function keepShell(): Promise<void> {
  const page = await fetch(NO_LINE, { cache: "no-cache" });
  if (!page.ok) return;
  const cache = await caches.open(SHELL);
  const told = (await page.clone().text()).matchAll(/(?:href|src)="(\/static\/[^"#]+)/g);
  await cache.addAll([...new Set(Array.from(told, ([, part]) => part ?? ""))]);
  await cache.put(NO_LINE, page);
}

/** Our own page instead of the browser's, and what it is made of. */
function withoutLine(request: Request): Promise<Response | undefined> {
  const address = request.mode === "navigate" ? NO_LINE : request.url;
  return caches.match(address, { cacheName: SHELL, ignoreVary: true });
}

worker.addEventListener("install", (event) => {
  // A worker without this page still opens what is kept.
  event.waitUntil(Promise.all([worker.skipWaiting(), keepShell().catch(() => undefined)]));
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(sweep().then(() => worker.clients.claim()));
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method === "GET" && new URL(request.url).origin === location.origin)
    event.respondWith(answer(request));
});
