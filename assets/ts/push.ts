// Notifications on the reader's device: switched on and off on the page of their messages.
import { on } from "./dom";

const WORKER = "/sw.js";

function decoded(key: string): Uint8Array<ArrayBuffer> {
  const plain = atob(key.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

async function tell(part: HTMLElement, said: unknown): Promise<void> {
  const token = document.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]");
  const answer = await fetch(part.dataset.pushUrl ?? "", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token?.value ?? "" },
    body: JSON.stringify(said),
  });
  if (!answer.ok) throw new Error(String(answer.status));
}

async function subscription(): Promise<PushSubscription | null> {
  const worker = await navigator.serviceWorker.getRegistration("/");
  return (await worker?.pushManager.getSubscription()) ?? null;
}

async function show(part: HTMLElement): Promise<void> {
  const known = await subscription();
  part.querySelector<HTMLElement>("[data-push-on]")?.toggleAttribute("hidden", known !== null);
  part.querySelector<HTMLElement>("[data-push-off]")?.toggleAttribute("hidden", known === null);
}

async function switchOn(part: HTMLElement): Promise<void> {
  await navigator.serviceWorker.register(WORKER, { scope: "/" });
  const worker = await navigator.serviceWorker.ready;
  const known = await worker.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: decoded(part.dataset.push ?? ""),
  });
  await tell(part, known.toJSON());
}

async function switchOff(part: HTMLElement): Promise<void> {
  const known = await subscription();
  if (!known) return;
  await tell(part, { endpoint: known.endpoint, ended: true });
  await known.unsubscribe();
}

async function attempt(part: HTMLElement, deed: (part: HTMLElement) => Promise<void>) {
  const say = part.querySelector<HTMLElement>("[data-push-say]");
  if (say) say.textContent = "";
  try {
    await deed(part);
  } catch {
    if (say) say.textContent = part.dataset.sayBlocked ?? "";
  }
  await show(part);
}

const part = document.querySelector<HTMLElement>("[data-push]");
if (part && "serviceWorker" in navigator && "PushManager" in window) {
  void show(part);
  on("click", "[data-push-on]", () => void attempt(part, switchOn));
  on("click", "[data-push-off]", () => void attempt(part, switchOff));
} else {
  part?.setAttribute("hidden", "");
}
