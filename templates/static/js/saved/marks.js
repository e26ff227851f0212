// @ts-check
// In lists and on paper pages: a button that saves, a mark for what is watched, less room for what is muted.
import { _, listed } from "../words.js";
import { matcher, open } from "./store.js";
import { note } from "./visit.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {{id: string, title: string, href: string, byline: string}} Paper */

const store = open();
/** @type {{paper: Paper, button: HTMLButtonElement, place: HTMLElement}[]} */
const shown = [];

/** Offer everything on this page, and keep it true when another tab changes the list. */
export function offer() {
  const root = home();
  for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("main button.save"))) {
    const place = /** @type {HTMLElement | null} */ (button.closest(".line, .card, .rank > li, article.paper"));
    const link = /** @type {HTMLAnchorElement | null} */ (place?.querySelector("a.title") ?? null);
    const paper = root && place && (place.matches(".paper") ? ofPage(root) : link && ofLink(link, place, root));
    if (paper && place) show(paper, button, place);
  }
  document.documentElement.style.setProperty("--watched", JSON.stringify(`${_("Watched:")} `));
  note(store);
  store.watch(mark);
  mark();
}

/** Save the paper that has the focus, or the one of this page; or take it off the list. */
export function saveFocused() {
  const focused = shown.find(({ place }) => place.contains(document.activeElement)) ?? shown.find(({ place }) => place.matches(".paper"));
  focused?.button.click();
}

/** @param {Paper} paper @param {HTMLButtonElement} button @param {HTMLElement} place */
function show(paper, button, place) {
  shown.push({ paper, button, place });
  button.addEventListener("click", () => {
    const why = store.update((list) => {
      if (list.papers[paper.id]) delete list.papers[paper.id];
      else list.papers[paper.id] = { ...withoutId(paper), saved: new Date().toISOString().slice(0, 10), read: false, note: "" };
    });
    if (!why) keep(paper.href);
    say(why || (store.read().papers[paper.id] ? _("Saved in this browser.") : _("No longer saved.")));
  });
}

function mark() {
  const list = store.read();
  const watched = matcher(list.watch);
  const muted = matcher(list.mute);
  for (const { paper, button, place } of shown) {
    const isSaved = Object.hasOwn(list.papers, paper.id);
    button.setAttribute("aria-pressed", String(isSaved));
    button.textContent = isSaved ? _("Saved") : _("Save");
    button.setAttribute("aria-label", _("{action} {title}", { action: button.textContent, title: paper.title })); // begins with what is seen (WCAG 2.5.3)
    if (place.matches(".paper")) continue;
    const text = `${paper.title} ${paper.byline} ${place.querySelector(".card__deck, .line__deck")?.textContent ?? ""}`;
    place.classList.toggle("is-watched", watched(text) !== undefined);
    place.classList.toggle("is-muted", muted(text) !== undefined);
    place.classList.toggle("is-read", isSaved && list.papers[paper.id].read);
  }
}

/** Keep the page of a saved paper to be read without a network, where the site has a service worker. @param {string} href from the root */
async function keep(href) {
  const root = home();
  if (!root || !navigator.serviceWorker?.controller) return;
  const url = new URL(href, root);
  const cache = await caches.open(`broadsheet:${root.pathname}:saved`);
  if (Object.values(store.read().papers).some((paper) => paper.href === href)) await cache.add(url).catch(() => {});
  else await cache.delete(url);
}

/** @param {Paper} paper */
function withoutId({ title, href, byline }) {
  return { title, href, byline };
}

/** @returns {URL | null} the site's root */
function home() {
  const link = /** @type {HTMLAnchorElement | null} */ (document.querySelector("[data-home]"));
  return link && new URL(link.href);
}

/** @param {HTMLAnchorElement} link @param {HTMLElement} place @param {URL} root @returns {Paper | null} */
function ofLink(link, place, root) {
  const id = /\/([^/]+)\/$/.exec(new URL(link.href).pathname)?.[1];
  if (!id || !link.href.startsWith(root.href)) return null;
  const byline = place.querySelector(".card__byline, .line__meta span")?.textContent ?? "";
  return { id: decodeURIComponent(id), title: link.textContent ?? "", href: link.href.slice(root.href.length), byline };
}

/** @param {URL} root @returns {Paper | null} */
function ofPage(root) {
  const id = /\/([^/]+)\/$/.exec(location.pathname)?.[1];
  const href = location.origin + location.pathname;
  if (!id || !href.startsWith(root.href)) return null;
  const authors = [...document.querySelectorAll(".people li")].map((one) => one.firstChild?.textContent?.trim() ?? "");
  const byline = authors.length > 4 ? listed(authors.slice(0, 3), authors.length) : listed(authors);
  return { id: decodeURIComponent(id), title: document.querySelector("h1")?.textContent ?? "", href: href.slice(root.href.length), byline };
}

/** @param {string} text told to those who cannot see the button change */
function say(text) {
  let box = document.querySelector("[data-said]");
  if (!box) {
    box = document.createElement("p");
    box.className = "vh";
    box.setAttribute("role", "status");
    box.setAttribute("data-said", "");
    document.body.append(box);
  }
  box.textContent = text;
}
