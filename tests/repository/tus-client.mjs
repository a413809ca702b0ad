/**
 * Sends a file with tus-js-client, the protocol's own client, and is killed by the test half way.
 *
 * node tus-client.mjs ADDRESS FILE STORE HEADERS METADATA CHUNK
 */
import { createReadStream, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { Upload } from "tus-js-client";

const [address, file, store, headers, metadata, chunk] = process.argv.slice(2);
const before = existsSync(store) ? readFileSync(store, "utf8") : null;

const upload = new Upload(createReadStream(file), {
  endpoint: address,
  uploadUrl: before,
  uploadSize: statSync(file).size,
  chunkSize: Number(chunk),
  retryDelays: [],
  headers: JSON.parse(headers),
  metadata: JSON.parse(metadata),
  onUploadUrlAvailable: () => writeFileSync(store, upload.url),
  onProgress: (sent, all) => console.log(`${sent} ${all}`),
  onSuccess: () => console.log("done"),
  onError: (error) => {
    console.error(String(error));
    process.exit(1);
  },
});
upload.start();
