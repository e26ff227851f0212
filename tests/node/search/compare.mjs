// Queries, one a line, on stdin, and the folder of a built site: each is asked of our engine in mode `lunr` and of lunr.js with the whole index.
// On stdout JSON: how many queries were asked, how many found something, and those in which a ref, its place or its score differs.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { BASE, engineOf, fetchOf } from "./site.mjs";

const folder = process.argv[2];
const lunr = createRequire(import.meta.url)("lunr");
const whole = lunr.Index.load(JSON.parse(await readFile(join(folder, "search/lunr.json"), "utf8")));
const { open } = await engineOf(folder);
const engine = await open(BASE, { fetch: fetchOf(folder) });
const told = { asked: 0, found: 0, differing: [] };
for await (const query of createInterface({ input: process.stdin })) {
  const expected = whole.search(query);
  const { total, results } = await engine.search(query, { mode: "lunr", limit: expected.length + 1 });
  told.asked++;
  if (expected.length) told.found++;
  const place = expected.findIndex(({ ref, score }, i) => results[i]?.ref !== ref || results[i]?.score !== score);
  if (place >= 0 || total !== expected.length || results.length !== total) {
    told.differing.push({ query, place, expected: expected[place], got: results[place], total, of: expected.length });
  }
}
process.stdout.write(JSON.stringify(told));
