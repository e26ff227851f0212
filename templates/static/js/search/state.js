// @ts-check
// What is asked for, as the address of the page says it: ?q=…&topic=…&year=…&has=code&from=10

export const PAGE = 10;
export const MOST_TAKEN = 100; // results in a file
export const FILTERS = /** @type {const} */ (["topic", "year", "has"]);
const LONGEST = 1000;

/** @typedef {{query: string, isExact: boolean, from: number, filters: Record<string, string[]>}} State */

/**
 * @param {string} search the query string of an address
 * @returns {State}
 */
export function read(search) {
  const given = new URLSearchParams(search);
  const from = Number.parseInt(given.get("from") ?? "0", 10);
  return {
    query: (given.get("q") ?? "").slice(0, LONGEST),
    isExact: given.get("mode") === "lunr",
    from: from > 0 ? from - (from % PAGE) : 0,
    filters: Object.fromEntries(FILTERS.map((name) => [name, [...new Set(given.getAll(name).filter(Boolean))]])),
  };
}

/**
 * @param {State} state
 * @returns {string} an address relative to the page
 */
export function write(state) {
  const given = new URLSearchParams();
  if (state.query.trim()) given.set("q", state.query.trim());
  for (const name of FILTERS) for (const value of state.filters[name]) given.append(name, value);
  if (state.isExact) given.set("mode", "lunr");
  if (state.from) given.set("from", String(state.from));
  return given.size ? `?${given}` : location.pathname;
}

/** @param {State} state */
export function isEmpty(state) {
  return !state.query.trim() && FILTERS.every((name) => !state.filters[name].length);
}

/** @param {State} state @returns {object} options for the engine */
export function options(state) {
  /** @type {Record<string, (string | number)[]>} */
  const filters = {};
  for (const name of FILTERS) {
    if (state.filters[name].length) filters[name] = name === "year" ? state.filters[name].map(Number).filter(Number.isFinite) : state.filters[name];
  }
  return { mode: state.isExact ? "lunr" : "reader", limit: PAGE, offset: state.from, filters };
}
