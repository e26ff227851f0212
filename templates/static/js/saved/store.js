// @ts-check
// The reader's own list: what is saved, read, noted, watched and muted. It lives in this browser's localStorage and nowhere else.
import { _ } from "../words.js";

/**
 * @typedef {{title: string, href: string, byline: string, saved: string, read: boolean, note: string}} Saved
 * `href` is relative to the site's root; `saved` is an ISO date.
 * @typedef {{v: 1, papers: Record<string, Saved>, watch: string[], mute: string[], visit: string, seen: string}} List
 * `seen` is the newest edition that this reader has come to, `visit` what it was when the visit before this one ended; ISO dates.
 */

export const MOST_PAPERS = 5000;
const MOST_WORDS = 100;
const MOST_TEXT = 5000;

/** @returns {List} */
export function empty() {
  return { v: 1, papers: Object.create(null), watch: [], mute: [], visit: "", seen: "" };
}

/**
 * Return what a text holds of a list. What is of another shape is left out, so that no page depends on what a file or an extension wrote.
 * @param {string} text @returns {List} @throws {SyntaxError} it is no list at all
 */
export function parse(text) {
  const found = JSON.parse(text);
  if (!found || typeof found !== "object" || found.v !== 1) throw new SyntaxError(_("this is not a saved list"));
  const list = empty();
  const papers = found.papers && typeof found.papers === "object" ? Object.entries(found.papers) : [];
  for (const [id, paper] of papers.slice(0, MOST_PAPERS)) {
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,119}$/.test(id) || !paper || typeof paper !== "object") continue;
    const href = words(paper.href);
    if (!words(paper.title) || !/^(?!\/)(?!.*\.\.)[^:\\?#]+\/$/.test(href)) continue;
    list.papers[id] = {
      title: words(paper.title),
      href,
      byline: words(paper.byline),
      saved: day(paper.saved),
      read: paper.read === true,
      note: words(paper.note),
    };
  }
  list.watch = texts(found.watch);
  list.mute = texts(found.mute);
  list.visit = day(found.visit);
  list.seen = day(found.seen);
  return list;
}

/** @param {unknown} value @returns {string} */
function words(value) {
  return typeof value === "string" ? value.slice(0, MOST_TEXT) : "";
}

/** @param {unknown} value @returns {string} an ISO date, or "" */
function day(value) {
  return typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) ? value : "";
}

/** @param {unknown} value @returns {string[]} */
function texts(value) {
  const found = Array.isArray(value) ? value.map(words).map((word) => word.trim()) : [];
  return [...new Set(found.filter(Boolean))].slice(0, MOST_WORDS);
}

/**
 * Return two lists as one: what either has saved; the words and the notes of the first where both have some.
 * @param {List} ours @param {List} theirs @returns {List}
 */
export function merged(ours, theirs) {
  const list = empty();
  Object.assign(list.papers, theirs.papers);
  for (const [id, paper] of Object.entries(ours.papers)) {
    const other = theirs.papers[id];
    list.papers[id] = other ? { ...paper, read: paper.read || other.read, note: paper.note || other.note } : paper;
  }
  list.watch = texts([...ours.watch, ...theirs.watch]);
  list.mute = texts([...ours.mute, ...theirs.mute]);
  list.visit = ours.visit > theirs.visit ? ours.visit : theirs.visit;
  list.seen = ours.seen > theirs.seen ? ours.seen : theirs.seen;
  return list;
}

/** The list of one site in one browser; `storage` is localStorage, or null where it is forbidden. */
export class Store {
  /** @param {Storage | null} storage @param {string} site its path, so that two sites of one host have a list each */
  constructor(storage, site) {
    this.storage = storage;
    this.key = `broadsheet:list:${site}`;
    /** @type {Set<() => void>} */
    this.listeners = new Set();
  }

  /** @returns {List} what is stored now; a store that cannot be read is put aside, never written over */
  read() {
    const text = this.storage?.getItem(this.key);
    if (!text) return empty();
    try {
      return parse(text);
    } catch {
      this.putAside(text);
      return empty();
    }
  }

  /** @param {string} text */
  putAside(text) {
    try {
      this.storage?.setItem(`${this.key}:broken`, text);
      this.storage?.removeItem(this.key);
    } catch {
      // There is no room for both: it stays where it is, and the next change writes over it.
    }
  }

  /** @returns {string | null} the text of a store that could not be read */
  broken() {
    return this.storage?.getItem(`${this.key}:broken`) ?? null;
  }

  /**
   * Change the list as it is stored now, also by another tab.
   * @param {(list: List) => void} change @returns {string} why it could not be stored; "" when it was
   */
  update(change) {
    if (!this.storage) return _("This browser does not let the page store anything.");
    const list = this.read();
    change(list);
    if (Object.keys(list.papers).length > MOST_PAPERS) return _("A list holds at most {n} papers.", { n: MOST_PAPERS });
    try {
      this.storage.setItem(this.key, JSON.stringify(list));
    } catch {
      return _("There is no room left in this browser’s storage. Nothing was changed.");
    }
    this.tell();
    return "";
  }

  /** Forget everything. */
  wipe() {
    this.storage?.removeItem(this.key);
    this.storage?.removeItem(`${this.key}:broken`);
    this.tell();
  }

  /** @param {() => void} listener called after each change, of another tab too */
  watch(listener) {
    this.listeners.add(listener);
  }

  tell() {
    for (const listener of this.listeners) listener();
  }
}

/** @returns {Store} the store of this site in this browser */
export function open() {
  /** @type {Storage | null} */
  let storage = null;
  try {
    storage = window.localStorage;
    storage.getItem("");
  } catch {
    storage = null;
  }
  const home = /** @type {HTMLAnchorElement | null} */ (document.querySelector("[data-home]"));
  const store = new Store(storage, home ? new URL(home.href).pathname : "/");
  addEventListener("storage", (event) => {
    if (event.key === null || event.key.startsWith(store.key)) store.tell();
  });
  return store;
}

/**
 * Return a test of a text for any of some words: whole words from their start, case and accents aside.
 * @param {string[]} list @returns {(text: string) => string | undefined} the word that was found
 */
export function matcher(list) {
  const folded = list.map((word) => /** @type {const} */ ([word, ` ${fold(word)}`])).filter(([, word]) => word.trim());
  return (text) => {
    const within = ` ${fold(text)}`;
    return folded.find(([, word]) => within.includes(word))?.[0];
  };
}

/** @param {string} text @returns {string} */
function fold(text) {
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}+#]+/gu, " ")
    .trim();
}
