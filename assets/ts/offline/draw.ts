import { LOAN, type Deed, type Found, type ItemRow, type PatronRow, type Shown } from "./types";

type Child = Node | string | null | undefined | false;

let words: Record<string, string> = {};
let icons = "";

export function speak(known: Record<string, string>, sprite: string): void {
  words = known;
  icons = sprite;
}

/** A sentence of the page in its language, with its places filled. */
export function say(name: string, values: Record<string, string | number> = {}): string {
  const template = words[name] ?? name;
  return template.replace(/%\((\w+)\)s/g, (_, place: string) => String(values[place] ?? ""));
}

export function make(
  tag: string,
  attributes: Record<string, string | boolean> = {},
  ...children: Child[]
): HTMLElement {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child): child is Node | string => !!child));
  return element;
}

export function icon(name: string): SVGElement {
  const space = "http://www.w3.org/2000/svg";
  const drawing = document.createElementNS(space, "svg");
  drawing.setAttribute("class", "icon");
  drawing.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `${icons}#${name}`);
  drawing.append(use);
  return drawing;
}

const SIGNS = {
  success: "check-circle-fill",
  stop: "exclamation-octagon-fill",
  warn: "exclamation-triangle-fill",
  info: "info-circle-fill",
} as const;

export interface Message {
  kind: keyof typeof SIGNS;
  title: string;
  text?: string | undefined;
  items?: string[] | undefined;
}

export function message({ kind, title, text, items = [] }: Message, isLarge = true): HTMLElement {
  const look = `message message-${kind}${isLarge ? " message-large" : ""}`;
  return make(
    "div",
    { class: look, ...(kind === "stop" && { role: "alert" }) },
    icon(SIGNS[kind]),
    make(
      "div",
      {},
      make("p", { class: "message-title" }, title),
      text && make("p", {}, text),
      items.length > 0 && make("ul", {}, ...items.map((each) => make("li", {}, each))),
    ),
  );
}

/** dd/MM/yyyy, by the library's clock. */
export function day(moment: string): string {
  const zone = { timeZone: "Asia/Ho_Chi_Minh" } as const;
  const shape = { day: "2-digit", month: "2-digit", year: "numeric" } as const;
  const at = moment.length === 10 ? new Date(`${moment}T12:00:00+07:00`) : new Date(moment);
  return new Intl.DateTimeFormat("en-GB", { ...zone, ...shape }).format(at);
}

export function hour(moment: string): string {
  const zone = { timeZone: "Asia/Ho_Chi_Minh" } as const;
  const shape = { hour: "2-digit", minute: "2-digit", hour12: false } as const;
  return new Intl.DateTimeFormat("en-GB", { ...zone, ...shape }).format(new Date(moment));
}

function fact(label: string, value: string): HTMLElement[] {
  return value ? [make("dt", {}, label), make("dd", {}, value)] : [];
}

export function reader(shown: Shown): HTMLElement {
  const { patron, category, library, isExpired } = shown;
  const [, card, name, , , , expiresOn, cardState, , stops] = patron;
  const stopped = stops.map((stop) =>
    message({ kind: "warn", title: say(`stop_${stop.kind}`) }, false),
  );
  const finish = make(
    "button",
    { class: "btn btn-small", type: "button", "data-do": "finish", "data-key": "F8 Escape" },
    icon("check-lg"),
    ` ${say("finish")} `,
    make("kbd", {}, "F8"),
  );
  return make(
    "section",
    { class: "panel stack", "aria-label": say("the_reader") },
    make("h2", { class: "h3 mb-0" }, name),
    patron[0] < 0 && message({ kind: "info", title: say("newcomer") }, false),
    cardState !== "active" && message({ kind: "stop", title: say(`card_${cardState}`) }, false),
    isExpired &&
      message({ kind: "stop", title: say("card_ended", { day: day(expiresOn) }) }, false),
    ...stopped,
    make(
      "dl",
      { class: "facts facts-tight" },
      ...fact(say("card"), card),
      ...fact(say("category"), category),
      ...fact(say("valid_until"), day(expiresOn)),
      ...fact(say("library"), library),
    ),
    make("p", { class: "toolbar mb-0" }, finish),
  );
}

function small(action: string, row: ItemRow, label: string): HTMLElement {
  const [, , barcode, , title] = row;
  return make(
    "button",
    {
      class: "btn btn-small btn-quiet",
      type: "button",
      "data-do": action,
      "data-barcode": barcode,
      "aria-label": `${label}: ${title}`,
    },
    label,
  );
}

