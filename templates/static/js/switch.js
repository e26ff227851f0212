// @ts-check
// Light or dark: the button and its memory. theme.js applies what is remembered here.
import { _ } from "./words.js";

const KEY = "broadsheet:theme";
const root = document.documentElement;
const system = matchMedia("(prefers-color-scheme: dark)");

/** @returns {boolean} whether the page is dark now */
function isDark() {
  return root.dataset.theme ? root.dataset.theme === "dark" : system.matches;
}

/** Change to the other theme and remember it; a choice that equals the system's is forgotten, so that the page follows the system again. */
export function switchTheme() {
  const next = isDark() ? "light" : "dark";
  root.dataset.theme = next;
  try {
    if ((next === "dark") === system.matches) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, next);
  } catch {
    // Storage may be forbidden: the choice then lasts as long as the page.
  }
  label();
}

function label() {
  for (const button of document.querySelectorAll("button.theme")) {
    button.textContent = isDark() ? _("Light") : _("Dark");
    button.setAttribute("aria-label", isDark() ? _("Light colours") : _("Dark colours"));
  }
}

/** Show the button and make it work. */
export function offerTheme() {
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("button.theme"))) {
    button.addEventListener("click", switchTheme);
  }
  system.addEventListener("change", label);
  label();
}
