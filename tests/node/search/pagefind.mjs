// Known items and readers' queries as JSON ({known, queries}) on stdin, and a folder with Pagefind's index in pagefind/. On stdout JSON: found in the
// first ten by kind, and bytes and requests of a first query and of a second one; scripts after gzip -9, all else as stored.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";

const folder = process.argv[2];
const { known, queries } = JSON.parse(await readFile("/dev/stdin", "utf8"));
const script = join(folder, "pagefind/pagefind.js");
const scriptBytes = gzipSync(await readFile(script), { level: 9 }).length;
let seen = [];
globalThis.fetch = async (url) => {
  const path = String(url).replace(/\?.*$/, "");
  const content = await readFile(fileURLToPath(path));
  seen.push(/\.(js|json)$/.test(path) ? gzipSync(content, { level: 9 }).length : content.length);
  return new Response(content);
};
globalThis.window = globalThis;
globalThis.location = { href: pathToFileURL(folder + "/").href, origin: "null" };
const language = { getAttribute: () => "en" };
globalThis.document = { querySelector: () => language, documentElement: language, currentScript: null };

let visits = 0;
async function visit() {
  const pagefind = await import(`${pathToFileURL(script).href}?${visits++}`);
  await pagefind.options({ basePath: pathToFileURL(join(folder, "pagefind")).href + "/", baseUrl: "/" });
  return pagefind;
}
async function ask(pagefind, text) {
  const { results } = await pagefind.search(text);
  return Promise.all(results.slice(0, 10).map((result) => result.data()));
}
const sum = () => ({ bytes: seen.reduce((total, bytes) => total + bytes, 0), requests: seen.length });

const told = { recall: {}, first: [], later: [] };
const all = await visit();
for (const { kind, text, id } of known) {
  const counts = (told.recall[kind] ??= { asked: 0, found: 0 });
  counts.asked++;
  if ((await ask(all, text)).some(({ url }) => url.includes(`/${id}/`))) counts.found++;
}
for (const [place, query] of queries.entries()) {
  seen = [];
  const pagefind = await visit();
  await ask(pagefind, queries.at(place - 1));
  const first = sum();
  told.first.push({ bytes: scriptBytes + first.bytes, requests: 1 + first.requests });
  seen = [];
  await ask(pagefind, query);
  told.later.push(sum());
}
process.stdout.write(JSON.stringify(told));
process.exit(0);
