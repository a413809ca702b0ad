// The letters that our fonts keep: Latin-1, the Vietnamese letters, the letters of Ê Đê, Gia Rai,
// M'nông and Ba Na, the combining marks that have no precomposed form with them, and the few signs
// that the screens use.
const range = (first, last) =>
  Array.from({ length: last - first + 1 }, (_, i) => String.fromCodePoint(first + i)).join("");

const ASCII = range(0x20, 0x7e);
const LATIN_1 = range(0xa0, 0xff);
const VIETNAMESE = "ĂăĐđĨĩŨũƠơƯư" + range(0x1ea0, 0x1ef9);
const HIGHLAND = "ɃƀĔĕĬĭŎŏŬŭČčÑñŇň";
// The dotless letters carry the marks that are set on i and j.
const ROMANISED = "ĀāĒēĪīŌōŪūŒœŠšŽžŸıȷ";
const MARKS = "\u0300\u0301\u0302\u0303\u0304\u0306\u0308\u0309\u030c\u031b\u0323";
const SIGNS = "ʼʹ‐–—‘’‚“”„†•…‰‹›₫€№™←↑→↓−≤≥✓";

export const LETTERS = ASCII + LATIN_1 + VIETNAMESE + HIGHLAND + ROMANISED + MARKS + SIGNS;
