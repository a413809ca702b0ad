// Shapes each given text with a font, as a browser does, and prints the glyphs as JSON.
//
//   node tests/ui/shape.mjs font.woff2 text…
import { readFile } from "node:fs/promises";
import fontverter from "fontverter";
import * as hb from "harfbuzzjs";

const [file, ...texts] = process.argv.slice(2);
const sfnt = await fontverter.convert(await readFile(file), "truetype");
const font = new hb.Font(new hb.Face(new hb.Blob(new Uint8Array(sfnt).buffer)));

function shape(text) {
  const buffer = new hb.Buffer();
  buffer.addText(text);
  buffer.guessSegmentProperties();
  hb.shape(font, buffer);
  const places = buffer.getGlyphPositions();
  return buffer.getGlyphInfos().map(({ codepoint }, i) => ({
    glyph: codepoint,
    advance: places[i].xAdvance,
    x: places[i].xOffset,
    y: places[i].yOffset,
  }));
}

console.log(JSON.stringify(texts.map(shape)));
