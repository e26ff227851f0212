// @ts-check
// A button to copy with below every text that is there to be taken away; without this file it can be selected all the same.
import { _ } from "./words.js";

/** Add the buttons. */
export function offerCopies() {
  if (!navigator.clipboard) return;
  for (const text of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-copy]"))) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = _("Copy");
    const what = text.parentElement?.querySelector("summary")?.textContent;
    button.setAttribute("aria-label", what ? _("Copy the {form}", { form: what }) : _("Copy the citation"));
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(text.textContent ?? "");
      button.textContent = _("Copied");
      setTimeout(() => (button.textContent = _("Copy")), 2000);
    });
    text.after(button);
  }
}
