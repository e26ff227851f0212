// @ts-check
// The stemmer of lunr.js 2.3.9, to the letter, in the form of generator/terms/lunr.py: the index was made with that one.

const C = "[^aeiou][^aeiouy]*"; // a sequence of consonants
const V = "[aeiouy][aeiou]*"; // a sequence of vowels
const M_ABOVE_0 = new RegExp(`^(${C})?${V}${C}`);
const M_IS_1 = new RegExp(`^(${C})?${V}${C}(${V})?$`);
const M_ABOVE_1 = new RegExp(`^(${C})?${V}${C}${V}${C}`);
const HAS_VOWEL = new RegExp(`^(${C})?[aeiouy]`);
const SHORT = new RegExp(`^${C}[aeiouy][^aeiouwxy]$`); // ends in consonant, vowel, consonant
const DOUBLE = /([^aeiouylsz])\1$/;

/** @type {Record<string, string>} */
const STEP_2 = {
  ational: "ate", tional: "tion", enci: "ence", anci: "ance", izer: "ize", bli: "ble", alli: "al", entli: "ent",
  eli: "e", ousli: "ous", ization: "ize", ation: "ate", ator: "ate", alism: "al", iveness: "ive", fulness: "ful",
  ousness: "ous", aliti: "al", iviti: "ive", biliti: "ble", logi: "log",
};
/** @type {Record<string, string>} */
const STEP_3 = { icate: "ic", ative: "", alize: "al", iciti: "ic", ical: "ic", ful: "", ness: "" };
const ENDS_2 = new RegExp(`^(.+?)(${Object.keys(STEP_2).join("|")})$`);
const ENDS_3 = new RegExp(`^(.+?)(${Object.keys(STEP_3).join("|")})$`);
const ENDS_4 = /^(.+?)(al|ance|ence|er|ic|able|ible|ant|ement|ment|ent|ou|ism|ate|iti|ous|ive|ize)$/;
const ENDS_ION = /^(.+?[st])ion$/;

/**
 * Return the stem of a word in lower case.
 * @param {string} word
 */
export function stem(word) {
  if (word.length < 3) return word;
  const startsWithY = word[0] === "y";
  if (startsWithY) word = "Y" + word.slice(1); // there it is a consonant
  word = pluralAndParticiple(word);
  let found = /^(.+?[^aeiou])y$/.exec(word);
  if (found) word = found[1] + "i";
  found = ENDS_2.exec(word);
  if (found && M_ABOVE_0.test(found[1])) word = found[1] + STEP_2[found[2]];
  found = ENDS_3.exec(word);
  if (found && M_ABOVE_0.test(found[1])) word = found[1] + STEP_3[found[2]];
  found = ENDS_4.exec(word) ?? ENDS_ION.exec(word);
  if (found && M_ABOVE_1.test(found[1])) word = found[1];
  if (word.endsWith("e") && word.length > 1) {
    const rest = word.slice(0, -1);
    if (M_ABOVE_1.test(rest) || (M_IS_1.test(rest) && !SHORT.test(rest))) word = rest;
  }
  if (word.endsWith("ll") && M_ABOVE_1.test(word)) word = word.slice(0, -1);
  return startsWithY ? "y" + word.slice(1) : word;
}

/**
 * Return a word without the ending of a plural, and without -ed or -ing.
 * @param {string} word
 */
function pluralAndParticiple(word) {
  let found = /^(.+?)(ss|i)es$/.exec(word) ?? /^(.+?)([^s])s$/.exec(word);
  if (found) word = found[1] + found[2];
  found = /^(.+?)eed$/.exec(word);
  if (found) return M_ABOVE_0.test(found[1]) ? word.slice(0, -1) : word;
  found = /^(.+?)(ed|ing)$/.exec(word);
  if (!found || !HAS_VOWEL.test(found[1])) return word;
  const rest = found[1];
  if (/(at|bl|iz)$/.test(rest)) return rest + "e";
  if (DOUBLE.test(rest)) return rest.slice(0, -1);
  return SHORT.test(rest) ? rest + "e" : rest;
}
