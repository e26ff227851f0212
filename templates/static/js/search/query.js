// @ts-check
// What was typed, as clauses: in mode `lunr` exactly those of lunr.js, in mode `reader` those of the words that a reader means. Never throws.

import { stem } from "./stemmer.js";
import { fold, wanted } from "./words.js";

/**
 * One demand of a query: any of its terms, in any of its fields.
 * @typedef {"optional" | "required" | "prohibited"} Presence
 * @typedef {{
 *   term: string, pattern: boolean, distance: number, fields: number[], boost: number, presence: Presence,
 *   word?: string, terms?: string[],
 * }} Clause `pattern`: the term has wildcards; `distance`: of `~n`; `word`: as typed, when it may be corrected; `terms`: those found for it
 */

const SYNTAX = /[:~^*+\\-]/;
const PRESENCES = /** @type {const} */ (["", "optional", "required", "prohibited"]);

/**
 * Return lunr.js, which is loaded by the first query that needs more of it than its stemmer.
 * @returns {Promise<any>}
 */
export async function lunrJs() {
  return (await import("../../vendor/lunr/lunr.js")).default;
}

/**
 * Return the clauses that lunr.js makes of a query; what it would not take is read as plain words.
 * @param {string} text
 * @param {string[]} names of the fields
 * @returns {Promise<Clause[]>}
 */
export async function lunrClauses(text, names) {
  if (SYNTAX.test(text)) {
    const lunr = await lunrJs();
    const query = new lunr.Query(names);
    try {
      new lunr.QueryParser(text, query).parse();
      return query.clauses.map((/** @type {any} */ clause) => fromLunr(clause, names));
    } catch (error) {
      if (!(error instanceof lunr.QueryParseError)) throw error;
      text = text.replace(new RegExp(SYNTAX, "g"), " ");
    }
  }
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return words.map((word) => clauseOf(stem(word), names.map((_, i) => i)));
}

/**
 * @param {any} clause
 * @param {string[]} names
 * @returns {Clause}
 */
function fromLunr(clause, names) {
  const term = clause.usePipeline ? stem(clause.term) : clause.term;
  return {
    term,
    pattern: term.includes("*") && !(clause.editDistance > 0),
    distance: clause.editDistance ?? 0,
    fields: clause.fields.map((/** @type {string} */ name) => names.indexOf(name)),
    boost: clause.boost,
    presence: PRESENCES[clause.presence] || "optional",
  };
}

/**
 * Return the clauses of what a reader typed: words, and of Lunr's syntax `+`, `-`, `field:`, `*`, `~n` and `^n` where they make sense.
 * @param {string} text
 * @param {string[]} names of the fields
 * @returns {Clause[]}
 */
export function readerClauses(text, names) {
  /** @type {Clause[]} */
  const found = [];
  for (const typed of text.slice(0, MOST_CHARACTERS).split(/[\s\ufeff]+/)) {
    const [, sign, name, rest] = /^([+-]?)(?:(\w+):(?=.))?(.*)$/su.exec(typed) ?? ["", "", "", typed];
    const isField = name !== undefined && names.includes(name);
    const fields = isField ? [names.indexOf(name)] : names.map((_, i) => i);
    const [, bare, distance, boost] = /^(.+?)(?:~(\d{1,2}))?(?:\^(\d{1,3}))?$/su.exec(name && !isField ? `${name}:${rest}` : rest) ?? ["", ""];
    const shared = { fields, boost: Number(boost ?? 1), presence: presenceOf(sign) };
    const pattern = bare.length > 1 && /[\p{L}\p{N}]/u.test(bare) && bare.includes("*");
    if (pattern) {
      found.push({ ...shared, term: fold(bare), pattern: true, distance: 0 });
      continue;
    }
    for (const { word, terms } of wanted(bare)) {
      for (const term of terms) {
        const near = Number(distance ?? 0);
        const mayBeCorrected = near === 0 && terms.length === 1 && shared.presence !== "prohibited" && /^\p{L}{4,}$/u.test(word);
        found.push({ ...shared, term, pattern: false, distance: near, ...(mayBeCorrected && { word }) });
      }
    }
  }
  return withoutRepeated(found).slice(0, MOST_CLAUSES);
}

const MOST_CHARACTERS = 2000;
const MOST_CLAUSES = 64;

/**
 * @param {string} sign
 * @returns {Presence}
 */
function presenceOf(sign) {
  return sign === "+" ? "required" : sign === "-" ? "prohibited" : "optional";
}

/** @param {Clause[]} clauses */
function withoutRepeated(clauses) {
  const known = new Set();
  return clauses.filter(({ term, fields, presence }) => {
    const key = `${presence} ${fields} ${term}`;
    return !known.has(key) && known.add(key);
  });
}

/**
 * @param {string} term
 * @param {number[]} fields
 * @returns {Clause}
 */
function clauseOf(term, fields) {
  return { term, pattern: false, distance: 0, fields, boost: 1, presence: "optional" };
}
