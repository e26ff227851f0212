// @ts-check
// Which matches are shown, and in which order: matches and filters enter, one page of documents and the counts of facets leave.

/**
 * @typedef {{ topic?: string[], year?: number[], has?: string[] }} Filters
 * @typedef {{ topic: Record<string, number>, year: Record<string, number>, has: Record<string, number> }} Facets
 * @typedef {{ base: number, n: number, year: number | null, facets: Map<string, Uint32Array> }} Part what a segment knows of its documents
 */

/**
 * Return which documents pass the filters: of the topics and of the years any, of `has` all. Undefined where every one does.
 * @param {Part[]} parts
 * @param {number} n
 * @param {Filters} filters
 * @returns {Uint8Array | undefined}
 */
export function passing(parts, n, { topic = [], year = [], has = [] }) {
  const many = (topic.length ? 1 : 0) + (year.length ? 1 : 0) + has.length;
  if (!many) return undefined;
  const passed = new Uint8Array(n);
  for (const { base, n: own, year: in_, facets } of parts) {
    const met = new Uint8Array(own);
    if (year.length && in_ !== null && year.includes(in_)) met.fill(1);
    const ofTopics = new Set(topic.flatMap((slug) => [...(facets.get(`topic:${slug}`) ?? [])]));
    for (const document of ofTopics) met[document]++;
    for (const name of new Set(has)) for (const document of facets.get(`has:${name}`) ?? []) met[document]++;
    for (let document = 0; document < own; document++) passed[base + document] = met[document] === many ? 1 : 0;
  }
  return passed;
}

/**
 * Return how many of the marked documents there are under each facet; those without any are left out.
 * @param {Part[]} parts
 * @param {Uint8Array} marked
 * @returns {Facets}
 */
export function counted(parts, marked) {
  /** @type {Facets} */
  const found = { topic: {}, year: {}, has: {} };
  for (const { base, n, year, facets } of parts) {
    for (const [name, documents] of facets) {
      const kind = /** @type {"topic" | "has"} */ (name.slice(0, name.indexOf(":")));
      const key = name.slice(kind.length + 1);
      let many = 0;
      for (const document of documents) many += marked[base + document];
      if (many) found[kind][key] = (found[kind][key] ?? 0) + many;
    }
    if (year === null) continue;
    let many = 0;
    for (let document = base; document < base + n; document++) many += marked[document];
    if (many) found.year[year] = (found.year[year] ?? 0) + many;
  }
  return found;
}

/**
 * Return the first documents by tier, score and their order among the matches, which is Lunr's.
 * @param {Int32Array} documents
 * @param {Float64Array} scores by document
 * @param {(document: number) => number} tierOf the higher, the earlier
 * @param {number} many
 * @returns {number[]}
 */
export function first(documents, scores, tierOf, many) {
  /** @type {{ document: number, tier: number, score: number }[]} */
  const found = [];
  for (const document of documents) {
    const tier = tierOf(document);
    const score = scores[document];
    const last = found[found.length - 1];
    if (found.length === many && (tier < last.tier || (tier === last.tier && score <= last.score))) continue;
    let low = 0;
    let high = found.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = found[middle];
      if (other.tier > tier || (other.tier === tier && other.score >= score)) low = middle + 1;
      else high = middle;
    }
    found.splice(low, 0, { document, tier, score });
    if (found.length > many) found.pop();
  }
  return found.map(({ document }) => document);
}
