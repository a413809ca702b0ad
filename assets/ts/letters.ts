import { each, on } from "./dom";

/**
 * Letters that a keyboard lacks, as buttons: a press puts one where the caret is in the field that
 * was last typed in, and the caret stays behind it.
 */
type Field = HTMLInputElement | HTMLTextAreaElement;

const FIELDS = "input:not([type]), input[type=text], textarea:not([hidden])";

let last: Field | null = null;

function put(letter: string, field: Field): void {
  const length = field.value.length;
  let start = field.selectionStart ?? length;
  const end = field.selectionEnd ?? length;
  // A word that was selected as a whole when the field was entered is not what is to be replaced.
  if (start === 0 && end === length && length > 1) start = end;
  field.focus();
  field.setRangeText(letter, start, end, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

each("[data-letters]", (palette) => {
  const within: ParentNode = palette.closest("form") ?? document;
  // The field keeps the caret, and a phone its keyboard.
  palette.addEventListener("pointerdown", (event) => {
    event.preventDefault();
  });
  palette.addEventListener("click", (event) => {
    const letter = (event.target as HTMLElement).closest("button")?.textContent;
    const field =
      last?.isConnected && within.contains(last) ? last : within.querySelector<Field>(FIELDS);
    if (letter && field) put(letter, field);
  });
});

on("focusin", FIELDS, (field) => {
  last = field as Field;
});
