// @ts-check
// The words of scripts, in English as they are written. For a site in another language the build adds its catalogue at the end of this file.

/** @type {Record<string, string[]>} */
const TEXTS = {};
/** Which form of a text a number asks for. @type {(n: number) => number | boolean} */
let form = (n) => n !== 1;
let tag = "en-GB";

/**
 * Return a text in the site's language, with values at its places.
 * @param {string} text @param {Record<string, string | number>} [values] @returns {string}
 */
export function _(text, values = {}) {
  return parts(text, values).join("");
}

/**
 * Return a text with a number, `{n}`, in the form that the number asks for.
 * @param {string} one @param {string} many @param {number} n @param {Record<string, string | number>} [values] @returns {string}
 */
export function ngettext(one, many, n, values = {}) {
  return pieces((TEXTS[one] ?? [one, many])[Number(form(n))] ?? many, { n: number(n), ...values }).join("");
}

/**
 * Return a text as its pieces, with values between them that may be elements.
 * @template T @param {string} text @param {Record<string, T>} values @returns {(T | string)[]}
 */
export function parts(text, values) {
  return pieces(TEXTS[text]?.[0] ?? text, values);
}

/** @param {number} n @returns {string} with the marks between its thousands */
export function number(n) {
  return new Intl.NumberFormat(tag, { numberingSystem: "latn" }).format(n);
}

/** @param {string} iso a date, or something else that stays as it is @returns {string} */
export function date(iso) {
  if (!/^\d{4}-\d\d-\d\d$/.test(iso)) return iso;
  return new Intl.DateTimeFormat(tag, { dateStyle: "long", timeZone: "UTC", numberingSystem: "latn" }).format(new Date(`${iso}T00:00:00Z`));
}

/** @param {string[]} names @param {number} [count] of all, when only the first are there @returns {string} */
export function listed(names, count = names.length) {
  const comma = _(", ");
  const more = count - names.length;
  if (more > 0) return ngettext("{names} and {n} more", "{names} and {n} more", more, { names: names.join(comma) });
  return names.length > 1 ? _("{names} and {last}", { names: names.slice(0, -1).join(comma), last: names[names.length - 1] }) : (names[0] ?? "");
}

/**
 * @template T @param {string} said @param {Record<string, T>} values @returns {(T | string)[]}
 */
function pieces(said, values) {
  return said
    .split(/\{(\w+)\}/)
    .map((piece, place) => (place % 2 ? values[piece] : piece))
    .filter((piece) => piece !== "");
}
