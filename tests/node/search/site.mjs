// A built site, for scripts that search it: its engine, and a fetch that reads its files and counts what it reads.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

export const BASE = "https://example.org/daily/";

/** Return the engine module that a site's root.json names. */
export async function engineOf(folder) {
  const root = JSON.parse(await readFile(join(folder, "search/root.json"), "utf8"));
  return import(pathToFileURL(join(folder, root.engine)));
}

/** Return a fetch of a site's files; `seen` collects the path and the size of each request. */
export function fetchOf(folder, seen = []) {
  return async (url) => {
    if (!url.startsWith(BASE)) throw new Error(`not of this site: ${url}`);
    const path = decodeURIComponent(url.slice(BASE.length));
    const content = await readFile(join(folder, path)).catch(() => null);
    seen.push({ path, bytes: content?.length ?? 0 });
    return content ? new Response(content) : new Response("", { status: 404 });
  };
}
