// @ts-check
// A formula wider than its column scrolls by itself; the keyboard must reach it then (WCAG 2.1.1), and need not stop there otherwise.

function mark() {
  for (const box of document.querySelectorAll('math[display="block"], p:has(> math), h1:has(> math)')) {
    if (box.scrollWidth > box.clientWidth + 1) box.setAttribute("tabindex", "0");
    else box.removeAttribute("tabindex");
  }
}

/** Mark what scrolls now and whenever the window or the fonts change. */
export function watch() {
  mark();
  addEventListener("resize", mark);
  document.fonts.addEventListener("loadingdone", mark);
}
