// @ts-check
// Terms that a wildcard or `~n` stands for, and words that one may have meant: exact, out of the few parts of the dictionary that can hold them.

import { lunrJs } from "./query.js";
import { reversed } from "./segment.js";

/** @typedef {import("./segment.js").Segment} Segment */

/**
 * Return the terms of the index that a clause stands for, in the order in which lunr.js takes them.
 * @param {Segment[]} segments
 * @param {import("./query.js").Clause} clause with wildcards or an edit distance
 * @returns {Promise<string[]>}
 */
export async function expanded(segments, clause) {
  const { term, distance } = clause;
  const [lunr, candidates] = await Promise.all([lunrJs(), candidatesOf(segments, term, distance)]);
  const known = lunr.TokenSet.fromArray([...new Set(candidates)].sort());
  const asked = distance > 0 ? lunr.TokenSet.fromFuzzyString(term, distance) : lunr.TokenSet.fromString(term);
  return known.intersect(asked).toArray();
}

/**
 * Return terms among which are all that a clause can stand for.
 * @param {Segment[]} segments
 * @param {string} term
 * @param {number} distance
 * @returns {Promise<string[]>}
 */
async function candidatesOf(segments, term, distance) {
  if (distance > 1) return everything(segments);
  if (distance === 1) return near(segments, term, "t", "r");
  const head = term.slice(0, term.indexOf("*"));
  const tail = term.slice(term.lastIndexOf("*") + 1);
  if (head) return starting(segments, "t", head);
  return tail ? (await starting(segments, "r", reversed(tail))).map(reversed) : everything(segments);
}

/**
 * Return the words that one change makes of a word nobody has written: a letter more, less, another, or two swapped.
 * @param {Segment[]} segments
 * @param {string} word
 * @returns {Promise<string[]>}
 */
export async function corrections(segments, word) {
  const found = await near(segments, word, "w", "v");
  return [...new Set(found)].filter((other) => isNear(word, other)).sort();
}

/**
 * Return the texts of a list that can be one change away: the change leaves the first half as it is, or the second.
 * @param {Segment[]} segments
 * @param {string} text
 * @param {"t" | "w"} forwards
 * @param {"r" | "v"} backwards
 */
async function near(segments, text, forwards, backwards) {
  const letters = [...text];
  const half = letters.length >> 1;
  const [same, other] = await Promise.all([
    starting(segments, forwards, letters.slice(0, Math.max(0, half - 1)).join("")),
    starting(segments, backwards, reversed(letters.slice(half).join(""))),
  ]);
  return [...same, ...other.map(reversed)];
}

/**
 * Return all terms: backwards they take less room than with their postings.
 * @param {Segment[]} segments
 */
async function everything(segments) {
  return (await starting(segments, "r", "")).map(reversed);
}

/**
 * @param {Segment[]} segments
 * @param {import("./segment.js").List} list
 * @param {string} prefix
 */
async function starting(segments, list, prefix) {
  const found = (await Promise.all(segments.map((segment) => segment.starting(list, prefix)))).flat();
  return prefix ? found.filter((text) => text.startsWith(prefix)) : found;
}

/**
 * Tell whether two different words are one change apart.
 * @param {string} one
 * @param {string} other
 */
export function isNear(one, other) {
  if (Math.abs(one.length - other.length) > 1 || one === other) return false;
  let start = 0;
  while (start < one.length && one[start] === other[start]) start++;
  let end = 0;
  const most = Math.min(one.length, other.length) - start;
  while (end < most && one[one.length - 1 - end] === other[other.length - 1 - end]) end++;
  const a = one.slice(start, one.length - end);
  const b = other.slice(start, other.length - end);
  return (a.length <= 1 && b.length <= 1) || (a.length === 2 && b.length === 2 && a[0] === b[1] && a[1] === b[0]);
}
