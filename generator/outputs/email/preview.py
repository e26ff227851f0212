"""The mails of a preview: what the build wrote of them enters, pages leave that show each at the width of a telephone and of a desk."""

from __future__ import annotations

import re
from collections.abc import Iterable
from email import message_from_bytes
from email.policy import SMTP
from html import escape

_STEP = re.compile(rb'<meta name="generator" content="Broadsheet, with ([^"]*)">')
_STYLE = (
    "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'><title>{title}</title><style>"
    ":root{{color-scheme:light dark}}body{{font:1rem/1.5 system-ui;margin:2rem auto;padding:0 1rem;max-width:72rem}}h1{{margin:0}}"
    "iframe{{border:1px solid;height:44rem;max-width:100%}}section{{display:flex;flex-wrap:wrap;gap:1rem;align-items:start}}"
    "figure{{margin:0;max-width:100%}}pre{{overflow:auto;border:1px solid;padding:1rem;font-size:.875rem}}"
    "nav a{{margin-inline-end:1rem}}</style><body>"
)


def index(names: Iterable[str]) -> str:
    """Return the list of mails, the newest first, days before weeks and months."""
    groups = {"Days": 10, "Weeks": 8, "Months": 7}
    known = list(names)
    listed = "".join(
        f"<h2>{title}</h2><nav>{''.join(f'<a href={escape(name)}/>{escape(name)}</a> ' for name in sorted(found, reverse=True))}</nav>"
        for title, size in groups.items()
        if (found := [name for name in known if len(name) == size])
    )
    return f"{_STYLE.format(title='Mails')}<h1>Mails</h1>{listed or '<p>There is no edition with papers yet.</p>'}</body></html>"


def page(name: str, raw: bytes) -> str:
    """Return the page of one mail: its subject, its size, its HTML twice and its text."""
    mail = message_from_bytes(raw, policy=SMTP)
    text, html = (bytes(part.get_payload(decode=True)).replace(b"\r\n", b"\n") for part in mail.iter_parts())
    step = _STEP.search(html)
    size = f"{len(html):,} bytes of HTML, with {step[1].decode() if step else 'what the template shows'}"
    frames = "".join(
        f"<figure><figcaption>{title}, {width} px</figcaption>"
        f"<iframe src=/email/{escape(name)}/ width={width} title='{title}'></iframe></figure>"
        for title, width in (("Telephone", 390), ("Desk", 700))
    )
    return (
        f"{_STYLE.format(title=f'Mail {escape(name)}')}<p><a href=../>All mails</a></p><h1>{escape(str(mail['Subject']))}</h1>"
        f"<p>{escape(name)}: {size}; {len(raw):,} bytes in all. <a href=/email/{escape(name)}/message.eml>message.eml</a></p>"
        f"<section>{frames}</section><h2>Text</h2><pre>{escape(text.decode())}</pre></body></html>"
    )
