// @ts-check
// What a reader types, as terms of the index: words in, the terms that each of them may stand for out. The other half is generator/terms/.

import { stem } from "./stemmer.js";

const CJK = "\\u3005-\\u3007\\u3040-\\u30ff\\u31f0-\\u31ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uac00-\\ud7af\\uf900-\\ufaff\\u{20000}-\\u{3134f}";
const CJK_RUN = new RegExp(`[${CJK}]+`, "gu");
const LANGUAGE = /(?<![\p{L}\p{N}])([a-z]{1,3}(?:\+\+|\+|#))(?![\p{L}\p{N}_+#])/gu;
const APPLIED = /(?<![\p{L}\p{N}])[\p{L}\p{N}_]{1,6}\([^()\s]{1,12}\)/gu;
const VERSIONED = /(?<![\p{L}\p{N}])([a-z]{1,12})-(\d[\d.]*[\p{L}\p{N}_]{0,3})/gu;
const BREAKS = /[\s\u2010-\u2015\u2212-]+|[/()[\]{}|"“”‘’=…]+/u;
const SIGNS_AROUND = /^[^\p{L}\p{N}_]+|[^\p{L}\p{N}_]+$/gu;
/** @type {Record<string, string>} */
const WHOLE_LETTERS = { ß: "ss", æ: "ae", œ: "oe", ø: "o", đ: "d", ð: "d", ł: "l", þ: "th", ı: "i", ς: "σ" };

/** The stop words of lunr.js: they are in no index. */
export const STOP_WORDS = new Set(
  `a able about across after all almost also am among an and any are as at be because been but by can cannot could dear did do does either
  else ever every for from get got had has have he her hers him his how however i if in into is it its just least let like likely may me might
  most must my neither no nor not of off often on only or other our own rather said say says she should since so some than that the their
  them then there these they this tis to too twas us wants was we were what when where which while who whom why will with would yet you your`
    .split(/\s+/),
);

/**
 * Return text without accents and case.
 * @param {string} text
 */
export function fold(text) {
  const lower = text.toLowerCase();
  // eslint-disable-next-line no-control-regex
  if (/^[\x00-\x7f]*$/.test(lower)) return lower;
  return lower.replace(/[ßæœøđðłþıς]/g, (letter) => WHOLE_LETTERS[letter]).normalize("NFKD").replace(/\p{Mn}/gu, "").toLowerCase();
}

/**
 * A word that a reader typed, and the terms that a paper must have to have the word.
 * @typedef {{ word: string, terms: string[] }} Wanted
 */

/**
 * Return what is wanted by a text without syntax, in its order, each word once; stop words are left out.
 * @param {string} text
 * @returns {Wanted[]}
 */
export function wanted(text) {
  /** @type {Map<string, Wanted>} */
  const found = new Map();
  /** @type {(word: string, terms: string[]) => void} */
  const add = (word, terms) => {
    if (!found.has(word)) found.set(word, { word, terms });
  };
  for (const typed of fold(text).split(/[\s\ufeff]+/)) {
    let rest = typed.replace(CJK_RUN, (run) => {
      const letters = [...run];
      const pairs = letters.length === 1 ? letters : letters.slice(1).map((letter, i) => letters[i] + letter);
      add(run, pairs);
      return " ";
    });
    rest = rest.replace(LANGUAGE, (sign) => (add(sign, [sign]), " "));
    rest = rest.replace(APPLIED, (sign) => (add(sign, [stem(sign)]), " "));
    rest = rest.replace(VERSIONED, (whole, name, version) => {
      const bare = version.replace(/\.+$/, "");
      add(name + bare, [name + bare]);
      return " ";
    });
    for (const part of rest.split(BREAKS)) {
      const word = part.replace(SIGNS_AROUND, "");
      if (word && !STOP_WORDS.has(word)) add(word, [stem(word)]);
    }
  }
  return [...found.values()];
}
