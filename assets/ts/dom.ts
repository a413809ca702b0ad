/** Listen on the whole document for events on elements that match, now or after a swap. */
export function on<K extends keyof DocumentEventMap>(
  type: K,
  selector: string,
  handle: (element: HTMLElement, event: DocumentEventMap[K]) => void,
): void {
  document.addEventListener(type, (event) => {
    const start = event.target;
    const found = start instanceof Element ? start.closest<HTMLElement>(selector) : null;
    if (found) handle(found, event);
  });
}

/** Run for every matching element: those here now, and those that a swap brings later. */
export function each(selector: string, start: (element: HTMLElement) => void): void {
  const within = (root: ParentNode): void => {
    root.querySelectorAll<HTMLElement>(selector).forEach(start);
  };
  within(document);
  document.addEventListener("htmx:afterSettle", (event) => {
    const target = event.target;
    if (!(target instanceof HTMLElement)) return;
    if (target.matches(selector)) start(target);
    within(target);
  });
}

/** A sentence in the page's language, which the page carries on its body. */
export function sentence(name: string): string {
  return document.body.dataset[name] ?? "";
}

/** Storage may be forbidden (private windows, strict settings): then nothing is remembered. */
export function remember(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    return;
  }
}

export function recall(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable ||
    target.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=button])")
  );
}
