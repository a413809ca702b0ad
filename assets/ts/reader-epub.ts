import { part } from "./reading/data";
import { EpubReader } from "./reading/epub/epub";
import { toldOf } from "./reading/source";

const told = toldOf("reading-data");
const stage = part("stage");
if (told && stage) void new EpubReader(told, stage).start();
