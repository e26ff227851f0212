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
if (document.querySelector("main button.save")) import("./saved/marks.js").then(({ offer }) => offer());
if (document.querySelector("[data-saved]")) import("./saved/page.js").then(({ show }) => show());
if (document.querySelector("[data-copy]")) import("./copy.js").then(({ offerCopies }) => offerCopies());
if (document.querySelector("main button.share")) import("./share.js").then(({ offerShares }) => offerShares());
if (document.querySelector("[data-guess]")) import("./guess.js").then(({ guess }) => guess(location.pathname));
if (document.querySelector("[data-search]")) import("./search/page.js");
if (document.querySelector("math")) import("./scroll.js").then(({ watch }) => watch());
const worker = document.documentElement.dataset.worker;
if (worker && "serviceWorker" in navigator) navigator.serviceWorker.register(worker).catch(() => {}); // forbidden here: the site works without
