"""What the macros of text do: the marks they open, the arguments that are never shown, the words they stand for. Data only."""

from typing import Final

from generator.tex.tokens import MarkName

# \textbf{…}: the argument is shown in the mark.
MARKS: Final[dict[str, MarkName]] = {
    "textbf": "strong", "mathbf": "strong", "boldsymbol": "strong", "bm": "strong", "pmb": "strong",
    "textit": "em", "emph": "em", "textsl": "em", "mathit": "em", "underline": "em", "uline": "em",
    "texttt": "code", "mathtt": "code", "lstinline": "code",
    "textsuperscript": "sup", "textsubscript": "sub",
}

# {\bf …}: the rest of the group is shown in the mark.
SWITCHES: Final[dict[str, MarkName]] = {
    "bf": "strong", "bfseries": "strong", "it": "em", "itshape": "em", "em": "em", "sl": "em", "slshape": "em", "tt": "code",
    "ttfamily": "code",
}

# Nothing is shown of these, nor of as many {arguments} as stand here.
DROPPED: Final = {
    "ref": 1, "eqref": 1, "autoref": 1, "cref": 1, "Cref": 1, "pageref": 1, "nameref": 1, "label": 1, "vspace": 1, "hspace": 1, "color": 1,
    "begin": 1, "end": 1, "deleted": 1, "includegraphics": 1, "index": 1, "phantom": 1, "hphantom": 1, "vphantom": 1, "bibliography": 1,
    "textcolor": 1, "colorbox": 1, "fontsize": 2, "selectfont": 0, "footnotemark": 0, "item": 0,
    "small": 0, "footnotesize": 0, "scriptsize": 0, "tiny": 0, "large": 0, "Large": 0, "LARGE": 0, "huge": 0, "Huge": 0, "normalsize": 0,
    "rm": 0, "sf": 0, "sc": 0, "scshape": 0, "upshape": 0, "rmfamily": 0, "sffamily": 0, "normalfont": 0, "mdseries": 0, "cal": 0,
    "noindent": 0, "indent": 0, "centering": 0, "bigskip": 0, "medskip": 0, "smallskip": 0, "relax": 0, "protect": 0, "xspace": 0,
    "hfill": 0,
    "left": 0, "right": 0, "big": 0, "Big": 0, "bigl": 0, "bigr": 0, "displaystyle": 0, "textstyle": 0, "limits": 0, "nolimits": 0,
    "not": 0,
}

# Written outside dollars now and then, but mathematics all the same; with how many {arguments}.
MATHEMATICAL: Final = {
    "frac": 2, "dfrac": 2, "tfrac": 2, "binom": 2, "sqrt": 1, "mathcal": 1, "mathbb": 1, "mathfrak": 1, "mathscr": 1, "hat": 1,
    "widehat": 1,
    "tilde": 1, "widetilde": 1, "bar": 1, "overline": 1, "vec": 1, "dot": 1, "ddot": 1, "ensuremath": 1,
}

MATHEMATICAL_ENVIRONMENTS: Final = frozenset(
    f"{name}{star}" for name in ("math", "displaymath", "equation", "align", "gather", "multline", "eqnarray") for star in ("", "*")
)

# The abbreviations that conference styles define, and units as siunitx spells them.
WORDS: Final = {
    "eg": "e.g.", "ie": "i.e.", "Eg": "E.g.", "Ie": "I.e.", "etc": "etc.", "etal": "et al.", "wrt": "w.r.t.", "cf": "cf.", "vs": "vs.",
    "TeX": "TeX", "LaTeX": "LaTeX", "BibTeX": "BibTeX", "space": " ", "quad": " ", "qquad": " ", "newline": " ", "linebreak": " ",
    "enspace": " ",
    "thinspace": "\u202f", "nobreakspace": "\u00a0", "nbsp": "\u00a0", "today": "",
    "kilo": "k", "mega": "M", "giga": "G", "milli": "m", "micro": "µ", "nano": "n", "centi": "c",
    "meter": "m", "metre": "m", "gram": "g", "second": "s", "hertz": "Hz", "watt": "W", "volt": "V", "byte": "B", "percent": "%",
}

# Before and after the argument.
AROUND: Final = {
    "footnote": (" (", ")"), "footnotetext": (" (", ")"), "enquote": ("“", "”"), "textquote": ("“", "”"), "thanks": (" (", ")"),
    "sout": ("", ""),
}
