// @ts-check
// What was found, as elements: how many, the papers, the way to more of them.
import { _, date, listed, ngettext, number, parts } from "../words.js";
import { marked, matcher } from "./marks.js";
import { MOST_TAKEN, PAGE, write } from "./state.js";

/** @typedef {import("./engine.js").Found} Found */
/** @typedef {import("./state.js").State} State */

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {string} [className]
 * @param {string} [text]
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(name, className, text) {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

/** @param {number} n @returns {string} */
export function papers(n) {
  return ngettext("{n} paper", "{n} papers", n);
}

/**
 * @param {State} state
 * @param {Partial<State>} change
 * @param {string} text
 */
export function link(state, change, text) {
  const element = make("a", "", text);
  element.href = write({ ...state, from: 0, ...change });
  element.dataset.go = "";
  return element;
}

/** @param {string} iso @returns {HTMLTimeElement} */
function dated(iso) {
  const element = make("time", "", date(iso));
  element.dateTime = iso;
  return element;
}

/**
 * @param {Found["results"][number]} one
 * @param {string} root
 * @param {(word: string) => boolean} isWanted
 */
function card(one, root, isWanted) {
  const item = make("li");
  const article = make("article", "card");
  const heading = make("h3", "card__title");
  const title = make("a", "title");
  title.href = one.url ?? root;
  heading.append(marked(title, one.title, isWanted));
  article.append(heading);
  const line = make("p", "card__byline");
  marked(line, listed(one.authors, one.authorCount), isWanted);
  if (one.date) line.append(one.authors.length ? _(", ") : "", dated(one.date));
  article.append(line);
  if (one.snippet) article.append(marked(make("p", "card__deck"), one.snippet, isWanted));
  item.append(article);
  return item;
}

/**
 * @param {string} text
 * @param {Element[]} items
 * @param {number} start the place of the first
 */
function list(text, items, start) {
  const element = make("ol", "results");
  element.start = start;
  element.append(...items);
  return [...(text ? [make("p", "results__head", text)] : []), element];
}

/**
 * @param {Found} found
 * @param {State} state
 * @param {string} root
 * @returns {Element[]} headings and papers
 */
export function results(found, state, root) {
  const isWanted = matcher(found.terms);
  const cards = found.results.map((one) => card(one, root, isWanted));
  const { from } = state;
  const whole = found.complete;
  if (state.isExact || !whole || whole >= found.total) return list("", cards, from + 1);
  const first = Math.max(0, Math.min(whole - from, cards.length));
  return [
    ...(first ? list(_("With all the words: {papers}", { papers: papers(whole) }), cards.slice(0, first), from + 1) : []),
    ...(first < cards.length ? list(_("With some of them: {papers}", { papers: papers(found.total - whole) }), cards.slice(first), from + first + 1) : []),
  ];
}

/**
 * @param {Found} found
 * @param {State} state
 * @returns {Element | null} the way to the pages beside this one
 */
export function pager(found, state) {
  const { from } = state;
  const left = found.total - from - found.results.length;
  if (!from && left <= 0) return null;
  const nav = make("nav", "pager");
  nav.setAttribute("aria-label", _("More results"));
  const ways = /** @type {const} */ ([
    [from > 0, from - PAGE, "prev", `‹ ${_("Better matches")}`, range(from - PAGE, from)],
    [left > 0, from + PAGE, "next", `${_("More")} ›`, _("{range} of {total}", { range: range(from + PAGE, Math.min(found.total, from + 2 * PAGE)), total: number(found.total) })],
  ]);
  for (const [isThere, at, rel, small, text] of ways) {
    if (!isThere) continue;
    const way = link(state, { from: at }, "");
    way.rel = rel;
    way.append(make("small", "", small), text);
    nav.append(way);
  }
  return nav;
}

/** @param {number} from the place before the first @param {number} to */
function range(from, to) {
  return `${number(Math.max(1, from + 1))}–${number(to)}`;
}

/**
 * What to say of the whole: how many papers, and which words were taken for others.
 * @param {Found} found
 * @param {State} state
 * @returns {(Node | string)[]}
 */
export function summary(found, state) {
  const said = found.total ? _("{sentence}.", { sentence: papers(found.total) }) : _("No paper was found.");
  if (!found.corrected) return [said];
  const typed = state.query.split(/\s+/);
  const used = found.corrected.split(/\s+/);
  const unknown = typed.filter((word) => !used.includes(word));
  const quoted = unknown.map((words) => _("“{words}”", { words })).join(_(", "));
  const meant = make("i", "", found.corrected);
  return [...parts("No paper says {unknown}: results for {words}.", { unknown: quoted, words: meant }), ` ${said} `, link(state, { isExact: true }, _("Search as typed"))];
}

/**
 * What to do when nothing was found.
 * @param {State} state
 * @returns {Element}
 */
export function nothing(state) {
  const box = make("div", "quiet");
  box.append(make("h2", "", _("Nothing found")));
  const ways = make("ul");
  /** @param {...(Node | string)} parts */
  const way = (...parts) => {
    const item = make("li");
    item.append(...parts);
    ways.append(item);
  };
  const isNarrowed = Object.values(state.filters).some((values) => values.length);
  if (isNarrowed) way(link(state, { filters: { topic: [], year: [], has: [] } }, _("Search without the filters")));
  if (state.isExact) way(link(state, { isExact: false }, _("Search with corrected words")));
  const words = [...new Set(state.query.split(/\s+/).filter((word) => /[\p{L}\p{N}]{3}/u.test(word)))].slice(0, 6);
  if (words.length > 1) {
    way(`${_("Search for one of the words:")} `, ...words.flatMap((word, i) => [i ? _(", ") : "", link(state, { query: word.replace(/^[+-]/, "") }, word)]));
  }
  way(_("Look at the spelling, or use a more general word."));
  box.append(ways);
  return box;
}

/**
 * Return the buttons that give away what was found; how that is done is fetched when it is wanted.
 * @param {Found} found @param {State} state @param {string} root @param {(text: string) => void} say
 */
export function offer(found, state, root, say) {
  const most = Math.min(found.total, MOST_TAKEN);
  const row = make("p", "row note", found.total > MOST_TAKEN ? _("Take the first {n}:", { n: MOST_TAKEN }) : _("Take them with you:"));
  for (const form of ["BibTeX", "JSON"]) {
    const button = make("button", "", form);
    button.type = "button";
    button.setAttribute("aria-label", ngettext("{form} of this paper", "{form} of these {n} papers", most, { form }));
    button.addEventListener("click", async () => {
      button.disabled = true;
      say(_("Reading …"));
      const { give } = await import("./take.js");
      say(await give(form, state, root));
      button.disabled = false;
    });
    row.append(" ", button);
  }
  return row;
}
