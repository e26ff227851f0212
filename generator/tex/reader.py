"""TeX of titles and abstracts in, tokens out: one pass with a stack of open braces, no recursion into groups. Knows no output format."""

import re

from generator.tex import commands, links, simple
from generator.tex.collector import Collector
from generator.tex.pairs import PARAGRAPH, Pairs, is_amount
from generator.tex.tokens import Formula, Paragraph, Token

_SPECIAL = re.compile(r"https?://|www\.(?=[\w-]+\.)|[\\${}~\u2029]|``|''|`|-{2,}|[_^](?=\{)")
_QUOTED = re.compile(r"`([^`'\\${}~\u2029]{1,160})'(?![a-zA-Z])")
# { a, b } is a set and {{ a }} a template; any other brace is TeX's own.
_LITERAL_BRACES = re.compile(
    r"\{\{ [^{}\\$\u2029]{0,200} \}\}"
    r"|\{(?: [^{}\\$\u2029]{0,200} |\"[^{}\\$\u2029]{0,200}|[^{}\\,$\u2029]{1,60}(?:,[^{}\\,$\u2029]{1,60})+)\}"
)
# A formula whose text holds formulas whose text … is followed this far down.
_DEPTH = 4


def read(source: str) -> list[Token]:
    """Return the tokens of a text in which spaces are single and paragraphs end in U+2029."""
    out = Collector()
    Reader(source, out).run()
    return out.tokens()


class Reader:
    """Reads one text; a formula that is only text is read by a second one into the same collector."""

    __slots__ = ("base", "depth", "out", "pairs", "source")

    def __init__(self, source: str, out: Collector, depth: int = 0) -> None:
        self.source, self.out, self.depth = source, out, depth
        self.pairs = Pairs(source)
        self.base = len(out.groups)

    def run(self) -> None:
        source, out, place = self.source, self.out, 0
        while match := _SPECIAL.search(source, place):
            if match.start() > place:
                out.write(source[place : match.start()])
            place = self._special(match[0], match.start())
        out.write(source[place:])
        while len(out.groups) > self.base:
            out.close_group()

    def _special(self, sign: str, place: int) -> int:
        match sign:
            case "\\":
                return commands.read_macro(self, place)
            case "$":
                return self._dollar(place)
            case "{":
                return self._brace(place)
            case "}":
                return self._closing_brace(place)
            case "_" | "^":
                self.out.open_group("sub" if sign == "_" else "sup")
                return place + 2
            case "~":
                return self._tie(place)
            case "\u2029":
                self.out.add(Paragraph())
                return place + 1
        if sign[0] in "`'-":
            return self._typography(sign, place)
        return self.address(sign, place)

    def _brace(self, place: int) -> int:
        literal = _LITERAL_BRACES.match(self.source, place)
        if literal:
            self.out.write(literal[0])
            return literal.end()
        self.out.open_group()
        return place + 1

    def _closing_brace(self, place: int) -> int:
        place += 1
        if len(self.out.groups) > self.base:
            group = self.out.close_group()
            if group.drops_next:
                place = self.argument(place)[1]
        elif self.source.startswith("{", place):
            self.out.write(" ")
        return place

    def _tie(self, place: int) -> int:
        before, after = self.source[max(0, place - 1) : place], self.source[place + 1 : place + 2]
        about = before in " ([/\u2029" and (after.isdigit() or after in " .$\\<")
        self.out.write("~" if self.out.in_code or about or (before.isdigit() and after.isdigit()) else "\u00a0")
        return place + 1

    def _typography(self, sign: str, place: int) -> int:
        end, out = place + len(sign), self.out
        before, after = self.source[max(0, place - 1) : place], self.source[end : end + 1]
        if out.in_code:
            out.write(sign)
        elif sign == "``":
            out.write("“")
        elif sign == "''":
            out.write("“" if before in " (\u2029" and after.isalnum() else "”")
        elif sign == "`":
            quoted = _QUOTED.match(self.source, place) if not before.isalnum() else None
            out.write(f"‘{quoted[1]}’" if quoted else "`")
            end = quoted.end() if quoted else end
        elif len(sign) > 3 or after == ">" or before in ("<", "!"):
            out.write(sign)
        else:
            out.write("—" if len(sign) == 3 else "–")
        return end

    def address(self, sign: str, place: int) -> int:
        address, end = links.bare(self.source, place)
        if not address:
            self.out.write(sign)
            return place + len(sign)
        self.link(address, address)
        return end

    def link(self, address: str, shown: str | None) -> None:
        """Show an address, or open a group for the text that stands for it."""
        href = None if self.out.in_link or self.out.in_code else links.target(address)
        self.out.open_group("a" if href else None, href=href or "")
        if shown is not None:
            self.out.write(shown)
            self.out.close_group()

    def _dollar(self, place: int) -> int:
        source = self.source
        if source.startswith("$$", place):
            end = source.find("$$", place + 2, place + 4000)
            if end > place + 2 and PARAGRAPH not in source[place:end] and source[place + 2 : end].count("$") == 0:
                self.formula(source[place + 2 : end], display=True)
                return end + 2
            return place + 2
        closing = self.pairs.formula_end(place)
        if closing is not None:
            self.formula(source[place + 1 : closing])
            return closing + 1
        if is_amount(source[place + 1 : place + 4]):
            self.out.write("$")
        return place + 1

    def formula(self, tex: str, *, display: bool = False) -> None:
        text = simple.as_text(tex)
        if text is not None and self.nested(text):
            return
        if tex.strip():
            self.out.add(Formula(tex.strip(), display))

    def nested(self, text: str) -> bool:
        """Read another text in this place; False: it is nested too deep to be read."""
        if self.depth >= _DEPTH:
            return False
        Reader(text, self.out, self.depth + 1).run()
        return True

    def argument(self, place: int) -> tuple[str, int]:
        """Return the text in the braces that start here and where they end; "" where none start."""
        start = place + 1 if self.source.startswith(" {", place) else place
        end = self.pairs.closing_brace.get(start)
        return ("", place) if end is None else (self.source[start + 1 : end], end + 1)
