// @ts-check
// What was found, to take away: as BibTeX from the papers' own pages, or as JSON.
import { bibtex, download } from "../cite.js";
import { _, ngettext } from "../words.js";
import { connect } from "./client.js";
import { make } from "./results.js";
import { options } from "./state.js";

export const MOST = 100;

/** @typedef {import("./engine.js").Found} Found */
/** @typedef {import("./state.js").State} State */

/** @param {State} state @param {string} root @returns {Promise<Found>} the first of all results */
function first(state, root) {
  return new Promise((resolve, reject) => {
    const asking = connect(root, { found: resolve, failed: (why) => reject(new Error(why)), slow() {} });
    asking.ask(state.query, { ...options(state), limit: MOST, offset: 0 });
  });
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
 * Return the buttons that give away what was found.
 * @param {Found} found @param {State} state @param {string} root @param {(text: string) => void} say
 */
export function offer(found, state, root, say) {
  const most = Math.min(found.total, MOST);
  const row = make("p", "row note", found.total > MOST ? _("Take the first {n}:", { n: MOST }) : _("Take them with you:"));
  for (const [name, give] of Object.entries(forms)) {
    const button = make("button", "", name);
    button.type = "button";
    button.setAttribute("aria-label", ngettext("{form} of this paper", "{form} of these {n} papers", most, { form: name }));
    button.addEventListener("click", async () => {
      button.disabled = true;
      say(_("Reading …"));
      try {
        say(await give(await first(state, root), state, root));
      } catch (error) {
        say(_("It could not be done: {why}", { why: error instanceof Error ? error.message : String(error) }));
      }
      button.disabled = false;
    });
    row.append(" ", button);
  }
  return row;
}
