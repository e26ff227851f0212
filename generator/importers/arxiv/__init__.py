"""arXiv: the API's Atom, the RSS of a day's announcements, and OAI-PMH, told apart by their root; and the addresses that ask for each."""

from generator.importers import reading
from generator.importers.arxiv import atom, oai, rss
from generator.importers.arxiv.elements import local
from generator.importers.record import Batch

__all__ = ["parse"]

_PARSERS = {"feed": atom.parse, "rss": rss.parse, "OAI-PMH": oai.parse, "GetRecord": oai.parse, "ListRecords": oai.parse}


def parse(raw: bytes, name: str) -> Batch:
    """Return the papers of an answer of arXiv, in its order. Invalid: not XML, none of arXiv's formats, or an error of the service."""
    root = reading.xml_of(raw, name)
    parser = _PARSERS.get(local(root))
    if parser is None:
        raise reading.nothing(name, "Atom, RSS or OAI-PMH of arXiv")
    return parser(root, name)
