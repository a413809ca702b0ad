import { recall, remember } from "../../dom";

/** How a book is set: chosen once, for every book in this browser. */
export interface Look {
  theme: string;
  family: string;
  size: number;
  spacing: number;
  flow: string;
}

const KEY = "reading-look";
const PLAIN: Look = { theme: "light", family: "book", size: 100, spacing: 1.5, flow: "paginated" };
const THEMES: Record<string, [paper: string, ink: string, link: string] | undefined> = {
  light: ["#fffdf8", "#1d1b16", "#0f5c75"],
  sepia: ["#f4ecd8", "#3f3020", "#7a3b12"],
  dark: ["#1b1a17", "#e8e2d6", "#8fc7dc"],
  contrast: ["#000000", "#ffffff", "#ffe066"],
};
const FAMILIES: Record<string, string | undefined> = {
  serif: "'Noto Serif', 'Times New Roman', Georgia, serif",
  sans: "'Noto Sans', Roboto, 'Segoe UI', Arial, sans-serif",
};

/** The look that was chosen last; a dark screen begins dark. */
export function lookOf(): Look {
  const isDark = document.documentElement.dataset.theme === "dark";
  const begun = { ...PLAIN, theme: isDark ? "dark" : "light" };
  try {
    return { ...begun, ...(JSON.parse(recall(KEY) ?? "{}") as Partial<Look>) };
  } catch {
    return begun;
  }
}

export function rememberLook(look: Look): void {
  remember(KEY, JSON.stringify(look));
}

export function paperOf(look: Look): string {
  return (THEMES[look.theme] ?? ["#fffdf8"])[0];
}

/** The styles before and after the book's own. */
export function stylesOf(look: Look): [before: string, after: string] {
  const [paper, ink, link] = THEMES[look.theme] ?? ["#fffdf8", "#1d1b16", "#0f5c75"];
  const family = FAMILIES[look.family];
  const before = `html { color: ${ink}; background: ${paper}; } img { max-width: 100%; }`;
  const after = `
    html { --theme-bg-color: ${paper}; background: ${paper} !important; color: ${ink} !important;
      font-size: ${String(look.size)}% !important; }
    body { background: none !important; color: inherit !important; }
    p, li, blockquote, dd, div, span, h1, h2, h3, h4, h5, h6, td, th, figcaption {
      color: inherit !important; background-color: transparent !important; }
    p, li, blockquote, dd { line-height: ${String(look.spacing)} !important; }
    ${family ? `body, p, li, div, span, h1, h2, h3, h4, h5, h6 { font-family: ${family} !important; }` : ""}
    a:any-link { color: ${link} !important; }
    ::selection { background: rgb(255 170 0 / 40%); }`;
  return [before, after];
}
