"""TeX of a formula in, TeX that latex2mathml understands out: other packages' macros, text with braces, characters that it drops."""

import re

from generator.tex.linear import linear
from generator.tex.macros import WORDS

_FORBIDDEN = re.compile(
    r"\\(?:(?:re)?newcommand|(?:re)?newenvironment|def|let|DeclareMathOperator|input|include|csname|class|style|verb|rule)(?![a-zA-Z])"
)
_BARE_SIGN = re.compile(r"(?<!\\)((?:\\\\)*)([%#])")
_BARE_AMPERSAND = re.compile(r"(?<!\\)((?:\\\\)*)&")
_UNICODE = re.compile(r"\\unicode\s*\{x?([0-9a-fA-F]{2,5})\}")
_DROPPED = re.compile(
    r"\\(?:label|tag\*?|color|vspace|hyperlink|href|textcolor|colorbox|cite[a-z]*|ref)\s*(?:\[[^\]]*\])?\s*\{[^{}]*\}"
    r"|\\m?kern\s*-?[\d.]+\s*[a-z]{2}|\\(?:xspace|nonumber|notag|displaystyle|textstyle|small|large|Large|footnotesize|scriptsize|normalsize|rm(?=\s*\{)"
    r"|negthinspace|protect|ensuremath|mathstrut|strut|sc|bigskip|noindent)(?![a-zA-Z])|\\!"
)
_TEXT = re.compile(r"\\(text(?:bf|it|tt|sc|rm|sf|up|md|normal|sl)?|mbox|hbox|emph|operatorname\*?)(?![a-zA-Z])\s*")
_SCRIPTED = re.compile(r"\\text(super|sub)script(?![a-zA-Z])")
_SPACED = re.compile(r"(\\hspace\*?\s*\{[^{}]*\}|\\(?:space|enspace)(?![a-zA-Z]))")
_SYNONYMS = {
    "Tilde": r"\tilde",
    "Bar": r"\bar",
    "Hat": r"\hat",
    "Vec": r"\vec",
    "mathds": r"\mathbb",
    "mathbbm": r"\mathbb",
    "nicefrac": r"\frac",
    "sfrac": r"\frac",
    "cfrac": r"\frac",
    "dfrac": r"\frac",
    "tfrac": r"\frac",
    "coloneqq": "≔",
    "backslash": r"\setminus",
    "upmu": "μ",
    "degree": "°",
    "celsius": "℃",
    "textmu": "μ",
    "textdegree": "°",
    "dag": r"\dagger",
    "ddag": r"\ddagger",
    "slash": "/",
    "lbrack": "[",
    "rbrack": "]",
    "textasciitilde": r"\sim",
    "leadsto": r"\rightsquigarrow",
    "land": r"\wedge",
    "lor": r"\vee",
    "circledR": "®",
    "textregistered": "®",
    "cmark": "✓",
    "xmark": "✗",
    "checkmark": "✓",
    "textless": "<",
    "textgreater": ">",
    "argmax": r"\arg\max",
    "argmin": r"\arg\min",
    "bold": r"\mathbf",
    "mathbfcal": r"\mathcal",
    "implies": r"\Rightarrow",
    "iff": r"\Leftrightarrow",
    "gets": r"\leftarrow",
    "perthousand": "‰",
    "textrightarrow": r"\rightarrow",
    "textunderscore": r"\_",
    "deg": "°",
    "dots": r"\ldots",
}
_SYNONYM = re.compile(r"\\(" + "|".join(_SYNONYMS) + r")(?![a-zA-Z])")
_ENVIRONMENTS = re.compile(r"\\(begin|end)\s*\{(aligned|alignedat|gathered|gather\*?|split|dcases|rcases|eqnarray\*?|equation\*?)\}")
_FONT = re.compile(r"\\math(rm|sf)\s*\{([A-Za-z][A-Za-z0-9]*(?:[ \-–~.]+[A-Za-z0-9]+)+)\}")
_THOUSANDS = re.compile(r"(?<![\d,.])(\d{1,3}),(?=\d{3}(?!\d))")


def rewrite(tex: str) -> str | None:
    """Return TeX for latex2mathml; None: the formula defines macros or reads files, which is never typeset."""
    if _FORBIDDEN.search(tex):
        return None
    if "\\" not in tex and not re.search(r"[%#&~,]", tex):
        return tex.replace(":=", "≔")
    tex = _UNICODE.sub(_character, tex)
    tex = _SCRIPTED.sub(lambda match: "^" if match[1] == "super" else "_", tex)
    tex = _DROPPED.sub(" ", tex)
    tex = _BARE_SIGN.sub(r"\1\\\2", tex)
    if r"\begin" not in tex and "matrix" not in tex:
        tex = _BARE_AMPERSAND.sub(r"\1\\&", tex)
    tex = _texts(tex)
    tex = _FONT.sub(lambda match: rf"\text{{{match[2]}}}", tex)
    tex = _SPACED.sub(r"\\ ", tex)
    tex = _SYNONYM.sub(lambda match: _SYNONYMS[match[1]] + (" " if _SYNONYMS[match[1]][0] == "\\" else ""), tex)
    tex = _ENVIRONMENTS.sub(_environment, tex).replace(":=", "≔")
    return tex if re.search(r"[(\[{]", tex) else _THOUSANDS.sub(r"\1{,}", tex)


def _character(match: re.Match[str]) -> str:
    character = chr(int(match[1], 16))
    return character if character.isprintable() and character not in "\\{}" else ""


def _environment(match: re.Match[str]) -> str:
    name = {"dcases": "cases", "rcases": "cases"}.get(match[2], "align*")
    return rf"\{match[1]}{{{name}}}"


def _texts(tex: str) -> str:
    """Flatten the arguments of text macros: latex2mathml ends them at the first brace and prints their macros."""
    found: list[str] = []
    place = 0
    while match := _TEXT.search(tex, place):
        found.append(tex[place : match.start()])
        argument, place = _argument(tex, match.end())
        if argument is None:
            continue
        macro = {"mbox": "text", "hbox": "text", "emph": "textit", "textsc": "text", "textsl": "textit"}.get(match[1], match[1])
        if macro.startswith("operatorname"):
            found.append(rf"\mathrm{{{_flat(argument)}}}" if not argument.strip().isalpha() else rf"\operatorname{{{argument.strip()}}}")
            continue
        for index, part in enumerate(argument.split("$")):
            if part:
                found.append(f"{{{part}}}" if index % 2 else rf"\{macro}{{{_flat(part)}}}")
    found.append(tex[place:])
    return "".join(found)


def _argument(tex: str, place: int) -> tuple[str | None, int]:
    """Return the balanced argument that starts here, or the one character that stands for it."""
    if not tex.startswith("{", place):
        return (tex[place], place + 1) if tex[place : place + 1].isalnum() else (None, place)
    depth = 0
    for match in re.finditer(r"\\.|[{}]", tex[place:], re.DOTALL):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if depth == 0:
            return tex[place + 1 : place + match.start()], place + match.end()
    return tex[place + 1 :], len(tex)


def _flat(text: str) -> str:
    if not re.search(r"[\\{}~%]", text):
        return text.replace("--", "–")
    inner = linear(rf"\text{{{text}}}".replace("%", r"\%").replace(r"\\%", r"\%")).translate({ord("{"): None, ord("}"): None})
    before, after = (" " if text[:1] in (" ", "~") else ""), (" " if text[-1:] in (" ", "~") else "")
    return before + WORDS.get(inner, inner) + after
