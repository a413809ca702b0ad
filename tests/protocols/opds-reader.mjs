// Reads feeds with the parser of Thorium Reader (r2-opds-js), and judges JSON by schemas.
// Input: a file of lines {"kind": "opds1" | "opds2" | "auth", "body": …}; output: what was read.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import Ajv from "ajv";
import addFormats from "ajv-formats";

const require = createRequire(import.meta.url);
const { initGlobalConverters_GENERIC, initGlobalConverters_OPDS } = require(
  "r2-opds-js/dist/es8-es2017/src/opds/init-globals",
);
const { OPDSFeed } = require("r2-opds-js/dist/es8-es2017/src/opds/opds2/opds2");
const { OPDSAuthenticationDoc } = require(
  "r2-opds-js/dist/es8-es2017/src/opds/opds2/opds2-authentication-doc",
);
const { OPDS } = require("r2-opds-js/dist/es8-es2017/src/opds/opds1/opds");
const { TaJsonDeserialize } = require("r2-lcp-js/dist/es8-es2017/src/serializable");
const { XML } = require("r2-utils-js/dist/es8-es2017/src/_utils/xml-js-mapper");
const { convertOpds1ToOpds2 } = require("r2-opds-js/dist/es8-es2017/src/opds/converter");
const { DOMParser } = require("@xmldom/xmldom");

initGlobalConverters_GENERIC();
initGlobalConverters_OPDS();

const ajv = addFormats(new Ajv({ strict: false, allErrors: true }));
const [judge, judgeLogin] = ["opds-2", "opds-authentication"].map((name) =>
  ajv.compile(JSON.parse(readFileSync(new URL(`${name}.schema.json`, import.meta.url), "utf-8"))),
);
const faults = (by, json) => (by(json) ? [] : by.errors.map((each) => `${each.instancePath} ${each.message}`));

function told(feed) {
  return {
    title: feed.Metadata.Title,
    items: feed.Metadata.NumberOfItems,
    publications: (feed.Publications ?? []).map((each) => ({
      title: each.Metadata.Title,
      authors: (each.Metadata.Author ?? []).map((author) => author.Name),
      links: each.Links.map((link) => [link.Rel?.[0], link.TypeLink]),
      states: each.Links.map((link) => link.Properties?.Availability?.State).filter(Boolean),
      copies: each.Links.map((link) => link.Properties?.Copies?.Total).filter(Boolean),
      images: (each.Images ?? []).length,
    })),
    navigation: (feed.Navigation ?? []).map((link) => link.Title),
    facets: (feed.Facets ?? []).map((facet) => facet.Metadata.Title),
  };
}

function read({ kind, body }) {
  if (kind === "auth") {
    const json = JSON.parse(body);
    const document = TaJsonDeserialize(json, OPDSAuthenticationDoc);
    const ways = document.Authentication.map((each) => ({
      type: each.Type,
      links: Object.fromEntries((each.Links ?? []).map((link) => [link.Rel?.[0], link.Href])),
      labels: [each.Labels?.Login, each.Labels?.Password],
    }));
    return { title: document.Title, ways, errors: faults(judgeLogin, json) };
  }
  if (kind === "opds2") {
    const json = JSON.parse(body);
    return { ...told(TaJsonDeserialize(json, OPDSFeed)), errors: faults(judge, json) };
  }
  const tree = new DOMParser().parseFromString(body, "text/xml");
  return told(convertOpds1ToOpds2(XML.deserialize(tree, OPDS)));
}

const lines = readFileSync(process.argv[2], "utf-8").trim().split("\n");
console.log(JSON.stringify(lines.map((line) => read(JSON.parse(line)))));
