"""Formulas that need no typesetting: `5\\times`, `^\\circ`, `\\textbf{two words}` become TeX of text, to be read like any other."""

import re

from generator.tex.symbols import GREEK, RELATIONS, SIGNS

_TEXT_MACRO = r"\\(?:text(?:bf|it|tt|sc|rm|sf|up|md|normal|sl)?|emph|mbox|hbox)(?![a-zA-Z])"
_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9.\-_+@~ ]|\\[ _&%])+"
_PIECE = re.compile(
    rf"""
      (?P<digits>[0-9.,:;!?/+\-<>=%()\[\]|*'@&~"]+ | \s+)
    | (?P<unit>(?<=[0-9])\s*(?:[kKMBDxX]|FPS|fps)(?![a-zA-Z]))
    | (?P<text>{_TEXT_MACRO}\s*\{{(?:[^{{}}]|\{{[^{{}}]*\}})*\}})
    | (?P<link>\\(?:href\s*\{{[^{{}}]*\}}\s*\{{(?:[^{{}}]|\{{[^{{}}]*\}})*\}}|url\s*\{{[^{{}}]*\}}))
    | (?P<named>\\math(?P<font>bf|rm|tt|sf|it|cal)\s*\{{(?P<name>{_NAME})\}}
        | \{{?\\(?P<switch>bf|rm|tt|sf|it)(?:\s+|\{{)(?P<word>{_NAME})\}}* )
    | (?P<unicode>\\unicode\s*\{{x?(?P<code>[0-9a-fA-F]{{2,6}})\}})
    | (?P<degree>\^\s*(?:\\circ(?![a-zA-Z])|\{{\s*\\circ\s*\}}))
    | (?P<script>[_^]\s*(?:(?P<one>[0-9A-Za-z*+\-]) | \{{\s*(?P<many>[0-9A-Za-z,.:+\-*/ ]+)\s*\}}
        | (?:\\(?:text|textbf|textrm|mathrm|mathbf|mathsf|rm)\s*\{{\s*(?P<upright>[0-9A-Za-z+\-* ]+)\}}
        | \{{\\(?:text|textbf|textrm|mathrm|mathbf|rm)\s*(?:\{{|\s)\s*(?P<inner>[0-9A-Za-z+\-* ]+)\}}+)
        | \{{?\\(?P<sign>dagger|ddagger|ast|star|prime|top|uparrow|downarrow|circledR|pm)\s*\}}?))
    | (?P<space>\\[ ,;:!>])
    | (?P<escape>\\[%&\#$_])
    | \\(?P<symbol>[a-zA-Z]+)\s*
    | (?P<group>\{{,\}}|\{{\s*\}})
    """,
    re.VERBOSE,
)
_WORD = re.compile(r"[A-Za-z]{3,}(?:-[A-Za-z]+)*")
_SYMBOLS = (set(RELATIONS) | set(SIGNS)) - {"sum", "prod", "int", "partial", "nabla", "ell", "hbar", "deg"} | {"mu", "deg"}
_LIMIT = 600
_FONTS = {"bf": "textbf", "it": "textit", "tt": "texttt"}


def as_text(tex: str) -> str | None:
    """Return TeX of text that shows the same as this formula, None where it needs mathematics."""
    body = tex.strip()
    if len(body) > _LIMIT:
        return None
    if _WORD.fullmatch(body):
        return rf"\emph{{{body}}}"
    if body in GREEK and body:
        return None
    found: list[str] = []
    place = 0
    while place < len(body):
        match = _PIECE.match(body, place)
        text = _text_of(match) if match else None
        if match is None or text is None:
            return None
        found.append(text)
        place = match.end()
    return "".join(found)


def _text_of(match: re.Match[str]) -> str | None:
    kind = match.lastgroup
    if match["symbol"] is not None:
        name = match["symbol"]
        return (r"\textasciitilde{}" if name == "sim" else f"\\{name}{{}}") if name in _SYMBOLS else None
    if match["digits"] is not None:
        return match["digits"].replace("-", "−").replace("~", "\\ ")
    if match["unicode"] is not None:
        return _character(int(match["code"], 16))
    if match["degree"] is not None:
        return "°"
    if match["script"] is not None:
        return _script(match)
    if match["named"] is not None:
        macro = _FONTS.get(match["font"] or match["switch"])
        name = match["name"] or match["word"]
        return rf"\{macro}{{{name}}}" if macro else name
    if match["group"] is not None:
        return match["group"].strip("{} ")
    if match["space"] is not None:
        return "" if match[0] == "\\!" else match[0]
    return match[0] if kind else None


def _character(code: int) -> str:
    character = chr(code) if code < 0x110000 else ""
    return character if character.isprintable() else ""


def _script(match: re.Match[str]) -> str:
    mark = "textsuperscript" if match[0][0] == "^" else "textsubscript"
    if match["sign"] is not None:
        return rf"\{mark}{{\{match['sign']}{{}}}}"
    body = match["one"] or match["many"] or match["upright"] or match["inner"]
    body = body.strip().replace("-", "−")
    variable = match["upright"] is None and match["inner"] is None and len(body) == 1 and body.isalpha()
    return rf"\{mark}{{\emph{{{body}}}}}" if variable else rf"\{mark}{{{body}}}"
