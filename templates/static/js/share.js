// @ts-check
// A page handed on: by the device's own sheet where it has one, else its address on the clipboard.
import { _ } from "./words.js";

/** Make the buttons work; one that cannot is taken away. */
export function offerShares() {
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("main button.share"))) {
    const url = new URL(button.dataset.href ?? location.pathname, location.href).href;
    if (navigator.share) {
      button.addEventListener("click", () => navigator.share({ title: document.title, url }).catch(() => {})); // the reader thought better of it
    } else if (navigator.clipboard) {
      button.textContent = _("Copy link");
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(url);
        button.textContent = _("Copied");
        setTimeout(() => (button.textContent = _("Copy link")), 2000);
      });
    } else button.hidden = true;
  }
}
