// @ts-check
// Conveniences: without this file every page still works. What few readers need is fetched when it is wanted.
import "./words.js"; // asked for now, together with those that use it
import { offerTheme, switchTheme } from "./switch.js";
import { offerKeys } from "./keys.js";

offerTheme();
offerKeys({
  theme: switchTheme,
  save: () => import("./saved/marks.js").then(({ saveFocused }) => saveFocused()),
  help: () => import("./help.js").then(({ help }) => help()),
});
/** @type {[string, () => Promise<unknown>][]} what a page may hold, and what makes it work */
const parts = [
  ["main button.save", () => import("./saved/marks.js").then(({ offer }) => offer())],
  ["[data-saved]", () => import("./saved/page.js").then(({ show }) => show())],
  ["[data-copy]", () => import("./copy.js").then(({ offerCopies }) => offerCopies())],
  ["main button.share", () => import("./share.js").then(({ offerShares }) => offerShares())],
  ["[data-guess]", () => import("./guess.js").then(({ guess }) => guess(location.pathname))],
  ["[data-search]", () => import("./search/page.js")],
  ["math", () => import("./scroll.js").then(({ watch }) => watch())],
];
const coming = parts.filter(([selector]) => document.querySelector(selector)).map(([, begin]) => begin().catch(reportError)); // one that fails stops no other
Promise.all(coming).then(() => (document.documentElement.dataset.scripts = "work")); // the buttons show themselves now, not before: no click is lost
const worker = document.documentElement.dataset.worker;
if (worker && "serviceWorker" in navigator) navigator.serviceWorker.register(worker).catch(() => {}); // forbidden here: the site works without
