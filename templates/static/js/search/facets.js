// @ts-check
// Boxes that narrow the results: topics, years, and papers with code, each with how many papers it leaves.
import { _, number } from "../words.js";
import { make } from "./results.js";
import { FILTERS } from "./state.js";

/** @typedef {import("./engine.js").Found} Found */
/** @typedef {import("./state.js").State} State */

const HEADINGS = { topic: _("Topic"), year: _("Year"), has: _("With") };
/** @type {Record<string, string>} */
const KINDS = { code: _("Code"), project: _("Project"), dataset: _("Dataset"), model: _("Model"), demo: _("Demo"), video: _("Video") };
const MOST = 12;

/**
 * @param {HTMLElement} form is filled anew; the box that had the focus keeps it
 * @param {Found["facets"]} facets
 * @param {State} state
 * @param {(slug: string) => string} nameOf
 * @returns {boolean} whether there is anything to choose
 */
export function fill(form, facets, state, nameOf) {
  const focused = document.activeElement instanceof HTMLInputElement && form.contains(document.activeElement) ? document.activeElement.id : "";
  const sets = [];
  for (const name of FILTERS) {
    const chosen = state.filters[name];
    const counts = new Map(Object.entries(facets[name] ?? {}));
    for (const value of chosen) if (!counts.has(value)) counts.set(value, 0);
    const order = [...counts].sort(name === "year" ? (a, b) => Number(b[0]) - Number(a[0]) : (a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    const shown = order.filter(([value, n], i) => chosen.includes(value) || (n > 0 && i < MOST));
    if (!shown.length) continue;
    const set = make("fieldset");
    set.append(make("legend", "", HEADINGS[name]));
    for (const [value, n] of shown) {
      const label = make("label");
      const box = make("input");
      box.type = "checkbox";
      box.name = name;
      box.value = value;
      box.id = `${name}-${value}`;
      box.checked = chosen.includes(value);
      const text = name === "topic" ? nameOf(value) : name === "has" ? (KINDS[value] ?? value) : value;
      label.append(box, ` ${text} `, make("span", "count", number(n)));
      set.append(label);
    }
    sets.push(set);
  }
  form.replaceChildren(...sets);
  if (focused) document.getElementById(focused)?.focus();
  return sets.length > 0;
}

/** @param {HTMLElement} form @returns {Record<string, string[]>} what is chosen */
export function chosen(form) {
  const boxes = /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll("input:checked")]);
  return Object.fromEntries(FILTERS.map((name) => [name, boxes.filter((box) => box.name === name).map((box) => box.value)]));
}
