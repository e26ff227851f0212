// @ts-check
// A segment of the index: terms, words, documents enter, postings, lengths and cards leave, out of pieces that are fetched when needed.

import { json, numbers, streams, texts } from "./codec.js";

/**
 * Where a term stands in one field: the documents, ascending, and how often it stands in each.
 * @typedef {{ documents: Uint32Array, times: Uint32Array }} Run
 * @typedef {(Run | undefined)[]} Entry a run for each field that has the term
 * @typedef {{ terms: string[], entries: Map<string, Entry> }} Chunk
 * @typedef {"t" | "r" | "w" | "v"} List
 * @typedef {{ t: string[], r?: string[], w: string[], v?: string[], cards: number }} Head
 * @typedef {[id: string, title: string, names: string[], authors: number, date: string, snippet: string]} Card
 */

// What lies in the file `a` of every segment.
const FIRST = new Set(["head", "facets", "primer"]);

export class Segment {
  /**
   * @param {import("./pieces.js").Pieces} pieces
   * @param {[folder: string, year: number | null, n: number, small: number]} told
   * @param {number} base the number of its first document in the whole index
   * @param {number} fields
   */
  constructor(pieces, told, base, fields) {
    this.folder = told[0];
    this.year = told[1];
    this.n = told[2];
    this.isSmall = told[3] === 1;
    this.pieces = pieces;
    this.base = base;
    this.fields = fields;
    /** @type {Map<string, Promise<any>>} */
    this.read = new Map();
  }

  /** @returns {Promise<Head>} */
  head() {
    return this.piece("head", json);
  }

  /**
   * Return where a term stands; undefined where it does not.
   * @param {string} term
   * @returns {Promise<Entry | undefined>}
   */
  async find(term) {
    const { t } = await this.head();
    const place = placeOf(t, term);
    return place < 0 ? undefined : (await this.chunk(place)).entries.get(term);
  }

  /**
   * Return what documents can be filtered by: `topic:slug` or `has:code`, and the documents.
   * @returns {Promise<Map<string, Uint32Array>>}
   */
  facets() {
    return this.piece("facets", (bytes) => readFacets(bytes, this.n));
  }

  /**
   * Return the card of a document.
   * @param {number} document
   * @returns {Promise<Card>}
   */
  async card(document) {
    const { cards } = await this.head();
    const found = await this.piece(`c${Math.floor(document / cards)}`, json);
    return found[document % cards];
  }

  /**
   * Return a list's texts from those that may start with a prefix; a superset. Lists: `t` terms, `r` terms backwards, `w` words as they
   * are written, `v` words backwards.
   * @param {List} list
   * @param {string} prefix
   * @returns {Promise<string[]>}
   */
  async starting(list, prefix) {
    const head = await this.head();
    const firsts = head[list];
    if (!firsts) return (await this.starting(list === "r" ? "t" : "w", "")).map(reversed); // a small segment reads its lists whole
    const wanted = [];
    for (let i = Math.max(0, placeOf(firsts, prefix)); i < firsts.length && (firsts[i] <= prefix || firsts[i].startsWith(prefix)); i++) {
      wanted.push(list === "t" ? this.chunk(i).then(({ terms }) => terms) : this.piece(`${list}${i}`, readTexts));
    }
    return (await Promise.all(wanted)).flat();
  }

  /**
   * @param {number} number
   * @returns {Promise<Chunk>}
   */
  chunk(number) {
    return this.piece(`t${number}`, (bytes) => readChunk(bytes, this.fields));
  }

  /**
   * @template T
   * @param {string} name
   * @param {(bytes: Uint8Array) => T} read
   * @returns {Promise<T>}
   */
  piece(name, read) {
    const isApart = !this.isSmall && !FIRST.has(name);
    if (isApart && name.startsWith("c")) return this.primed(name, read);
    if (isApart) return this.pieces.get(`${this.folder}/${name}`, read);
    let found = this.read.get(name);
    if (!found) {
      found = this.bundled(name).then(read);
      this.read.set(name, found);
      found.catch(() => this.read.delete(name));
    }
    return found;
  }

  /**
   * Return a card's piece: it refers back into the primer.
   * @template T
   * @param {string} name
   * @param {(bytes: Uint8Array) => T} read
   * @returns {Promise<T>}
   */
  async primed(name, read) {
    return this.pieces.get(`${this.folder}/${name}`, read, await this.piece("primer", (bytes) => bytes));
  }

  /**
   * Return a piece of the file `a`, which every query needs, or of `b`, which a small segment has for cards and corrections.
   * @param {string} name
   */
  async bundled(name) {
    const bundle = await this.pieces.get(`${this.folder}/${/^[cwv]\d+$/.test(name) ? "b" : "a"}`, readBundle);
    const found = bundle.get(name);
    if (!found) throw new RangeError(`the segment ${this.folder} has no ${name}`);
    return found;
  }
}

/**
 * Return the place of the last text that is not after another; -1 where all are.
 * @param {string[]} firsts sorted
 * @param {string} text
 */
function placeOf(firsts, text) {
  let low = 0;
  let high = firsts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (firsts[middle] <= text) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * Return text backwards, by characters.
 * @param {string} text
 */
export function reversed(text) {
  return [...text].reverse().join("");
}

/**
 * @param {Uint8Array} bytes
 * @returns {Map<string, Uint8Array>}
 */
function readBundle(bytes) {
  const [names, ...found] = streams(bytes);
  return new Map(json(names).map((/** @type {string} */ name, /** @type {number} */ i) => [name, found[i]]));
}

/** @param {Uint8Array} bytes */
function readTexts(bytes) {
  const [shared, own, rest] = streams(bytes);
  return texts(shared, own, rest);
}

/**
 * @param {Uint8Array} bytes
 * @param {number} n
 * @returns {Map<string, Uint32Array>}
 */
function readFacets(bytes, n) {
  const [names, ...found] = streams(bytes);
  return new Map(
    json(names).map((/** @type {[string, number]} */ [name, isDense], /** @type {number} */ i) => [
      name,
      isDense ? set(found[i], n) : ascending(numbers(found[i])),
    ]),
  );
}

/**
 * Return the numbers of the bits that are set.
 * @param {Uint8Array} bits
 * @param {number} n
 */
function set(bits, n) {
  const found = [];
  for (let i = 0; i < n; i++) if (bits[i >> 3] & (1 << (i & 7))) found.push(i);
  return Uint32Array.from(found);
}

/**
 * @param {Uint8Array} bytes
 * @param {number} fields
 * @returns {Chunk}
 */
function readChunk(bytes, fields) {
  const [shared, own, rest, counted, gaps, more] = streams(bytes);
  const terms = texts(shared, own, rest);
  const counts = numbers(counted);
  const documents = numbers(gaps);
  const times = numbers(more).map((number) => number + 1);
  /** @type {Map<string, Entry>} */
  const entries = new Map();
  let at = 0;
  let place = 0;
  for (const term of terms) {
    const mask = counts[place++];
    /** @type {Entry} */
    const entry = new Array(fields);
    for (let field = 0; field < fields; field++) {
      if (!(mask & (1 << field))) continue;
      const end = at + counts[place++];
      entry[field] = { documents: ascending(documents.subarray(at, end)), times: times.subarray(at, end) };
      at = end;
    }
    entries.set(term, entry);
  }
  return { terms, entries };
}

/**
 * Turn gaps into the numbers themselves, in place.
 * @param {Uint32Array} gaps
 */
function ascending(gaps) {
  let before = -1;
  for (let i = 0; i < gaps.length; i++) before = gaps[i] += before + 1;
  return gaps;
}
