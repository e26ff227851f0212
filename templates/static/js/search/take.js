// @ts-check
// What was found, to take away: as BibTeX from the papers' own pages, or as JSON.
import { bibtex, download } from "../cite.js";
import { _, ngettext } from "../words.js";
import { connect } from "./client.js";
import { MOST_TAKEN, options } from "./state.js";

/** @typedef {import("./engine.js").Found} Found */
/** @typedef {import("./state.js").State} State */

/** @param {State} state @param {string} root @returns {Promise<Found>} the first of all results */
async function first(state, root) {
  /** @type {() => void} */
  let end = () => {};
  try {
    return await new Promise((resolve, reject) => {
      const asking = connect(root, { found: resolve, failed: (why) => reject(new Error(why)), slow() {} });
      end = asking.end;
      asking.ask(state.query, { ...options(state), limit: MOST_TAKEN, offset: 0 });
    });
  } finally {
    end();
  }
}

/** @type {Record<string, (found: Found, state: State, root: string) => Promise<string>>} what is said when it is done */
const forms = {
  async BibTeX(found, state, root) {
    const papers = found.results.map(({ title, url }) => ({ name: title, url: new URL(url ?? root, root) }));
    const { text, missing } = await bibtex(papers);
    download("found.bib", text, "application/x-bibtex");
    return missing.length ? ngettext("Done, without {n} whose page could not be read.", "Done, without {n} whose pages could not be read.", missing.length) : _("Done.");
  },
  async JSON(found, state, root) {
    const papers = found.results.map(({ ref, title, authors, authorCount, date, url }) => ({
      id: ref,
      title,
      authors,
      authorCount,
      date,
      url: new URL(url ?? root, root).href,
    }));
    const asked = { query: state.query, filters: state.filters, total: found.total };
    download("found.json", `${JSON.stringify({ ...asked, papers }, null, 1)}\n`, "application/json");
    return _("Done.");
  },
};

/**
 * Give a file to the reader, and say how it went.
 * @param {string} form @param {State} state @param {string} root @returns {Promise<string>}
 */
export async function give(form, state, root) {
  try {
    return await forms[form](await first(state, root), state, root);
  } catch (error) {
    return _("It could not be done: {why}", { why: error instanceof Error ? error.message : String(error) });
  }
}
