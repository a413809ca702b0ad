import { each, on, remember } from "./dom";

const root = document.documentElement;

function showChoice(): void {
  const theme = root.dataset.theme ?? "auto";
  document.querySelectorAll<HTMLElement>("[data-theme-choice]").forEach((button) => {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === theme));
  });
  document.querySelectorAll("[data-reading-toggle]").forEach((button) => {
    button.setAttribute("aria-pressed", String(root.dataset.reading === "on"));
  });
}

/** Light, dark or as the device says; and the reading mode with larger text. */
export function startDisplay(): void {
  on("click", "[data-theme-choice]", (button) => {
    const choice = button.dataset.themeChoice;
    if (choice === "light" || choice === "dark") root.dataset.theme = choice;
    else delete root.dataset.theme;
    remember("theme", root.dataset.theme ?? null);
    showChoice();
  });
  on("click", "[data-reading-toggle]", () => {
    if (root.dataset.reading) delete root.dataset.reading;
    else root.dataset.reading = "on";
    remember("reading", root.dataset.reading ?? null);
    showChoice();
  });
  each("[data-theme-choice]", showChoice);
}
