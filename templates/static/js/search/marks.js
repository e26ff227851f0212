// @ts-check
// Words of a shown text that stand for a term that was searched: both are stemmed, so "rewards" is marked for "reward".
import { wanted } from "./words.js";

const CHUNK = /\S+/gu;
const PART = /[^\u2010-\u2015/()[\]{}|"“”‘’=…-]+/gu;
const BARE = /[\p{L}\p{N}](?:.*[\p{L}\p{N}+#)])?/u; // without the signs around it

/**
 * @param {string[]} terms of the index
 * @returns {(word: string, isWhole?: boolean) => boolean} whether a word of a text stands for one; `isWhole`: as a name with signs, GPT-4, C++
 */
export function matcher(terms) {
  const known = new Set(terms);
  return (word, isWhole = false) =>
    wanted(word).some((one) => (!isWhole || /[^\p{L}]/u.test(one.word)) && one.terms.some((term) => known.has(term)));
}

/**
 * Put a text into an element, the words asked for in <mark>.
 * @template {HTMLElement} E
 * @param {E} element
 * @param {string} text
 * @param {(word: string, isWhole?: boolean) => boolean} isWanted
 * @returns {E}
 */
export function marked(element, text, isWanted) {
  let end = 0;
  /** @type {(word: string, at: number) => void} */
  const mark = (word, at) => {
    const found = BARE.exec(word);
    if (!found) return;
    const start = at + found.index;
    const shown = document.createElement("mark");
    shown.textContent = found[0];
    element.append(text.slice(end, start), shown);
    end = start + found[0].length;
  };
  for (const { 0: chunk, index } of text.matchAll(CHUNK)) {
    if (/[^\p{L}]./u.test(chunk) && isWanted(chunk, true)) mark(chunk, index);
    else for (const part of chunk.matchAll(PART)) if (isWanted(part[0])) mark(part[0], index + part.index);
  }
  element.append(text.slice(end));
  return element;
}
