import { loadPyodide } from "/pyodide.mjs";

const text = async (name) => (await fetch(name)).text();

const python = await loadPyodide({ indexURL: "/" });
const rules = await (await fetch("/rules.zip")).arrayBuffer();
python.unpackArchive(rules, "zip", { extractDir: "/rules" });
python.runPython(`
import sys
sys.path.insert(0, "/rules")
from tangthu.offline.policy import open_desk
`);
const answer = python.globals.get("open_desk")(await text("/book.json"));
const questions = JSON.parse(await text("/questions.json"));
postMessage(questions.map((question) => answer(JSON.stringify(question))));
