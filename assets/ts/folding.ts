/**
 * The comparison of words in the browser: đ is d, tones and marks are off, and every hit tells
 * where it stands in the text as it was given. The same rules as `tangthu.text` on the server,
 * which the tests hold against these on shared cases.
 */

/** A word without its marks, and where it stands: `text.slice(start, end)` is what was typed. */
export interface Word {
  folded: string;
  start: number;
  end: number;
}

/** A stretch of the text, in the text's own offsets. */
export interface Span {
  start: number;
  end: number;
}

// The same letters as in tangthu/text/normal.py and words.py.
const APOSTROPHES = "\u2019\u02bc\u2018\u00b4`\u2032\u02b9\u02bb\uff07";
const SILENT =
  "\\x00-\\x08\\x0e-\\x1b\\x7f-\\x84\\x86-\\x9f\\u200b\\u2060\\ufeff\\u00ad\\u200c\\u200d";
const PLAIN = "\\p{L}\\p{N}_";
const MARK = "(?=[\\u0300-\\u036f\\u0483-\\u30ff\\ua66f-\\uabff])\\p{M}";
const APOSTROPHE = `['${APOSTROPHES}]`;
const IDEOGRAPH = "[\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{2ffff}]";
const LETTER = `(?:(?!${IDEOGRAPH}|${APOSTROPHE})(?:[${PLAIN}${SILENT}]|${MARK}))`;
const VOWEL = "[aeiouyhàâäæéèêëîïôöœùûü]";
const SIGNED = `[a-z](?:\\+\\+|#)(?!${LETTER})`;
const NUMBER = `\\p{Nd}{1,3}(?:\\.\\p{Nd}{3})+(?![${PLAIN}]|\\.\\p{Nd})`;
const ELIDED = `(?:[ldjmtsnc]|qu|jusqu|lorsqu|puisqu)(?=${APOSTROPHE}${VOWEL})`;
const JOINED = `${LETTER}+(?:${APOSTROPHE}${LETTER}+)*`;

// Old phones cannot look behind, so what stands before a word chooses the pattern.
const INSIDE_WORD = sticky(`${IDEOGRAPH}|${JOINED}`);
const AFTER_DOT = sticky(`${IDEOGRAPH}|${SIGNED}|${ELIDED}|(?:h${APOSTROPHE} )?${JOINED}`);
const AT_EDGE = sticky(`${IDEOGRAPH}|${SIGNED}|${NUMBER}|${ELIDED}|(?:h${APOSTROPHE} )?${JOINED}`);

const IS_PLAIN = new RegExp(`^[${PLAIN}]$`, "u");
const POSSESSIVE = new RegExp(`([${PLAIN}]{2})${APOSTROPHE}s$`, "iu");
const BETWEEN = new RegExp(`${APOSTROPHE}|[${SILENT} .]`, "gu");
const LONGEST_WORD = 64;

const STROKES: Record<string, string | undefined> = {
  ...{ đ: "d", ð: "d", ɖ: "d", ɗ: "d", ƀ: "b", ɓ: "b", ħ: "h", ł: "l", ø: "o", ŧ: "t", ı: "i" },
  ...{ æ: "ae", œ: "oe", þ: "th", ς: "σ" },
};
const STROKE = /[đðɖɗƀɓħłøŧıæœþς]/gu;
const SPACES = /[\s\x1c-\x1f\x85]+/u;
const SAME_SOUND: Record<string, string | undefined> = Object.fromEntries([
  ...["h", "k", "l", "m", "s", "t", "qu"].map((onset) => [`${onset}y`, `${onset}i`]),
  ...["t", "nh", "ch"].map((coda) => [`quy${coda}`, `qui${coda}`]),
]) as Record<string, string>;

/** `text` in lower case without any mark: Đắk Lắk is `dak lak`, Cư M’gar is `cu m'gar`. */
export function fold(text: string): string {
  return text
    .replace(/\ufeff/gu, "")
    .split(SPACES)
    .map(foldPiece)
    .filter(Boolean)
    .join(" ");
}

