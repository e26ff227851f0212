"""Small repairs that most sources need: text, names, dates, identifiers and addresses as they come enter, in our form they leave.

Nothing here refuses: what cannot be put right is returned as it is, or None, and the decoders judge.
"""

from __future__ import annotations

import datetime
import html
import re
from email.utils import parsedate_to_datetime
from urllib.parse import unquote, urlsplit

from generator import tex
from generator.nodes import clean

_ARXIV = re.compile(r"(?:arxiv:\s*)?(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v(\d+))?", re.I)
_ARXIV_PATH = re.compile(r"/(?:abs|pdf|html|format|ps|src)/([\w./-]+?)(?:\.pdf)?/?")
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(.+)", re.I)
_DOI = re.compile(r"(?:doi:\s*|https?://(?:dx\.)?doi\.org/)?(10\.\d{4,9}/[^\s<>\"]+)", re.I)
# Elements that a title or an abstract may hold; others, such as the `<think>` of a paper on reasoning, are words.
_ELEMENT = re.compile(
    r"</?(?:jats:|mml:)?(?:a|abbr|b|bold|br|cite|code|div|em|font|i|inline-formula|italic|li|list|list-item|math|mi|mn|mo|mrow|msub|msup|mtext"
    r"|ol|p|q|sc|scp|sec|small|span|strong|sub|sup|title|tt|u|ul|underline)(?:\s[^<>]{0,2000})?/?>",
    re.I,
)
_PARAGRAPH = re.compile(r"</(?:jats:)?p>|<br\s{0,9}/?>\s{0,99}<br\s{0,9}/?>|<(?:jats:)?p(?:\s[^<>]{0,2000})?>", re.I)
_HEADING = re.compile(r"<(?:jats:)?title>\s{0,9}(abstract|summary)\s{0,9}</(?:jats:)?title>", re.I)
_SCRIPT = re.compile(r"<(?:jats:)?(su[bp])>([^<>$\\]{1,40})</(?:jats:)?su[bp]>", re.I)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});", re.I)
_INDENTED = re.compile(r"\n[ \t]{0,99}\n\s*")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def words(text: object) -> str:
    """Return text on one line."""
    return " ".join(clean(str(text)).split())


def without_markup(text: object) -> str:
    """Return a text that may be HTML or JATS without elements and entities, on one line; indices become TeX.

    >>> without_markup("Of H<sub>2</sub>O &amp; <i>more</i>, <think>")
    'Of H$_{2}$O & more, <think>'
    """
    return words(_unmarked(str(text)))


def paragraphs(text: object) -> str:
    """Return an abstract that may be HTML or JATS as text, with an indented line for each further paragraph."""
    parts = _PARAGRAPH.split(_HEADING.sub("", str(text)))
    return "\n  ".join(part for part in map(abstract, map(_unmarked, parts)) if part)


def abstract(text: object) -> str:
    """Return an abstract in plain text or TeX: empty lines become indented ones, the word "Abstract" before it goes."""
    found = _INDENTED.sub("\n  ", clean(str(text)).strip())
    return re.sub(r"\A(?:abstract|summary)\s*[:.—-]\s+", "", found, flags=re.I)


def without_braces(title: str) -> str:
    """Return a BibTeX title without the braces that only keep capitals; where there is TeX they stay.

    >>> without_braces("Post-{OCR} correction in {S}anskrit"), without_braces("{A} $x^{2}$")
    ('Post-OCR correction in Sanskrit', '{A} $x^{2}$')
    """
    return words(title if "\\" in title or "$" in title else title.replace("{", "").replace("}", ""))


def name(written: object) -> str:
    """Return a name in the order in which it is read, its TeX accents as letters.

    >>> name("van der Berg, Jan"), name("King, Jr., Martin Luther"), name(r'Rockt{\\"a}schel, Tim')
    ('Jan van der Berg', 'Martin Luther King, Jr.', 'Tim Rocktäschel')
    """
    text = words(written)
    if text.startswith("{") and text.endswith("}") and "}" not in text[:-1]:
        return text[1:-1]
    if "\\" in text or "{" in text or "~" in text:
        text = words(tex.plain(text[:500]).replace("\u00a0", " "))
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if len(parts) == 2:
        return f"{parts[1]} {parts[0]}"
    return f"{parts[2]} {parts[0]}, {parts[1]}" if len(parts) == 3 else text


def names(written: object) -> list[str]:
    """Return the names of a BibTeX list, `A and B and others`; an `and` inside braces belongs to a name."""
    text, depth, start, found = words(written), 0, 0, []
    for match in re.finditer(r"[{}]|\s+and(?=\s)|\Z", text, re.I):
        if match[0] in ("{", "}"):
            depth += 1 if match[0] == "{" else -1
        elif depth <= 0 or match.end() == len(text):
            found.append(text[start : match.start()])
            start = match.end()
    return [name(one) for one in found if one.strip() and one.strip().lower() != "others"]