function loanLine(row: ItemRow): HTMLElement {
  const [, , barcode, , title] = row;
  const due = row[LOAN]?.due_at ?? "";
  const isLate = new Date(due).getTime() < Date.now();
  const late = make(
    "span",
    { class: "badge badge-stop" },
    icon("exclamation-triangle-fill"),
    ` ${say("overdue_since", { day: day(due) })}`,
  );
  return make(
    "tr",
    isLate ? { class: "is-late" } : {},
    make("th", { scope: "row" }, title),
    make("td", { class: "num", "data-label": say("barcode") }, barcode),
    make("td", { class: "num", "data-label": say("due") }, isLate ? late : day(due)),
    make("td", { "data-label": say("renewed") }, String(row[LOAN]?.renewals || "")),
    make(
      "td",
      {},
      make(
        "div",
        { class: "toolbar" },
        small("renew", row, say("renew")),
        small("return", row, say("take_back")),
      ),
    ),
  );
}

export function loans(shown: Shown): HTMLElement {
  const heads = ["title", "barcode", "due", "renewed"].map((name) =>
    make("th", { scope: "col" }, say(name)),
  );
  const last = make(
    "th",
    { scope: "col" },
    make("span", { class: "visually-hidden" }, say("actions")),
  );
  const table = make(
    "table",
    { class: "table table-cards" },
    make("thead", {}, make("tr", {}, ...heads, last)),
    make("tbody", {}, ...shown.loans.map(loanLine)),
  );
  return make(
    "section",
    { class: "panel", "aria-label": say("on_loan") },
    make("h2", { class: "h3" }, say("loans", { count: shown.loans.length })),
    shown.loans.length > 0
      ? make("div", { class: "table-scroll" }, table)
      : make("p", { class: "muted" }, say("nothing_on_loan")),
  );
}

function choiceOfReader(row: PatronRow): HTMLElement {
  const [id, card, name] = row;
  const button = make(
    "button",
    { class: "btn btn-small", type: "button", "data-do": "reader", "data-id": String(id) },
    name,
  );
  return make("li", {}, button, " ", make("span", { class: "muted small" }, card));
}

function choiceOfCopy(row: ItemRow): HTMLElement {
  const [, , barcode, number, title] = row;
  const button = make(
    "button",
    { class: "btn btn-small", type: "button", "data-do": "scan", "data-barcode": barcode },
    barcode,
  );
  return make("li", {}, button, ` ${title} `, make("span", { class: "muted small" }, number));
}

export function choices(found: Found): HTMLElement {
  return make(
    "section",
    { class: "panel stack", "aria-label": say("which_one") },
    found.patrons.length > 0 && make("h2", { class: "h3" }, say("readers")),
    found.patrons.length > 0 &&
      make("ul", { class: "plain-list" }, ...found.patrons.map(choiceOfReader)),
    found.items.length > 0 && make("h2", { class: "h3" }, say("copies_here")),
    found.items.length > 0 && make("ul", { class: "plain-list" }, ...found.items.map(choiceOfCopy)),
  );
}

/** What a deed led to, in a sentence. */
export function outcome(kind: "lend" | "return" | "renew", deed: Deed): Message {
  const title = deed.item?.[4] ?? "";
  if (deed.problem) return { kind: "stop", title: say(deed.problem), text: title };
  if (kind === "return") return returned(deed, title);
  return deed.done ? done(kind, deed, title) : refused(kind, deed, title);
}

function done(kind: string, { verdict }: Deed, title: string): Message {
  const words = say(`done_${kind}`, { day: verdict?.due_words ?? "" });
  return { kind: "success", title: words, text: title, items: verdict?.remarks };
}

function refused(kind: string, { verdict }: Deed, title: string): Message {
  return { kind: "stop", title: say(`not_${kind}`, { title }), items: verdict?.sentences };
}

function returned(deed: Deed, title: string): Message {
  const { back, item, patron } = deed;
  const items = [
    patron ? say("reader_is", { name: patron.patron[2] }) : "",
    item ? "" : say("unknown_noted"),
    back?.action_words ?? "",
    ...(back ? back.sentences : []),
  ].filter(Boolean);
  const kind = back?.action_words ? "warn" : "success";
  return { kind, title: say("returned"), text: title, items };
}
