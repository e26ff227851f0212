// @ts-check
// Saved papers as BibTeX: from the citation tags that each paper's own page carries.

/** @param {string} text @returns {string} with what TeX would act upon written as text */
function escaped(text) {
  /** @type {Record<string, string>} */
  const marks = { "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}" };
  return text.replace(/[\\~^]/g, (mark) => marks[mark]).replace(/(?<!\\textbackslash|\\textasciitilde|\\textasciicircum)[{}]/g, "\\$&").replace(/[&%$#_]/g, "\\$&");
}

/**
 * Return an entry for a paper's page. @param {Document} page @param {string} id @param {string} url @returns {string}
 */
export function entry(page, id, url) {
  /** @param {string} name */
  const all = (name) => [...page.querySelectorAll(`meta[name="citation_${name}"]`)].map((meta) => meta.getAttribute("content") ?? "");
  const first = (/** @type {string} */ name) => all(name)[0] ?? "";
  const year = /\d{4}/.exec(first("publication_date") || first("date") || first("online_date"))?.[0] ?? "";
  const fields = [
    ["title", `{${escaped(first("title") || page.querySelector("h1")?.textContent || id)}}`],
    ["author", all("author").map(escaped).join(" and ")],
    ["year", year],
    ["eprint", first("arxiv_id")],
    ["archiveprefix", first("arxiv_id") && "arXiv"],
    ["doi", first("doi")],
    ["url", url],
  ].filter(([, value]) => value);
  return `@misc{${id},\n${fields.map(([name, value]) => `  ${name} = {${value}},\n`).join("")}}\n`;
}

/**
 * Return papers as BibTeX, and the ids of those whose page could not be read.
 * @param {[string, {href: string}][]} papers @param {URL} root @returns {Promise<{text: string, missing: string[]}>}
 */
export async function bibtex(papers, root) {
  const missing = [];
  const entries = [];
  for (const [id, { href }] of papers) {
    const url = new URL(href, root);
    try {
      const answer = await fetch(url);
      if (!answer.ok) throw new Error(`${answer.status}`);
      entries.push(entry(new DOMParser().parseFromString(await answer.text(), "text/html"), id, url.href));
    } catch {
      missing.push(id);
    }
  }
  return { text: entries.join("\n"), missing };
}
