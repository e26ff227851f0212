// @ts-check
// Keys for readers: nothing is taken from inputs, from modifiers, or from the browser's own use of a key.

/** @type {[string, string][]} */
const HELP = [
  ["j k", "next and previous paper"],
  ["o Enter", "open it"],
  ["[ ]", "earlier and later edition; the arrow keys too"],
  ["h", "front page"],
  ["d", "light or dark"],
  ["?", "this list"],
];

/** @param {number} step move the focus by so many papers */
function move(step) {
  const papers = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("main a.title")]);
  if (!papers.length) return;
  const active = /** @type {HTMLElement} */ (document.activeElement);
  const at = papers.indexOf(active);
  let next = at + step;
  if (at < 0) {
    // From anywhere else on the page: the first paper after it, or the last one before.
    const after = papers.findIndex((paper) => active.compareDocumentPosition(paper) & Node.DOCUMENT_POSITION_FOLLOWING);
    const from = active === document.body ? 0 : after < 0 ? papers.length : after;
    next = step > 0 ? from : from - 1;
  }
  const paper = papers[Math.min(Math.max(next, 0), papers.length - 1)];
  paper.focus();
  paper.scrollIntoView({ block: "nearest" });
}

/** @param {string} selector follow the first link that matches */
function follow(selector) {
  const link = /** @type {HTMLAnchorElement | HTMLLinkElement | null} */ (document.querySelector(selector));
  if (link) location.href = link.href;
}

function open() {
  const active = document.activeElement;
  if (active instanceof HTMLAnchorElement && active.matches("a.title")) active.click();
}

/** @returns {HTMLDialogElement} the list of keys, made when it is first wanted */
function dialog() {
  const made = /** @type {HTMLDialogElement | null} */ (document.querySelector("dialog.keys"));
  if (made) return made;
  const box = document.createElement("dialog");
  box.className = "keys";
  const heading = document.createElement("h2");
  heading.id = "keys";
  heading.textContent = "Keyboard";
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
  close.textContent = "Close";
  close.addEventListener("click", () => box.close());
  box.append(heading, list, close);
  box.addEventListener("click", (event) => {
    if (event.target === box) box.close();
  });
  document.body.append(box);
  return box;
}

function help() {
  const box = dialog();
  if (box.open) box.close();
  else box.showModal();
}

/** @param {EventTarget | null} target @returns {boolean} whether keys typed there belong to it */
function isTyping(target) {
  return target instanceof HTMLElement && (target.isContentEditable || target.closest("input, textarea, select, dialog, pre, [tabindex]") !== null);
}

/**
 * Listen to the keys.
 * @param {{theme: () => void}} actions
 */
export function offerKeys({ theme }) {
  /** @type {Record<string, () => void>} */
  const keys = {
    j: () => move(1),
    k: () => move(-1),
    o: open,
    "[": () => follow('link[rel="prev"]'),
    "]": () => follow('link[rel="next"]'),
    ArrowLeft: () => follow('link[rel="prev"]'),
    ArrowRight: () => follow('link[rel="next"]'),
    h: () => follow("[data-home]"),
    d: theme,
    "?": help,
  };
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.repeat && event.key.startsWith("Arrow")) return;
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const act = keys[event.key];
    if (!act) return;
    // A page wider than the window scrolls with the arrows: those stay the browser's.
    const page = document.scrollingElement;
    if (event.key.startsWith("Arrow") && page && page.scrollWidth > page.clientWidth) return;
    if (event.key.startsWith("Arrow") && event.shiftKey) return;
    event.preventDefault();
    act();
  });
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("button[data-keys]"))) {
    button.hidden = false;
    button.addEventListener("click", help);
  }
}
