// @ts-check
// The service worker: recent digests and saved papers can be read without a network. A page comes from the network whenever it answers;
// what is shown from here says so, and of which day it is. `self.broadsheet`, set by the file that loads this one, says what to keep.

/** @typedef {{root: string, version: string, static: string, pages: string[], assets: string[], language: string, words: Record<string, string>}} Keep */

{
  const worker = /** @type {any} */ (self);
  /** @type {Keep} */
  const keep = worker.broadsheet;
  // Two sites of one host share their caches: each has names of its own.
  const PREFIX = `broadsheet:${keep.root}:`;
  const ASSETS = `${PREFIX}assets:${keep.version}`;
  const PAGES = `${PREFIX}pages`;
  const SAVED = `${PREFIX}saved`;
  const PATIENCE_MS = 6000;

  worker.addEventListener("install", (/** @type {any} */ event) => {
    event.waitUntil(install().then(() => worker.skipWaiting()));
  });

  worker.addEventListener("activate", (/** @type {any} */ event) => {
    event.waitUntil(tidy().then(() => worker.clients.claim()));
  });

  worker.addEventListener("fetch", (/** @type {any} */ event) => {
    const request = /** @type {Request} */ (event.request);
    const url = new URL(request.url);
    if (request.method !== "GET" || url.origin !== worker.location.origin || !url.pathname.startsWith(keep.root)) return;
    if (url.pathname.startsWith(keep.static)) event.respondWith(asset(request));
    else if (request.mode === "navigate" || url.pathname.endsWith("/")) event.respondWith(page(request));
  });

  /** Keep the assets, which must all be there, and of the pages those that can be had now. */
  async function install() {
    await (await caches.open(ASSETS)).addAll(keep.assets);
    const pages = await caches.open(PAGES);
    await Promise.allSettled(keep.pages.map((href) => pages.add(new Request(href, { cache: "no-cache" }))));
  }

  /** Delete what earlier versions of this site kept, and digests that are no longer recent. */
  async function tidy() {
    const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && ![ASSETS, PAGES, SAVED].includes(name));
    await Promise.all(names.map((name) => caches.delete(name)));
    const pages = await caches.open(PAGES);
    const old = (await pages.keys()).filter((request) => !keep.pages.includes(new URL(request.url).pathname));
    await Promise.all(old.map((request) => pages.delete(request)));
  }

  /** An asset has a hash in its path: what was kept once is right for ever. @param {Request} request @returns {Promise<Response>} */
  async function asset(request) {
    const cache = await caches.open(ASSETS);
    const kept = await cache.match(request);
    if (kept) return kept;
    const answer = await fetch(request);
    if (answer.ok) await cache.put(request, answer.clone());
    return answer;
  }

  /** @param {Request} request @returns {Promise<Response>} */
  async function page(request) {
    try {
      const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
      if (answer.ok) await renew(request, answer.clone());
      return answer;
    } catch (error) {
      const kept = (await match(PAGES, request)) ?? (await match(SAVED, request));
      if (kept) return asCopy(kept);
      const front = await match(PAGES, new Request(keep.root));
      if (front && request.mode === "navigate") return asCopy(front, keep.words.instead);
      throw error;
    }
  }

  /** Replace the copies of a page that are kept by what the network says now. @param {Request} request @param {Response} answer */
  async function renew(request, answer) {
    for (const name of [PAGES, SAVED]) {
      const cache = await caches.open(name);
      if (await cache.match(request, { ignoreSearch: true })) await cache.put(new URL(request.url).pathname, answer.clone());
    }
  }

  /** @param {string} name @param {Request} request */
  async function match(name, request) {
    return (await caches.open(name)).match(request, { ignoreSearch: true });
  }

  /**
   * Return a kept page with a line that says what it is.
   * @param {Response} kept @param {string} [why] @returns {Promise<Response>}
   */
  async function asCopy(kept, why = keep.words.why) {
    const date = new Date(kept.headers.get("date") ?? "");
    const when = Number.isNaN(date.valueOf()) ? "" : ` ${keep.words.copy.replace("{time}", date.toLocaleString(keep.language, { dateStyle: "long", timeStyle: "short" }))}`;
    const line = `<p class="notice sheet offline" role="status"><strong>${keep.words.offline}</strong> <span>${why}${when}</span></p>`;
    const text = (await kept.text()).replace(/<main\b/, `${line}<main`);
    return new Response(text, { headers: { "content-type": "text/html; charset=utf-8" } });
  }
}
