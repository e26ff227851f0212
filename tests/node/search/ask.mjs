// On stdin JSON: {queries: [[text, options], …], faults: [[path, kind, times], …]}, and the folder of a built site as argument. On stdout JSON: for
// each query what the engine found, or {error}, and the paths that were fetched for it. A fault of kind "missing" answers 404, one of kind "torn"
// half of the file, so many times.
import { readFile } from "node:fs/promises";
import { BASE, engineOf, fetchOf } from "./site.mjs";

const folder = process.argv[2];
const { queries, faults = [] } = JSON.parse(await readFile("/dev/stdin", "utf8"));
const { open } = await engineOf(folder);
const seen = [];
const whole = fetchOf(folder, seen);

async function fetch(url) {
  const fault = faults.find(([path, , times]) => times > 0 && url.includes(path));
  const answer = await whole(url);
  if (!fault) return answer;
  fault[2]--;
  const content = await answer.arrayBuffer();
  return fault[1] === "missing" ? new Response("", { status: 404 }) : new Response(content.slice(0, content.byteLength >> 1));
}

const told = [];
let engine;
for (const [text, options] of queries) {
  seen.length = 0;
  try {
    engine ??= await open(BASE, { fetch });
    told.push({ ...(await engine.search(text, options)), fetched: seen.map(({ path }) => path) });
  } catch (error) {
    told.push({ error: error.message, name: error.name, fetched: seen.map(({ path }) => path) });
  }
}
process.stdout.write(JSON.stringify(told));
