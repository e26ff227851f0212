// @ts-check
// On the page for what was not found: what may have been meant, from the address.
import { _, parts } from "./words.js";

/** @param {string} path @returns {{text: string, href: string} | null} a place relative to the site's root */
export function meant(path) {
  const date = /(?:^|[^\d])((?:19|20)\d\d)[-/.]?(0[1-9]|1[0-2])[-/.]?(0[1-9]|[12]\d|3[01])(?!\d)/.exec(path);
  if (date) {
    const day = `${date[1]}-${date[2]}-${date[3]}`;
    return { text: _("the edition of {date}", { date: day }), href: `digests/${day}/` };
  }
  const arxiv = /(?:^|[^\d])(\d{4}\.\d{4,5})(?:v\d+)?(?!\d)/.exec(path);
  if (arxiv) return { text: _("the paper {id}", { id: arxiv[1] }), href: `papers/${arxiv[1]}/` };
  const month = /(?:^|[^\d])((?:19|20)\d\d)[-/.](0[1-9]|1[0-2])(?!\d)/.exec(path);
  if (month) return { text: _("the month {month}", { month: `${month[1]}-${month[2]}` }), href: `months/${month[1]}-${month[2]}/` };
  const week = /(?:^|[^\d])((?:19|20)\d\d)-?[Ww](\d\d)(?!\d)/.exec(path);
  if (week) return { text: _("week {number} of {year}", { number: week[2], year: week[1] }), href: `weeks/${week[1]}-W${week[2]}/` };
  const old = /([a-z][a-z.-]+)[/-](\d{7})(?:v\d+)?(?!\d)/i.exec(path);
  if (old) return { text: _("the paper {id}", { id: `${old[1]}/${old[2]}` }), href: `papers/${old[1]}-${old[2]}/` };
  const last = /([\w.-]+?)(?:\.html?|\.pdf|\.md)?\/*$/.exec(path);
  if (last && /papers?\/|abs\/|pdf\//.test(path)) return { text: _("the paper {id}", { id: last[1] }), href: `papers/${last[1]}/` };
  return null;
}

/** @param {string} path of the page that was asked for */
export function guess(path) {
  const place = /** @type {HTMLElement | null} */ (document.querySelector("[data-guess]"));
  const found = place && meant(path);
  if (!place || !found || !place.dataset.guess) return;
  const link = document.createElement("a");
  link.href = place.dataset.guess + found.href;
  if (new URL(link.href).pathname === path) return;
  link.textContent = found.text;
  place.append(...parts("Did you mean {place}?", { place: link }));
  place.hidden = false;
}
