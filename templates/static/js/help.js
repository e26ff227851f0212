// @ts-check
// The list of keys, in a dialog.
import { _ } from "./words.js";

/** @type {[string, string][]} */
const HELP = [
  ["/", _("search")],
  ["j k", _("next and previous paper")],
  ["o Enter", _("open it")],
  ["[ ]", _("earlier and later edition; the arrow keys too")],
  ["h", _("front page")],
  ["s", _("save it in this browser")],
  ["d", _("light or dark")],
  ["?", _("this list")],
];

/** @returns {HTMLDialogElement} the list of keys, made when it is first wanted */
function dialog() {
  const made = /** @type {HTMLDialogElement | null} */ (document.querySelector("dialog.keys"));
  if (made) return made;
  const box = document.createElement("dialog");
  box.className = "keys";
  const heading = document.createElement("h2");
  heading.id = "keys";
  heading.textContent = _("Keyboard");
  box.setAttribute("aria-labelledby", heading.id);
  const list = document.createElement("dl");
  for (const [names, does] of HELP) {
    const term = document.createElement("dt");
    for (const name of names.split(" ")) {
      const key = document.createElement("kbd");
      key.textContent = name;
      term.append(key, " ");
    }
    const what = document.createElement("dd");
    what.textContent = does;
    list.append(term, what);
  }
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = _("Close");
  close.addEventListener("click", () => box.close());
  box.append(heading, list, close);
  box.addEventListener("click", (event) => {
    if (event.target === box) box.close();
  });
  document.body.append(box);
  return box;
}

/** Open the list, or close it. */
export function help() {
  const box = dialog();
  if (box.open) box.close();
  else box.showModal();
}
