// @ts-check
// Papers as BibTeX: the entry that each paper's own page shows, so that it is the same wherever it is taken from.

const AT_ONCE = 6;

/** @param {URL} url of a paper's page @returns {Promise<string>} its entry @throws {Error} the page cannot be read, or has none */
async function entry(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${answer.status}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const text = page.querySelector('[data-copy="BibTeX"]')?.textContent;
  if (!text) throw new Error("no entry");
  return `${text.trim()}\n`;
}

/**
 * Return papers as BibTeX, in their order, and the names of those whose page could not be read.
 * @param {{name: string, url: URL}[]} papers @returns {Promise<{text: string, missing: string[]}>}
 */
export async function bibtex(papers) {
  /** @type {string[]} */
  const entries = [];
  /** @type {string[]} */
  const missing = [];
  let next = 0;
  async function fetchOn() {
    for (let at = next++; at < papers.length; at = next++) {
      try {
        entries[at] = await entry(papers[at].url);
      } catch {
        missing.push(papers[at].name);
      }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, fetchOn));
  return { text: entries.filter(Boolean).join("\n"), missing };
}

/** @param {string} name @param {string} text @param {string} type give a file to the reader */
export function download(name, text, type) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
