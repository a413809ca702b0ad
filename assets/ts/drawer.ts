import { on } from "./dom";

const FOCUSABLE = "a[href], button:not([disabled]), input, select, summary";
let opener: HTMLElement | null = null;
let role: string | null = null;

function close(drawer: HTMLElement): void {
  drawer.classList.remove("is-open");
  if (role) drawer.setAttribute("role", role);
  else drawer.removeAttribute("role");
  drawer.removeAttribute("aria-modal");
  document.body.classList.remove("has-drawer");
  opener?.setAttribute("aria-expanded", "false");
  opener?.focus();
  opener = null;
}

function open(drawer: HTMLElement, by: HTMLElement): void {
  opener = by;
  role = drawer.getAttribute("role");
  by.setAttribute("aria-expanded", "true");
  drawer.classList.add("is-open");
  drawer.setAttribute("role", "dialog");
  drawer.setAttribute("aria-modal", "true");
  document.body.classList.add("has-drawer");
  drawer.querySelector<HTMLElement>(FOCUSABLE)?.focus();
}

/** Keep the Tab key inside the drawer while it covers the page. */
function hold(drawer: HTMLElement, event: KeyboardEvent): void {
  const stops = [...drawer.querySelectorAll<HTMLElement>(FOCUSABLE)].filter(
    (stop) => stop.getClientRects().length > 0,
  );
  const edge = event.shiftKey ? stops[0] : stops[stops.length - 1];
  if (document.activeElement !== edge) return;
  event.preventDefault();
  (event.shiftKey ? stops[stops.length - 1] : stops[0])?.focus();
}

/** `<a href="#facets" data-drawer>` opens it; without script, `:target` does. */
export function startDrawer(): void {
  on("click", "[data-drawer]", (link, event) => {
    const drawer = document.querySelector<HTMLElement>(link.getAttribute("href") ?? "#");
    if (!drawer) return;
    event.preventDefault();
    open(drawer, link);
  });
  on("click", "[data-drawer-close]", (link, event) => {
    const drawer = link.closest<HTMLElement>(".is-open");
    if (!drawer) return;
    event.preventDefault();
    close(drawer);
  });
  document.addEventListener("keydown", (event) => {
    const drawer = document.querySelector<HTMLElement>(".is-open");
    if (!drawer) return;
    if (event.key === "Escape") close(drawer);
    if (event.key === "Tab") hold(drawer, event);
  });
}
