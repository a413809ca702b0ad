// Which of Bootstrap's icons the sprite holds: those that a template or a menu names, found by
// reading the sources, and those below, which the code chooses while it runs.
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

const CHOSEN_AT_RUN_TIME = [
  // ui.templatetags.ui.KIND_ICONS
  "archive",
  "book",
  "camera-video",
  "disc",
  "eye",
  "file-earmark-text",
  "headphones",
  "journal",
  "layers",
  "map",
  "music-note-beamed",
  "newspaper",
  "pencil",
  "phone",
  // ui.templatetags.ui.sort_state
  "sort-down",
  "sort-up",
];

const NAMED =
  /(?:{%\s*icon\s+|\bicon(?:_name)?=|"icon":\s*|icon_name\|default:)["']([a-z0-9-]+)["']/g;

export async function iconsOf(sources) {
  const names = new Set(CHOSEN_AT_RUN_TIME);
  for (const file of await readdir(sources, { recursive: true })) {
    if (!/\.(html|py)$/.test(file)) continue;
    const text = await readFile(path.join(sources, file), "utf8");
    for (const [, name] of text.matchAll(NAMED)) names.add(name);
  }
  return [...names].sort();
}
