// @ts-check
// Keys for readers: nothing is taken from inputs, from modifiers, or from the browser's own use of a key.

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

/** Go to the search box, with what stands in it selected. */
function find() {
  const box = document.querySelector("#q");
  if (!(box instanceof HTMLInputElement)) return;
  box.focus();
  box.select();
}

function open() {
  const active = document.activeElement;
  if (active instanceof HTMLAnchorElement && active.matches("a.title")) active.click();
}

/** @param {EventTarget | null} target @returns {boolean} whether keys typed there belong to it */
function isTyping(target) {
  return target instanceof HTMLElement && (target.isContentEditable || target.closest("input, textarea, select, dialog, pre, [tabindex]") !== null);
}

/**
 * Listen to the keys.
 * @param {{theme: () => void, save: () => void, help: () => void}} actions
 */
export function offerKeys({ theme, save, help }) {
  // Where lines run from right to left, so does time.
  const [back, on] = document.documentElement.dir === "rtl" ? ["next", "prev"] : ["prev", "next"];
  /** @type {Record<string, () => void>} */
  const keys = {
    "/": find,
    j: () => move(1),
    k: () => move(-1),
    o: open,
    "[": () => follow('link[rel="prev"]'),
    "]": () => follow('link[rel="next"]'),
    ArrowLeft: () => follow(`link[rel="${back}"]`),
    ArrowRight: () => follow(`link[rel="${on}"]`),
    h: () => follow("[data-home]"),
    s: save,
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
    button.addEventListener("click", help);
  }
}
