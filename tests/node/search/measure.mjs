// Queries as a JSON array on stdin, and the folder of a built site. On stdout JSON, a number a query: bytes and requests of a first query
// (engine, root, pieces, cards: scripts after gzip -9, pieces as stored), of a later one (the second of a visit), and milliseconds of one asked again.
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { BASE, engineOf, fetchOf } from "./site.mjs";

const folder = process.argv[2];
const queries = JSON.parse(await readFile("/dev/stdin", "utf8"));
const root = JSON.parse(await readFile(join(folder, "search/root.json"), "utf8"));
const scripts = join(folder, root.engine, "..");
const names = await readdir(scripts);
const sizes = await Promise.all(names.map(async (name) => gzipSync(await readFile(join(scripts, name)), { level: 9 }).length));
const engineBytes = sizes.reduce((sum, size) => sum + size, 0);
const rootBytes = gzipSync(await readFile(join(folder, "search/root.json")), { level: 9 }).length;
const { open } = await engineOf(folder);

const sum = (seen) => seen.reduce((total, { path, bytes }) => total + (path === "search/root.json" ? rootBytes : bytes), 0);
const told = { engineBytes, engineRequests: names.length, rootBytes, first: [], later: [], warm: [], found: 0 };
for (const query of queries) {
  const seen = [];
  const engine = await open(BASE, { fetch: fetchOf(folder, seen) });
  const { total } = await engine.search(query);
  if (total) told.found++;
  told.first.push({ bytes: engineBytes + sum(seen), requests: names.length + seen.length });
}
const engine = await open(BASE, { fetch: fetchOf(folder) });
for (const [place, query] of queries.entries()) {
  const seen = [];
  const visit = await open(BASE, { fetch: fetchOf(folder, seen) });
  await visit.search(queries.at(place - 1));
  seen.length = 0;
  await visit.search(query);
  told.later.push({ bytes: sum(seen), requests: seen.length });
}
for (const query of queries) {
  const times = [];
  for (let i = 0; i < 5; i++) {
    const start = performance.now();
    await engine.search(query);
    times.push(performance.now() - start);
  }
  told.warm.push(times.sort((a, b) => a - b)[2]);
}
process.stdout.write(JSON.stringify(told));
