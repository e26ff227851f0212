// @ts-check
// The search page: what is typed becomes an address and a question to the worker, the answer becomes results.
import { _ } from "../words.js";
import { connect } from "./client.js";
import { chosen, fill } from "./facets.js";
import { make, nothing, offer, pager, results, summary } from "./results.js";
import { isEmpty, options, read, write } from "./state.js";

const PAUSE_MS = 120; // after the last letter
const PATIENCE_MS = 250; // until something is said of waiting

/** @param {string} selector @returns {HTMLElement} */
const find = (selector) => /** @type {HTMLElement} */ (document.querySelector(selector));
const hits = find("[data-search]");
const place = find("[data-results]");
const status = find("[data-status]");
const ways = find("[data-ways]");
const narrow = /** @type {HTMLDetailsElement} */ (find("[data-facets]"));
const facets = find("[data-facets] [role=group]");
const form = /** @type {HTMLFormElement} */ (find(".search-form"));
const box = /** @type {HTMLInputElement} */ (find("#q"));
const root = new URL(hits.dataset.search ?? "/", location.href).href;
const names = new Map([.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-topic]"))].map((item) => [item.dataset.topic, item.textContent ?? ""]));
const title = document.title;

let state = read(location.search);
/** @type {ReturnType<typeof setTimeout>} */
let pause;
/** @type {ReturnType<typeof setTimeout>} */
let patience;

const index = connect(root, {
  found(found) {
    settle();
    const isFound = found.total > 0;
    status.replaceChildren(...summary(found, state));
    const more = pager(found, state);
    place.replaceChildren(...(isFound ? results(found, state, root) : [nothing(state)]), ...(more ? [more] : []), ...(isFound ? [offer(found, state, root, (text) => (status.textContent = text))] : []));
    narrow.hidden = !fill(facets, found.facets, state, (slug) => names.get(slug) ?? slug);
    hits.hidden = false;
    ways.hidden = isFound;
  },
  failed(why) {
    settle();
    const notice = make("p", "notice");
    const again = make("button", "", _("Try again"));
    again.type = "button";
    again.addEventListener("click", () => ask());
    const text = make("span", "", `${why} `);
    text.append(again);
    notice.append(make("strong", "", _("Not found out")), text);
    status.textContent = _("The search could not be finished.");
    place.replaceChildren(notice);
    narrow.hidden = true;
    hits.hidden = false;
    ways.hidden = false;
  },
  slow() {
    if (place.ariaBusy === "true") status.textContent = _("A part of the index is slow to come; still waiting.");
  },
});

function settle() {
  clearTimeout(patience);
  place.ariaBusy = "false";
}

/** Ask what the state says; an empty question shows the ways to go on. */
function ask() {
  document.title = state.query.trim() ? `${state.query.trim()} · ${title}` : title;
  if (isEmpty(state)) {
    settle();
    index.forget();
    status.textContent = "";
    hits.hidden = true;
    ways.hidden = false;
    return;
  }
  place.ariaBusy = "true";
  clearTimeout(patience);
  patience = setTimeout(() => {
    if (place.ariaBusy === "true") status.textContent = _("Searching…");
  }, PATIENCE_MS);
  index.ask(state.query, options(state));
}

/**
 * @param {Partial<import("./state.js").State>} change
 * @param {boolean} isStep whether the back button leads to what was before
 */
function go(change, isStep) {
  clearTimeout(pause);
  const before = write(state);
  state = { ...state, from: 0, ...change };
  const now = write(state);
  if (now !== before || isStep) history[isStep && now !== before ? "pushState" : "replaceState"](null, "", now);
  if (now !== before) ask();
}

/** @param {number} step from the box to the first result, between results, and back to the box */
function move(step) {
  const titles = /** @type {HTMLElement[]} */ ([...place.querySelectorAll("a.title")]);
  const next = titles.indexOf(/** @type {HTMLElement} */ (document.activeElement)) + step;
  if (next < 0) box.focus();
  else titles[next]?.focus();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  go({ query: box.value, isExact: false }, true);
});
box.addEventListener("focus", () => index.warm());
box.addEventListener("input", () => {
  clearTimeout(pause);
  pause = setTimeout(() => go({ query: box.value, isExact: false }, false), PAUSE_MS);
});
facets.addEventListener("change", () => go({ filters: chosen(facets) }, true));
document.addEventListener("click", (event) => {
  const way = event.target instanceof Element ? event.target.closest("a[data-go]") : null;
  if (!(way instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  const next = read(new URL(way.href).search);
  box.value = next.query;
  go(next, true);
  if (way.rel) box.scrollIntoView({ block: "nearest" });
});
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.isComposing) return;
  const isInResults = document.activeElement === box || place.contains(document.activeElement);
  if ((event.key === "ArrowDown" || event.key === "ArrowUp") && isInResults) {
    if (document.activeElement === box && event.key === "ArrowUp") return;
    event.preventDefault();
    move(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Escape" && document.activeElement === box && box.value) {
    event.preventDefault();
    box.value = "";
    go({ query: "", isExact: false }, false);
  } else if (event.key === "Escape" && isInResults) {
    box.focus();
  }
});
addEventListener("popstate", () => {
  state = read(location.search);
  box.value = state.query;
  ask();
});

const wide = matchMedia("(min-width: 64rem)");
const unfold = () => (narrow.open = wide.matches);
wide.addEventListener("change", unfold);
unfold();
if (isEmpty(state)) box.focus({ preventScroll: true });
// What was typed before this script came is a question as well.
if (box.value && !state.query) go({ query: box.value }, false);
else {
  box.value = state.query;
  ask();
}