/** One word without marks and apostrophes; kỹ and kĩ are one. */
export function foldToken(token: string): string {
  const folded = fold(token).replace(/'/gu, "");
  return SAME_SOUND[folded] ?? folded;
}

/** The words of a text in order, each with its place. */
export function wordsOf(text: string): Word[] {
  const spaced = text.replace(/_/gu, " ");
  const words: Word[] = [];
  let at = 0;
  while (at < spaced.length) {
    const pattern = patternAfter(before(spaced, at));
    pattern.lastIndex = at;
    const found = pattern.exec(spaced)?.[0];
    if (found === undefined) {
      at += (spaced.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
      continue;
    }
    const folded = foldToken(bare(found));
    if (folded) words.push({ folded, start: at, end: at + found.length });
    at += found.length;
  }
  return words;
}

/** What somebody looks for: words side by side, of which the last may only have begun. */
export class Asked {
  private readonly words: string[];
  private readonly beginnings: string[];

  constructor(text: string, isOpen = true) {
    const found = wordsOf(text);
    const last = found[found.length - 1];
    this.words = found.map((word) => word.folded);
    const typed = last && fold(text.slice(last.start, last.end)).replace(/'/gu, "");
    this.beginnings = isOpen && last && typed ? [typed, last.folded] : [];
  }

  /** Nothing that could be looked for was typed. */
  get isEmpty(): boolean {
    return this.words.length === 0;
  }

  /** Where they stand among these words, from the first on, none within another. */
  within(words: readonly Word[]): Span[] {
    const spans: Span[] = [];
    const { length } = this.words;
    if (length === 0) return spans;
    for (let at = 0; at + length <= words.length; at += 1) {
      const first = words[at];
      const last = words[at + length - 1];
      if (!first || !last || !this.words.every((_, step) => this.agrees(words[at + step], step)))
        continue;
      spans.push({ start: first.start, end: last.end });
      at += length - 1;
    }
    return spans;
  }

  private agrees(word: Word | undefined, step: number): boolean {
    if (!word) return false;
    if (word.folded === this.words[step]) return true;
    const isLast = step === this.words.length - 1;
    return isLast && this.beginnings.some((beginning) => word.folded.startsWith(beginning));
  }
}

/** Where the text has what is asked for: "dat do" finds đất đỏ, đất đồi and Đạt Đọ. */
export function occurrences(text: string, asked: string): Span[] {
  return new Asked(asked).within(wordsOf(text));
}

function sticky(pattern: string): RegExp {
  return new RegExp(pattern, "iuy");
}

function patternAfter(letter: string): RegExp {
  if (IS_PLAIN.test(letter)) return INSIDE_WORD;
  return letter === "." ? AFTER_DOT : AT_EDGE;
}

function before(text: string, at: number): string {
  const isPair = at > 1 && (text.codePointAt(at - 2) ?? 0) > 0xffff;
  return text.slice(Math.max(0, at - (isPair ? 2 : 1)), at);
}

function bare(found: string): string {
  const word = found.normalize("NFC").replace(POSSESSIVE, "$1").replace(BETWEEN, "");
  return word.length > LONGEST_WORD
    ? Array.from(word.normalize("NFC")).slice(0, LONGEST_WORD).join("")
    : word;
}

function foldPiece(piece: string): string {
  const signs = withSigns(piece).normalize("NFKD");
  // Twice, as ß and its like have their other form in upper case only.
  const small = signs.toLowerCase().toUpperCase().toLowerCase().normalize("NFKD");
  const letters = small.replace(/[\u0300-\u036f ]+/gu, "");
  return withSigns(letters.replace(STROKE, (letter) => STROKES[letter] ?? letter)).normalize("NFC");
}

function withSigns(text: string): string {
  return text
    .replace(/[\u2019\u02bc\u2018\u00b4`\u2032\u02b9\u02bb\uff07]/gu, "'")
    .replace(/[\u2010-\u2015\u2212]/gu, "-")
    .replace(/[\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033\uff02]/gu, '"')
    .replace(/[\u00ad\u200b-\u200f\u2060\ufeff]/gu, "");
}
