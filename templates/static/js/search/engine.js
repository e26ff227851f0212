// @ts-check
// Search without a server: `open` the index of a site, then `search` it. An ES module without DOM, for a module worker and for Node.
//
// The index lies in pieces below search/ (docs/search.md); a query fetches only those that it needs, all at once, and keeps them.

import { corrections, expanded } from "./expand.js";
import { Pieces } from "./pieces.js";
import { lunrClauses, readerClauses } from "./query.js";
import { counted, first, passing } from "./rank.js";
import { inverseFrequency, Scorer } from "./score.js";
import { Segment } from "./segment.js";
import { stem } from "./stemmer.js";

export { SearchError } from "./pieces.js";

/**
 * @typedef {{
 *   v: number, n: number, k1: number, fields: [name: string, boost: number][], paper: string | null,
 *   topics: [slug: string, name: string][], segments: [folder: string, year: number | null, n: number, small: number][],
 * }} Root
 * @typedef {{
 *   ref: string, score: number, title: string, url: string | null, date: string, authors: string[], authorCount: number, snippet: string,
 * }} Result
 * @typedef {{
 *   total: number, complete: number, corrected: string | null, terms: string[], facets: import("./rank.js").Facets, results: Result[],
 * }} Found `complete`: how many have every word; `terms`: what was searched, for marking hits
 * @typedef {{ mode?: "reader" | "lunr", limit?: number, offset?: number, filters?: import("./rank.js").Filters }} Options
 */

const FORMAT = 1;
const MOST_CORRECTIONS = 12;

/**
 * Open the index of a site.
 * @param {string} baseUrl the site's root, with a slash at its end
 * @param {{ fetch?: import("./pieces.js").Fetch }} [options]
 * @returns {Promise<Engine>}
 */
export async function open(baseUrl, { fetch = (url) => globalThis.fetch(url) } = {}) {
  const pieces = new Pieces(`${baseUrl}search/`, fetch);
  /** @type {Root} */
  const root = await pieces.json("root.json");
  if (root.v !== FORMAT) throw new Error(`The search index has the format ${root.v}, not ${FORMAT}: load the page again.`);
  return new Engine(root, pieces, baseUrl);
}

export class Engine {
  /**
   * @param {Root} root
   * @param {Pieces} pieces
   * @param {string} baseUrl
   */
  constructor(root, pieces, baseUrl) {
    this.root = root;
    this.baseUrl = baseUrl;
    this.names = root.fields.map(([name]) => name);
    let base = 0;
    this.segments = root.segments.map((told) => {
      const segment = new Segment(pieces, told, base, root.fields.length);
      base += segment.n;
      return segment;
    });
    this.statistics = { k1: root.k1, boosts: root.fields.map(([, boost]) => boost), bases: this.segments.map((segment) => segment.base) };
    this.scorer = new Scorer(root.n, root.fields.length);
    /** @type {Map<string, Promise<import("./score.js").Term | undefined>>} */
    this.terms = new Map();
    /** @type {Map<string, Promise<string[]>>} */
    this.corrections = new Map();
  }

  /**
   * Return the papers that a query finds.
   * @param {string} query
   * @param {Options} [options]
   * @returns {Promise<Found>}
   */
  async search(query, { mode = "reader", limit = 10, offset = 0, filters = {} } = {}) {
    const isReader = mode === "reader";
    const clauses = isReader ? readerClauses(query, this.names) : await lunrClauses(query, this.names);
    const [parts, demands] = await Promise.all([this.parts(), Promise.all(clauses.map((clause) => this.demand(clause)))]);
    const corrected = isReader ? await this.correct(query, clauses, demands) : null;
    const isEmpty = isReader && clauses.length === 0 && query.trim() !== "";
    const { documents, scores, demands: met } = this.scorer.search(demands, this.statistics);
    const passed = passing(parts, this.root.n, filters);
    const shown = isEmpty ? documents.subarray(0, 0) : passed ? documents.filter((document) => passed[document]) : documents;
    const all = demands.filter(({ presence }) => presence !== "prohibited").length;
    const marked = new Uint8Array(this.root.n);
    let complete = 0;
    for (const document of shown) {
      marked[document] = 1;
      if (met[document] === all) complete++;
    }
    const tierOf = isReader ? (/** @type {number} */ document) => (met[document] === all ? 1 : 0) : () => 0;
    const page = first(shown, scores, tierOf, offset + limit).slice(offset);
    return {
      total: shown.length,
      complete,
      corrected,
      terms: demands.flatMap(({ terms, presence }) => (presence === "prohibited" ? [] : terms.map(({ text }) => text))),
      facets: counted(parts, marked),
      results: await Promise.all(page.map((document) => this.result(document, scores[document]))),
    };
  }

