/** What the library takes from the QR code on a citizen card; the server reads the same text alike. */
export interface CitizenCard {
  number: string;
  name: string;
  birth: string;
  address: string;
}

// Number, former number, name, ddMMyyyy, sex, address; what follows is not even looked at.
const CARD =
  /^ *([0-9]{12}) *\|[^|]*\|([^|]*[^| ][^|]*)\| *([0-9]{2})?([0-9]{2})?([0-9]{4})? *(?:$|\|[^|]*\|?([^|]*))/;

/** Read the text of a card's code; null for a text that is none. */
export function readCard(text: string): CitizenCard | null {
  const found = CARD.exec(text.normalize("NFC"));
  if (!found) return null;
  const [, number = "", name = "", day, month, year, address = ""] = found;
  return {
    number,
    name: name.trim(),
    birth: year ? [day, month, year].join("/") : "",
    address: address.trim(),
  };
}
