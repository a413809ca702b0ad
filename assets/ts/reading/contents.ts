import { part } from "./data";

/** A line of the table of contents: how deep it stands, and what opens it. */
export interface Line {
  title: string;
  level: number;
  open: () => void;
}

const DEEPEST = 6;

/** Write the table of contents; the panel is left out where a document has none. */
export function writeContents(lines: readonly Line[], without: string): void {
  const list = part("contents");
  const whole = part("contents-part");
  if (!list || !whole) return;
  whole.hidden = lines.length === 0;
  list.replaceChildren(
    ...lines.map((line) => {
      const item = document.createElement("li");
      item.className = `reading-level-${String(Math.min(line.level, DEEPEST))}`;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "reading-line";
      button.textContent = line.title.trim() || without;
      button.addEventListener("click", line.open);
      item.append(button);
      return item;
    }),
  );
}