  /** Return what each segment knows of its documents. */
  parts() {
    return Promise.all(
      this.segments.map(async (segment) => ({ base: segment.base, n: segment.n, year: segment.year, facets: await segment.facets() })),
    );
  }

  /**
   * Return a clause with the terms of the index that it stands for.
   * @param {import("./query.js").Clause} clause
   * @returns {Promise<import("./score.js").Demand>}
   */
  async demand(clause) {
    const isPlain = !clause.pattern && clause.distance === 0;
    const texts = isPlain ? [clause.term] : await expanded(this.segments, clause);
    return { ...clause, terms: await this.known(texts) };
  }

  /**
   * Return those of some texts that are terms of the index.
   * @param {string[]} texts
   */
  async known(texts) {
    const found = await Promise.all(texts.map((text) => this.term(text)));
    return found.filter((term) => term !== undefined);
  }

  /**
   * Return a term of the index and where it stands; undefined when it is none.
   * @param {string} text
   * @returns {Promise<import("./score.js").Term | undefined>}
   */
  term(text) {
    let found = this.terms.get(text);
    if (!found) {
      found = this.read(text);
      this.terms.set(text, found);
      found.catch(() => this.terms.delete(text));
    }
    return found;
  }

  /**
   * @param {string} text
   * @returns {Promise<import("./score.js").Term | undefined>}
   */
  async read(text) {
    const entries = await Promise.all(this.segments.map((segment) => segment.find(text)));
    let many = 0;
    for (const entry of entries) entry?.forEach((run) => (many += run ? run.documents.length : 0));
    return many ? { text, many, inverse: inverseFrequency(this.root.n, many), entries } : undefined;
  }

  /**
   * Put in place of each unknown word the words that may have been meant; return the query as it was then understood, null if as it stands.
   * @param {string} query
   * @param {import("./query.js").Clause[]} clauses
   * @param {import("./score.js").Demand[]} demands changed in place
   */
  async correct(query, clauses, demands) {
    let corrected = query;
    await Promise.all(
      clauses.map(async ({ word }, i) => {
        if (!word || demands[i].terms.length > 0) return;
        const meant = await this.meant(word);
        const terms = (await this.known([...new Set(meant.map(stem))])).filter(({ many }) => many > 1);
        if (!terms.length) return;
        demands[i] = { ...demands[i], terms };
        const best = terms.reduce((one, other) => (other.many > one.many ? other : one));
        const shown = meant.find((other) => stem(other) === best.text) ?? best.text;
        corrected = corrected.replace(new RegExp(`(?<![\\p{L}\\p{N}])${word}(?![\\p{L}\\p{N}])`, "iu"), shown);
      }),
    );
    return corrected === query ? null : corrected;
  }

  /**
   * Return the words that may be meant by an unknown one.
   * @param {string} word
   */
  meant(word) {
    let found = this.corrections.get(word);
    if (!found) {
      found = corrections(this.segments, word).then((words) => words.slice(0, MOST_CORRECTIONS));
      this.corrections.set(word, found);
      found.catch(() => this.corrections.delete(word));
    }
    return found;
  }

  /**
   * @param {number} document
   * @param {number} score
   * @returns {Promise<Result>}
   */
  async result(document, score) {
    const segment = this.segments.findLast(({ base }) => base <= document);
    if (!segment) throw new RangeError(`there is no document ${document}`);
    const [ref, title, authors, authorCount, date, snippet] = await segment.card(document - segment.base);
    const url = this.root.paper === null ? null : this.baseUrl + this.root.paper.replace("{id}", encodeURIComponent(ref));
    return { ref, score, title, url, date, authors, authorCount, snippet };
  }
}
