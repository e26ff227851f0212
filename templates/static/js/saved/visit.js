// @ts-check
// What is new since the reader's last visit: a visit lasts as long as a tab, or the tabs opened from it.

/** @typedef {import("./store.js").Store} Store */

const SESSION = "broadsheet:visit";

/** @param {Store} store note the edition of this page as seen; when a new visit begins, what was seen before it becomes its measure */
export function note(store) {
  const edition = document.querySelector(".dateline h1 time")?.getAttribute("datetime") ?? "";
  const begins = isNewVisit(store.key);
  const list = store.read();
  if (!begins && edition <= list.seen) return;
  if (!edition && !list.seen) return;
  store.update((list) => {
    if (begins) list.visit = list.seen;
    if (edition > list.seen) list.seen = edition;
  });
}

/** @param {string} key @returns {boolean} */
function isNewVisit(key) {
  try {
    const name = `${SESSION}:${key}`;
    if (sessionStorage.getItem(name)) return false;
    sessionStorage.setItem(name, "1");
    return true;
  } catch {
    return false;
  }
}

/**
 * Return the editions after a date, the newest first, as the archive lists them.
 * @param {URL} archive its address @param {string} since an ISO date
 * @returns {Promise<{date: string, href: string, title: string}[]>} @throws {Error} the archive cannot be read
 */
export async function editionsSince(archive, since) {
  const answer = await fetch(archive);
  if (!answer.ok) throw new Error(`${answer.status}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = new Map();
  for (const link of page.querySelectorAll("main a[href]")) {
    const href = new URL(link.getAttribute("href") ?? "", archive).href;
    const date = /\/(\d{4}-\d\d-\d\d)\/$/.exec(href)?.[1];
    if (date && date > since) found.set(date, { date, href, title: link.getAttribute("title") ?? link.getAttribute("aria-label") ?? date });
  }
  return [...found.values()].sort((one, other) => (one.date < other.date ? 1 : -1));
}
