// Known-item queries as JSON ({kind, text, id} each) on stdin, and the folder of a built site; on stdout by kind: asked, and found in the first ten.
import { readFile } from "node:fs/promises";
import { BASE, engineOf, fetchOf } from "./site.mjs";

const folder = process.argv[2];
const { open } = await engineOf(folder);
const engine = await open(BASE, { fetch: fetchOf(folder) });
const told = {};
for (const { kind, text, id } of JSON.parse(await readFile("/dev/stdin", "utf8"))) {
  const { results } = await engine.search(text);
  const counts = (told[kind] ??= { asked: 0, found: 0, missed: [] });
  counts.asked++;
  if (results.some(({ ref }) => ref === id)) counts.found++;
  else counts.missed.push([text, id]);
}
process.stdout.write(JSON.stringify(told));