def date(written: object) -> str | None:
    """Return a date, which may lack its day or its month, as 2025-10-01, 2025-10 or 2025; None for what is no date.

    >>> date("2025-10-01T06:00:00Z"), date("Wed, 01 Oct 2025 04:00:00 +0000"), date("Oct 2025"), date("forthcoming")
    ('2025-10-01', '2025-10-01', '2025-10', None)
    """
    if isinstance(written, datetime.date):
        return written.isoformat()[:10]
    text = words(written if written is not None else "")[:100]
    if found := re.match(r"(\d{4})(?:[-/](\d\d?)(?:[-/](\d\d?))?)?(?![\d.])", text, re.A):
        return "-".join(part if i == 0 else f"{int(part):02}" for i, part in enumerate(found.groups()) if part)
    if moment := _rfc_822(text):
        return moment.date().isoformat()
    named = [(month, found) for found in re.findall(r"[A-Za-z]{3,}", text) if (month := _month(found))]
    year = re.search(r"\b(\d{4})\b", text)
    if not (year and named):
        return None
    day = re.search(r"\b(\d{1,2})(?:st|nd|rd|th)?\b", text.replace(year[0], ""))
    return f"{year[1]}-{named[0][0]:02}" + (f"-{int(day[1]):02}" if day else "")


def _month(written: str) -> int | None:
    return _MONTHS.index(written[:3].lower()) + 1 if written[:3].lower() in _MONTHS else None


def year_and_month(year: object, month: object) -> str | None:
    """Return the date of a BibTeX entry; the month is a number, a name, or a name among days (`09--15 Jun`)."""
    found = date(year)
    if found is None or len(found) > 4 or month is None:
        return found
    text = words(month)
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 3 else next(filter(None, map(_month, text.split())), 0)
    return f"{found}-{number:02}" if 1 <= (number or 0) <= 12 else found


def moment(written: object) -> datetime.datetime | None:
    """Return a time with its zone, UTC where it names none; None for what is no time."""
    text = words(written if written is not None else "")[:100]
    found = _rfc_822(text)
    if found is None:
        try:
            found = datetime.datetime.fromisoformat(text)
        except ValueError:
            return None
    try:
        return (found if found.tzinfo else found.replace(tzinfo=datetime.UTC)).astimezone(datetime.UTC).replace(microsecond=0)
    except OverflowError:
        return None


def _rfc_822(text: str) -> datetime.datetime | None:
    if not re.match(r"([A-Za-z]{3,9},? )?\d{1,2} [A-Za-z]{3} \d{4} ", text):
        return None
    try:
        return parsedate_to_datetime(text)
    except (ValueError, OverflowError, TypeError):
        return None


def arxiv(written: object) -> str | None:
    """Return an arXiv id without its version.

    >>> arxiv("arXiv:2510.00184v2"), arxiv("hep-th/9901001"), arxiv("../../x")
    ('2510.00184', 'hep-th/9901001', None)
    """
    match = _ARXIV.fullmatch(words(written)[:60]) if isinstance(written, str) else None
    return match[1] if match else None


def arxiv_version(written: object) -> int | None:
    """Return the version that an arXiv id names."""
    match = _ARXIV.fullmatch(words(written)[:60]) if isinstance(written, str) else None
    return int(match[2]) if match and match[2] and len(match[2]) < 4 else None


def arxiv_of_url(url: object) -> str | None:
    """Return the arXiv id that an address of arXiv or of Hugging Face's papers names."""
    host, path = _parts(url)
    if host.removeprefix("www.").removeprefix("export.") == "arxiv.org":
        match = _ARXIV_PATH.fullmatch(path)
        return arxiv(match[1]) if match else None
    return arxiv(path.removeprefix("/papers/")) if host == "huggingface.co" and path.startswith("/papers/") else None


def arxiv_of_doi(written: object) -> str | None:
    """Return the arXiv id of a DOI that arXiv gave."""
    match = _ARXIV_DOI.fullmatch(str(written)) if written else None
    return arxiv(match[1]) if match else None


def doi(written: object) -> str | None:
    """Return a DOI without the address of its resolver."""
    match = _DOI.fullmatch(words(written)[:300]) if isinstance(written, str) else None
    return match[1] if match else None


def doi_of_url(url: object) -> str | None:
    """Return the DOI that an address of its resolver names."""
    return doi(unquote(str(url))) if _parts(url)[0] in ("doi.org", "dx.doi.org") else None


def openreview_of_url(url: object) -> str | None:
    """Return the id that an address of OpenReview names."""
    host, _ = _parts(url)
    match = re.search(r"[?&]id=([A-Za-z0-9_-]{4,40})(?:&|#|$)", str(url)) if host == "openreview.net" else None
    return match[1] if match else None


def address(written: str) -> str:
    """Return a web address with its scheme, and without what cannot stand in one."""
    text = words(written).replace(" ", "%20")
    return f"https://{text}" if re.match(r"(www\.|github\.com/|doi\.org/)", text) else text


def _parts(url: object) -> tuple[str, str]:
    if not isinstance(url, str) or not url.lower().startswith(("http://", "https://")):
        return "", ""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "").lower(), parts.path
    except ValueError:
        return "", ""


def _unmarked(text: str) -> str:
    text = _SCRIPT.sub(lambda m: f"${'_' if m[1].lower() == 'sub' else '^'}{{{m[2]}}}$", text)
    bare = _ELEMENT.sub("", text)
    return html.unescape(bare) if _ENTITY.search(bare) else bare
