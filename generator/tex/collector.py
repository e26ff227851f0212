"""Where the reader puts what it has read: gathers text, keeps the stack of open braces and sees that marks nest."""

from dataclasses import dataclass, field

from generator.tex.tokens import Close, MarkName, Open, Text, Token

TIES = " \u00a0\u202f"


@dataclass(slots=True)
class Group:
    """An open brace: what its closing brace ends, shows and drops."""

    marks: list[MarkName] = field(default_factory=list)
    after: str = ""
    drops_next: bool = False


class Collector:
    """The tokens read so far."""

    __slots__ = ("_marks", "_tokens", "_words", "groups")

    def __init__(self) -> None:
        self._tokens: list[Token] = []
        self._words: list[str] = []
        self._marks: set[MarkName] = set()
        self.groups: list[Group] = []

    def tokens(self) -> list[Token]:
        """Return all tokens; no text stays behind."""
        if self._words:
            self._tokens.append(Text("".join(self._words)))
            self._words.clear()
        return self._tokens

    def write(self, text: str) -> None:
        """Add text."""
        self._words.append(text)

    def add(self, token: Token) -> None:
        """Add a token other than text or a mark."""
        self.tokens().append(token)

    @property
    def in_code(self) -> bool:
        """Whether text is code now, where quotes and dashes mean themselves."""
        return "code" in self._marks

    @property
    def in_link(self) -> bool:
        """Whether text is a link already, where another can't start."""
        return "a" in self._marks

    def last(self) -> str:
        """Return the last characters written since the last token, "" at the start of a text."""
        return self._words[-1][-1:] if self._words and self._words[-1] else "".join(self._words)[-1:]

    def open_group(self, mark: MarkName | None = None, *, href: str = "", after: str = "", drops_next: bool = False) -> None:
        """Open a brace; its closing one ends the mark."""
        self.groups.append(Group(after=after, drops_next=drops_next))
        if mark is not None:
            self.open_mark(mark, href=href)

    def open_mark(self, mark: MarkName, *, href: str = "") -> None:
        """Show the rest of the innermost group in a mark, unless the text is in it already."""
        if mark not in self._marks:
            self._marks.add(mark)
            self.groups[-1].marks.append(mark)
            self.tokens().append(Open(mark, href))

    def close_group(self) -> Group:
        """Close the innermost brace."""
        group = self.groups.pop()
        for mark in reversed(group.marks):
            self._marks.discard(mark)
            self.tokens().append(Close(mark))
        self._words.append(group.after)
        return group

    def untie(self) -> None:
        """Drop the spaces and ties before this place."""
        text = "".join(self._words).rstrip(TIES)
        self._words[:] = [text] if text else []

    def drop_bracket(self, opening: str) -> bool:
        """Drop an opening bracket that stands before this place; tell whether there was one."""
        if self.last() != opening:
            return False
        text = "".join(self._words)[:-1]
        self._words[:] = [text]
        self.untie()
        return True
