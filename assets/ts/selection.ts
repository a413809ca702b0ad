import { each, on } from "./dom";

function boxes(table: Element): HTMLInputElement[] {
  return [...table.querySelectorAll<HTMLInputElement>("tbody .table-select input[type=checkbox]")];
}

function show(table: Element): void {
  const all = boxes(table);
  const chosen = all.filter((box) => box.checked).length;
  const head = table.querySelector<HTMLInputElement>("[data-select-all]");
  if (head) {
    head.checked = chosen > 0 && chosen === all.length;
    head.indeterminate = chosen > 0 && chosen < all.length;
  }
  const form = table.closest("form") ?? document;
  form.querySelectorAll<HTMLElement>("[data-selection]").forEach((bar) => {
    bar.hidden = chosen === 0;
    bar.querySelectorAll("[data-selection-count]").forEach((count) => {
      count.textContent = String(chosen);
    });
  });
}

/** Rows chosen by their boxes: one box for all, and a bar that shows how many. */
export function startSelection(): void {
  on("change", "[data-select-all]", (head) => {
    const table = head.closest("table");
    if (!table || !(head instanceof HTMLInputElement)) return;
    for (const box of boxes(table)) box.checked = head.checked;
    show(table);
  });
  on("change", ".table-select input", (box) => {
    const table = box.closest("table");
    if (table) show(table);
  });
  each("table:has([data-select-all])", show);
}
