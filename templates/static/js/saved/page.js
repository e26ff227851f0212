// @ts-check
// The page of the saved list: everything on it is made here from what this browser stores.
import { bibtex, download } from "../cite.js";
import { _, ngettext } from "../words.js";
import { merged, open, parse } from "./store.js";
import { editionsSince } from "./visit.js";

const MOST_BYTES = 10_000_000;
const store = open();
const place = /** @type {HTMLElement} */ (document.querySelector("[data-saved]"));
const home = /** @type {HTMLAnchorElement} */ (document.querySelector("[data-home]"));
const root = new URL(home.href);

/** @template {keyof HTMLElementTagNameMap} T @param {T} name @param {Record<string, unknown>} [properties] @param {(Node | string)[]} inside @returns {HTMLElementTagNameMap[T]} */
function element(name, properties = {}, ...inside) {
  const made = document.createElement(name);
  Object.assign(made, properties);
  made.append(...inside);
  return made;
}

/** @param {string} name @returns {HTMLElement} */
function part(name) {
  return /** @type {HTMLElement} */ (place.querySelector(`[data-part="${name}"]`));
}

/** @param {string} text told in the page and to those who cannot see it */
function say(text) {
  part("said").textContent = text;
}

/** @param {(list: import("./store.js").List) => void} change */
function update(change) {
  const why = store.update(change);
  if (why) say(why);
}

/** Show the list as it is stored now, without taking a text field from under whoever is writing in it. */
function draw() {
  const list = store.read();
  const papers = Object.entries(list.papers).sort(([one, a], [other, b]) => b.saved.localeCompare(a.saved) || one.localeCompare(other));
  const unread = papers.filter(([, paper]) => !paper.read).length;
  part("count").textContent = papers.length
    ? ngettext("{n} paper, {unread} not yet read.", "{n} papers, {unread} not yet read.", papers.length, { unread })
    : _("Nothing is saved yet. Every paper has a button “Save” beside its title; the key s presses it.");
  const active = document.activeElement;
  if (!(active instanceof HTMLTextAreaElement && part("papers").contains(active))) part("papers").replaceChildren(...papers.map(row));
  words("watch", list.watch);
  words("mute", list.mute);
  part("broken").hidden = store.broken() === null;
  for (const button of place.querySelectorAll("[data-needs-papers] button")) button.toggleAttribute("disabled", !papers.length);
}

/** @param {[string, import("./store.js").Saved]} saved @returns {HTMLElement} */
function row([id, paper]) {
  const read = element("input", { type: "checkbox", checked: paper.read });
  read.addEventListener("change", () => update((list) => void (list.papers[id] && (list.papers[id].read = read.checked))));
  const remove = element("button", { type: "button", textContent: _("Remove"), ariaLabel: _("Remove {title}", { title: paper.title }) });
  remove.addEventListener("click", () => {
    update((list) => void delete list.papers[id]);
    say(_("Removed {title}.", { title: paper.title }));
  });
  const note = element("textarea", { value: paper.note, rows: 2, maxLength: 5000, ariaLabel: _("Your note on {title}", { title: paper.title }) });
  note.addEventListener("change", () => update((list) => void (list.papers[id] && (list.papers[id].note = note.value))));
  const item = element(
    "li",
    { className: "line" },
    element("a", { className: "title", href: new URL(paper.href, root).href, textContent: paper.title }),
    element("div", { className: "line__meta" }, element("span", { textContent: paper.byline }), element("span", { textContent: paper.saved && _("saved {date}", { date: paper.saved }) })),
    note,
    element("p", { className: "row note" }, element("label", {}, read, ` ${_("Read")}`), remove),
  );
  item.classList.toggle("is-read", paper.read);
  return item;
}

/** @param {"watch" | "mute"} kind @param {string[]} list */
function words(kind, list) {
  const buttons = list.map((word) => {
    const button = element("button", { type: "button", ariaLabel: _("Remove {title}", { title: word }) }, word, element("span", { ariaHidden: "true", textContent: " ×" }));
    button.addEventListener("click", () => update((list) => void (list[kind] = list[kind].filter((one) => one !== word))));
    return element("li", {}, button);
  });
  part(kind).replaceChildren(...buttons);
}

/** Tell which editions came since the last visit. */
async function news() {
  const list = store.read();
  const box = part("news");
  if (!list.visit || !place.dataset.archive) return;
  try {
    const editions = await editionsSince(new URL(place.dataset.archive, location.href), list.visit);
    const links = editions.map(({ href, title }) => element("li", {}, element("a", { href, textContent: title })));
    const text = editions.length ? ngettext("{n} edition since your last visit:", "{n} editions since your last visit:", editions.length) : _("No new edition since your last visit.");
    box.replaceChildren(element("p", { textContent: text }), element("ul", { className: "row" }, ...links));
  } catch {
    box.replaceChildren(element("p", { textContent: _("The archive could not be read to see what is new.") }));
  }
}

/** @type {Record<string, () => unknown>} */
const actions = {
  json: () => download("saved.json", JSON.stringify(store.read(), null, 1), "application/json"),
  bibtex: async () => {
    say(_("Reading the papers’ pages …"));
    const { text, missing } = await bibtex(Object.entries(store.read().papers).map(([name, { href }]) => ({ name, url: new URL(href, root) })));
    download("saved.bib", text, "application/x-bibtex");
    say(missing.length ? _("Done, without {papers}: their pages could not be read.", { papers: missing.join(", ") }) : _("Done."));
  },
  import: () => /** @type {HTMLInputElement} */ (place.querySelector("input[type=file]")).click(),
  wipe: () => /** @type {HTMLDialogElement} */ (place.querySelector("dialog")).showModal(),
  keep: () => /** @type {HTMLDialogElement} */ (place.querySelector("dialog")).close(),
  erase: () => {
    /** @type {HTMLDialogElement} */ (place.querySelector("dialog")).close();
    store.wipe();
    say(_("Everything is forgotten."));
  },
  broken: () => download("saved-broken.txt", store.broken() ?? "", "text/plain"),
};

/** @param {File} file */
async function take(file) {
  if (file.size > MOST_BYTES) return say(_("That file is too large to be a list."));
  try {
    const theirs = parse(await file.text());
    const before = Object.keys(store.read().papers).length;
    update((list) => void Object.assign(list, merged(list, theirs)));
    say(ngettext("{n} paper was added.", "{n} papers were added.", Object.keys(store.read().papers).length - before));
  } catch (error) {
    say(_("That file is not a list of this site: {why}", { why: error instanceof Error ? error.message : String(error) }));
  }
}

/** Show the page. */
export function show() {
  for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (place.querySelectorAll("button[data-do]"))) {
    button.addEventListener("click", () => actions[button.dataset.do ?? ""]());
  }
  for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (place.querySelectorAll("form[data-words]"))) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const kind = /** @type {"watch" | "mute"} */ (form.dataset.words);
      const field = /** @type {HTMLInputElement} */ (form.elements.namedItem("word"));
      const word = field.value.trim();
      if (word) update((list) => void (list[kind] = [...new Set([...list[kind], word])]));
      field.value = "";
    });
  }
  const file = /** @type {HTMLInputElement} */ (place.querySelector("input[type=file]"));
  file.addEventListener("change", async () => {
    if (file.files?.[0]) await take(file.files[0]);
    file.value = "";
  });
  store.watch(draw);
  draw();
  place.hidden = false;
  if (!store.storage) say(_("This browser does not let the page store anything, so nothing can be saved here."));
  news();
}

