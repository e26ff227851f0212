"""Static files as they are served."""

from __future__ import annotations

from generator.config import Theme
from generator.outputs import assets


def test_a_script_loses_its_comments_and_indentation_and_no_code() -> None:
    script = b"""// @ts-check
/** A function.
 * @returns {void} */
export function show() {
  /** @type {HTMLElement} */ (place.firstChild).hidden = true;
  const words = 1; // kept
  /* alone */
  return words; /* kept too */
}
/** @type {Store} */
const store = open("/*");
"""

    squeezed = assets.bundle({"js/a.js": script}, Theme())["js/a.js"]

    assert (
        squeezed
        == b"""export function show() {
/** @type {HTMLElement} */ (place.firstChild).hidden = true;
const words = 1; // kept
return words; /* kept too */
}
const store = open("/*");
"""
    )
