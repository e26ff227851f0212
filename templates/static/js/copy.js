// @ts-check
// A button to copy with below every text that is there to be taken away; without this file it can be selected all the same.

/** Add the buttons. */
export function offerCopies() {
  if (!navigator.clipboard) return;
  for (const text of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-copy]"))) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    const what = text.parentElement?.querySelector("summary")?.textContent;
    button.setAttribute("aria-label", what ? `Copy the ${what}` : "Copy the citation");
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(text.textContent ?? "");
      button.textContent = "Copied";
      setTimeout(() => (button.textContent = "Copy"), 2000);
    });
    text.after(button);
  }
}
