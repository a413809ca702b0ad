/**
 * Takes out of a chapter whatever runs, frames, sends or fetches from elsewhere. The page's policy
 * forbids it all too; this is the first wall, that the second. An element that is taken out leaves
 * an empty one in its place, for places in the book are counted by elements (EPUB CFI).
 */

const FORBIDDEN = new Set([
  ...["script", "iframe", "frame", "frameset", "object", "embed", "applet", "base", "portal"],
  ...["form", "input", "button", "select", "textarea", "template", "slot", "noscript"],
  ...[
    "set",
    "animate",
    "animatemotion",
    "animatetransform",
    "handler",
    "listener",
    "foreignobject",
  ],
]);
const FETCHING = new Set([
  ...["src", "srcset", "poster", "data", "background", "action", "formaction", "ping"],
  ...["manifest", "codebase", "classid", "longdesc", "profile", "cite", "usemap", "imagesrcset"],
]);
const KEPT = /^(blob:|data:(image\/(png|jpeg|gif|webp|avif)|font\/|audio\/|video\/)|#)/i;
const SCHEME = /^[a-z][a-z0-9+.-]*:/i;
const OWN_IMPORT = /^@import\s+(url\(\s*)?["']?blob:/i;
const LED_TO = /^(https?|mailto|blob):/i;
const POLICY =
  "default-src 'none'; img-src blob: data:; media-src blob: data:; font-src blob: data:; " +
  "style-src blob: 'unsafe-inline'; form-action 'none'; base-uri 'none'";
const XHTML = "http://www.w3.org/1999/xhtml";

export function cleaned(text: string, type: string): string {
  const document = new DOMParser().parseFromString(text, type as DOMParserSupportedType);
  for (const node of Array.from(document.childNodes)) {
    if (node.nodeType === Node.PROCESSING_INSTRUCTION_NODE) node.remove();
  }
  for (const element of Array.from(document.querySelectorAll("*"))) clean(document, element);
  forbidElsewhere(document);
  return new XMLSerializer().serializeToString(document);
}

/** Styles fetch too: what they want from elsewhere is left out. */
export function cleanedStyle(text: string): string {
  return text
    .replace(/@import[^;]*;?/gi, (rule) => (OWN_IMPORT.test(rule) ? rule : ""))
    .replace(/url\(\s*(["']?)([^)]*?)\1\s*\)/gi, (whole: string, _: string, target: string) =>
      KEPT.test(target.trim()) ? whole : "none",
    );
}

function clean(document: Document, element: Element): void {
  const name = element.localName.toLowerCase();
  if (isForbidden(name, element)) {
    takeOut(document, element);
    return;
  }
  if (name === "style") element.textContent = cleanedStyle(element.textContent);
  const style = element.getAttribute("style");
  if (style) element.setAttribute("style", cleanedStyle(style));
  for (const attribute of Array.from(element.attributes)) {
    if (!mayStay(name, attribute)) element.removeAttributeNode(attribute);
  }
}

function isForbidden(name: string, element: Element): boolean {
  if (name === "meta") return element.hasAttribute("http-equiv");
  if (name === "link") return !/^blob:/i.test(element.getAttribute("href") ?? "");
  return FORBIDDEN.has(name);
}

function takeOut(document: Document, element: Element): void {
  const empty = document.createElementNS(XHTML, "span");
  empty.setAttribute("hidden", "hidden");
  if (element.closest("head")) element.remove();
  else element.replaceWith(empty);
}

function mayStay(element: string, attribute: Attr): boolean {
  const name = attribute.localName.toLowerCase();
  // Browsers skip spaces and signs that are not seen before the scheme, and so must we.
  const value = attribute.value.replace(/[\u0000-\u0020\u00a0\u200b-\u200f\ufeff]/gu, "");
  if (name.startsWith("on") || name === "srcdoc") return false;
  if (name === "href") {
    const leads = element === "a" || element === "area";
    return leads ? !SCHEME.test(value) || LED_TO.test(value) : KEPT.test(value);
  }
  return !FETCHING.has(name) || KEPT.test(value);
}

/** The frame of the chapter gets a policy of its own, stricter than that of the page around it. */
function forbidElsewhere(document: Document): void {
  const head = document.querySelector("head");
  if (!head) return;
  const meta = document.createElementNS(XHTML, "meta");
  meta.setAttribute("http-equiv", "Content-Security-Policy");
  meta.setAttribute("content", POLICY);
  head.prepend(meta);
}
