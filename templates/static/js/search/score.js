// @ts-check
// The search of lunr.js 2.3.9 over typed arrays: clauses and postings enter, matching documents with Lunr's scores leave, in Lunr's order.
//
// What makes the scores equal to the last bit: a weight is reckoned and rounded as its builder does; products are added in the order of terms,
// fields in the order in which the query first met them; only the magnitude of the query's own vector divides.

/**
 * A term and where it stands: an entry for each segment that has it; `many`: in how many documents, each field counted.
 * @typedef {{ text: string, many: number, inverse: number, entries: (import("./segment.js").Entry | undefined)[] }} Term
 * @typedef {{ fields: number[], boost: number, presence: import("./query.js").Presence, terms: Term[] }} Demand
 * @typedef {{ k1: number, boosts: number[], bases: number[] }} Statistics `bases`: the first document of each segment
 * @typedef {{ documents: Int32Array, scores: Float64Array, demands: Uint16Array }} Matches `scores` by document; `demands`: how many it meets
 */

/**
 * Return how much a term tells.
 * @param {number} n documents
 * @param {number} found in how many of them, each field counted
 */
export function inverseFrequency(n, found) {
  return Math.log(1 + Math.abs((n - found + 0.5) / (found + 0.5)));
}

/**
 * Return a term's weight in a field of a document, as the builder of lunr.js reckons it with `b(0)`.
 * @param {number} inverse
 * @param {number} times
 * @param {number} k1
 * @param {number} boost
 */
function weigh(inverse, times, k1, boost) {
  return Math.round(((inverse * ((k1 + 1) * times)) / (k1 + times)) * boost * 1000) / 1000;
}

/** The arrays of an index's size, used by one search after the other. */
export class Scorer {
  /**
   * @param {number} n documents
   * @param {number} fields
   */
  constructor(n, fields) {
    this.n = n;
    this.fields = fields;
    this.products = new Float64Array(n * fields);
    this.met = new Uint8Array(n * fields);
    this.order = new Int32Array(n * fields); // field references as they are first met
  }

  /**
   * Return the documents that match.
   * @param {Demand[]} demands
   * @param {Statistics} statistics
   * @returns {Matches}
   */
  search(demands, statistics) {
    const { n, fields } = this;
    const wanted = demands.filter(({ presence }) => presence !== "prohibited");
    const required = wanted.filter(({ presence }) => presence === "required");
    const prohibited = demands.filter(({ presence }) => presence === "prohibited");
    const met = new Uint16Array(n);
    const missing = new Uint16Array(n).fill(required.length);
    const many = this.meet(wanted, statistics.bases, met, missing);
    for (const demand of prohibited) eachDocument(demand, statistics.bases, (document) => (missing[document] = 65535));
    const magnitudes = this.multiply(wanted, statistics);

    const documents = new Int32Array(n);
    const scores = new Float64Array(n);
    const listed = new Uint8Array(n);
    let found = 0;
    const isNegated = wanted.length === 0; // then lunr.js starts from every document
    for (let i = 0; i < (isNegated ? n * fields : many); i++) {
      const reference = isNegated ? 0 : this.order[i];
      const document = isNegated ? Math.floor(i / fields) : reference % n;
      if (missing[document] === 0) {
        const field = Math.floor(reference / n);
        const score = isNegated ? 0 : this.products[reference] / magnitudes[field] || 0;
        if (listed[document]) {
          scores[document] += score;
        } else {
          listed[document] = 1;
          scores[document] = score;
          documents[found++] = document;
        }
      }
      if (!isNegated) this.products[reference] = this.met[reference] = 0;
    }
    return { documents: documents.subarray(0, found), scores, demands: met };
  }

  /**
   * Note which fields of which documents the demands meet, in the order of lunr.js; return how many.
   * @param {Demand[]} wanted
   * @param {number[]} bases
   * @param {Uint16Array} met counts the demands that a document meets
   * @param {Uint16Array} missing counts the required demands that it does not
   */
  meet(wanted, bases, met, missing) {
    const { n } = this;
    const last = new Int32Array(n).fill(-1);
    let many = 0;
    wanted.forEach(({ terms, fields, presence }, number) => {
      const isRequired = presence === "required";
      for (const { entries } of terms) {
        for (const field of fields) {
          for (let segment = 0; segment < entries.length; segment++) {
            const run = entries[segment]?.[field];
            if (!run) continue;
            const { documents } = run;
            for (let i = 0; i < documents.length; i++) {
              const document = bases[segment] + documents[i];
              const reference = field * n + document;
              if (last[document] !== number) {
                last[document] = number;
                met[document]++;
                if (isRequired) missing[document]--;
              }
              if (!this.met[reference]) {
                this.met[reference] = 1;
                this.order[many++] = reference;
              }
            }
          }
        }
      }
    });
    return many;
  }

  /**
   * Add up the products of the query's vectors and the documents', a vector a field; return the magnitudes of the query's.
   * @param {Demand[]} wanted
   * @param {Statistics} statistics
   * @returns {Float64Array}
   */
  multiply(wanted, { k1, boosts, bases }) {
    const { n, fields } = this;
    const squares = new Float64Array(fields);
    for (const { term, weights } of vectors(wanted, fields)) {
      for (let field = 0; field < fields; field++) {
        const asked = weights[field];
        if (asked === undefined) continue;
        squares[field] += asked * asked;
        /** @type {number[]} */
        const byTimes = []; // by how often the term stands there
        for (let segment = 0; segment < term.entries.length; segment++) {
          const run = term.entries[segment]?.[field];
          if (!run) continue;
          const first = field * n + bases[segment];
          const { documents, times } = run;
          for (let i = 0; i < documents.length; i++) {
            const weight = (byTimes[times[i]] ??= weigh(term.inverse, times[i], k1, boosts[field]));
            this.products[first + documents[i]] += asked * weight;
          }
        }
      }
    }
    return squares.map(Math.sqrt);
  }
}

/**
 * Return the terms of a query in the order of the index, with their weight in the query's vector of each field that asks for them.
 * @param {Demand[]} wanted
 * @param {number} fields
 */
function vectors(wanted, fields) {
  /** @type {Map<string, { term: Term, weights: (number | undefined)[] }>} */
  const found = new Map();
  for (const demand of wanted) {
    for (const term of demand.terms) {
      let known = found.get(term.text);
      if (!known) found.set(term.text, (known = { term, weights: new Array(fields) }));
      for (const field of demand.fields) known.weights[field] = (known.weights[field] ?? 0) + demand.boost;
    }
  }
  return [...found.values()].sort((one, other) => (one.term.text < other.term.text ? -1 : 1));
}

/**
 * @param {Demand} demand
 * @param {number[]} bases
 * @param {(document: number) => void} tell
 */
function eachDocument({ terms, fields }, bases, tell) {
  for (const { entries } of terms) {
    entries.forEach((entry, segment) => {
      for (const field of fields) entry?.[field]?.documents.forEach((document) => tell(bases[segment] + document));
    });
  }
}
