import { part } from "./reading/data";
import { PdfReader } from "./reading/pdf/pdf";
import { toldOf } from "./reading/source";

const told = toldOf("reading-data");
const stage = part("stage");
if (told && stage instanceof HTMLDivElement) {
  const asked = Number(new URLSearchParams(window.location.search).get("page"));
  void new PdfReader(told, stage).start(Number.isInteger(asked) && asked > 0 ? asked : null);
}
