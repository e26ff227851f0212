"""Texts that run a script where they are not taken for text, made by the grammar of the places that text gets into.

A payload is a way out of its sink, then something that runs without anybody's doing. Each calls `pwn(<its number>)`. `SINKS` are the places
themselves, without any care: what does not run there is no payload.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

# What runs by itself as soon as it is markup.
_RUNNERS = (
    "<script>pwn(N)</script>",
    "<ScRiPt >pwn(N)</sCrIpT >",
    "<script/x>pwn(N)//</script>",
    "<img src=x onerror=pwn(N)>",
    "<img src='x'onerror='pwn(N)'>",
    "<IMG/SRC=x\tOnErRoR\n=\npwn(N)>",
    "<img src=x onerror=&#112;wn&lpar;N&rpar;>",
    "<img src=x:x onerror=pwn&#x28;N&#x29;>",
    "<<img src=x onerror=pwn(N)//<",
    "<image src=x onerror=pwn(N)>",
    "<svg onload=pwn(N)>",
    "<svg/onload=pwn(N)//",
    "<svg><script>pwn(N)</script></svg>",
    "<svg><script>pwn&#40;N)</script></svg>",
    "<svg><animate onbegin=pwn(N) attributeName=x dur=1s></svg>",
    "<svg><set onbegin=pwn(N) attributename=x></svg>",
    "<math><mtext><img src=x onerror=pwn(N)></mtext></math>",
    "<math><annotation-xml encoding=text/html><img src=x onerror=pwn(N)></annotation-xml></math>",
    "<iframe srcdoc='&lt;script&gt;parent.pwn(N)&lt;/script&gt;'></iframe>",
    "<iframe src=javascript:parent.pwn(N)></iframe>",
    "<iframe src='java&Tab;script&colon;parent.pwn(N)'></iframe>",
    "<iframe onload=pwn(N)></iframe>",
    "<details open ontoggle=pwn(N)>x",
    "<video><source onerror=pwn(N)></video>",
    "<audio src=x onerror=pwn(N)></audio>",
    "<video src=x onerror=pwn(N)></video>",
    "<link rel=stylesheet href=data:, onload=pwn(N)>",
    "<style onload=pwn(N)></style>",
    "<object data=x onerror=pwn(N)></object>",
    "<style>@keyframes k{}</style><b style=animation-name:k onanimationstart=pwn(N)>x</b>",
    "<x-y style=animation-name:k onanimationstart=pwn(N)>x</x-y><style>@keyframes k{}</style>",
)
# Out of the sinks of markup, and which they are.
_OUT = {
    "": "text",
    "</p>": "text",
    '">': "attribute",
    '"/>': "attribute",
    "'>": "attribute in single quotes",
    " >": "attribute without quotes",
    "</title>": "title",
    "</script>": "JSON-LD",
    '"}</script>': "JSON-LD",
    "</SCRIPT\n>": "JSON-LD",
    "</style>": "style",
    "</textarea>": "textarea",
    "-->": "comment",
    "--!>": "comment",
    "]]>": "feed body",
    "</mtext></math>": "MathML",
    "</mi></math>": "MathML",
    "</text></svg>": "SVG text",
}
# In a tag already: only a quote to get out of.
_IN_A_TAG = (
    "onanimationstart=pwn(N) style=animation-name:known x=",
    "style=animation-name:known onanimationstart=pwn&#40;N) x=",
    "OnAnimationStart\n=\npwn(N)\tStYlE=animation-name:known x=",
)
_ADDRESSES = (
    "javascript:pwn(N)",
    "JaVaScRiPt:pwn(N)",
    " javascript:pwn(N)",
    "\x01javascript:pwn(N)",
    "java\tscript:pwn(N)",
    "java\nscript:pwn(N)",
    "javascript\t:pwn(N)",
    "javascript://example.net/%0Apwn(N)",
    "javascript:/*https://example.net*/pwn(N)",
    "javascript:void(pwn(N))",
    "javascript:%70wn(N)",
    "javascript:'use strict';pwn(N)",
)
# Out of the sinks of a feed: an XML document of its own.
_XML = (
    "<x:script xmlns:x='http://www.w3.org/1999/xhtml'>pwn(N)</x:script>",
    "]]><x:script xmlns:x='http://www.w3.org/1999/xhtml'>pwn(N)</x:script><![CDATA[",
    "<svg xmlns='http://www.w3.org/2000/svg' onload='pwn(N)'/>",
)

_PWN = "<script>pwn = n => parent.pwn(n)</script><style>@keyframes known{}</style>"
SINKS = {
    "text": "<p>PAYLOAD</p>",
    "attribute": '<a title="PAYLOAD">x</a>',
    "attribute in single quotes": "<a title='PAYLOAD'>x</a>",
    "attribute without quotes": "<a title=PAYLOAD>x</a>",
    "title": "<title>PAYLOAD</title>",
    "JSON-LD": '<script type="application/ld+json">{"name": "PAYLOAD"}</script>',
    "style": "<style>/* PAYLOAD */</style>",
    "textarea": "<textarea>PAYLOAD</textarea>",
    "comment": "<!-- PAYLOAD -->",
    "feed body": "<svg><foreignObject width=9 height=9><![CDATA[PAYLOAD]]></foreignObject></svg>",
    "MathML": "<math><mtext>PAYLOAD</mtext></math>",
    "SVG text": "<svg><text>PAYLOAD</text></svg>",
    "address": '<a id=go href="PAYLOAD">x</a><script>go.click()</script>',
}


@dataclass(frozen=True, slots=True)
class Payload:
    """A text that runs in its sink."""

    number: int
    sink: str
    text: str

    @property
    def control(self) -> str:
        """Return a document in which it runs, to be shown in a frame of one that has `pwn`."""
        text = self.text.replace("&", "&amp;").replace('"', "&quot;") if self.sink == "address" else self.text
        return _PWN + SINKS[self.sink].replace("PAYLOAD", text)


def payloads() -> list[Payload]:
    """Return all payloads; the number of each is what it calls `pwn` with."""
    made = [(sink, out + runner) for (out, sink), runner in product(_OUT.items(), _RUNNERS)]
    made += [("attribute", f'{out}{runner}"') for out in ('"', '" ', '"/') for runner in _IN_A_TAG]
    made += [("attribute in single quotes", f"{out}{runner}'") for out in ("'", "' ", "'/") for runner in _IN_A_TAG]
    made += [("attribute without quotes", f"x {runner}") for runner in _IN_A_TAG]
    made += [("address", address) for address in _ADDRESSES]
    return [
        Payload(
            number,
            sink,
            text.replace("(N", f"({number}")
            .replace("lpar;N", f"lpar;{number}")
            .replace("#40;N", f"#40;{number}")
            .replace("x28;N", f"x28;{number}"),
        )
        for number, (sink, text) in enumerate(made, 1)
    ]


def around(payload: Payload) -> list[str]:
    """Return the payload in the dress of what is read as something else than text: TeX and Markdown."""
    text = payload.text
    if payload.sink == "address":
        bare = text.strip()
        return [
            *(f"\\href{{{text}}}{{x}}", f"\\url{{{text}}}", f"$\\href{{{text}}}{{x}}$", f"[x]({bare})", f"[x](<{text}>)", f"<{bare}>"),
            *(f"![x]({bare})", f"[x][r]\n\n[r]: {bare}\n"),
        ]
    return [f"$\\text{{{text}}}$", f"$x_{{{text}}}$", f"\\emph{{{text}}}", f"`{text}`", f"[{text}](/)", f'[x](/ "{text}")', f"**{text}**"]


def in_xml(number: int) -> list[str]:
    """Return payloads that run in an XML document that a browser is led to."""
    return [text.replace("N", str(number)) for text in _XML]
