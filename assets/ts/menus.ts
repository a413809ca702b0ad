/** Menus (`details.menu`) close when one presses beside them, and by Esc. */
export function startMenus(): void {
  document.addEventListener("click", (event) => {
    closeMenus(event.target as Node);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector<HTMLDetailsElement>("details.menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
    event.stopImmediatePropagation();
  });
}

/** Close the menus that are open, but for the one in which `pressed` lies. */
export function closeMenus(pressed?: Node): void {
  document.querySelectorAll<HTMLDetailsElement>("details.menu[open]").forEach((menu) => {
    if (!pressed || !menu.contains(pressed)) menu.open = false;
  });
}
