"""The page behind a link: what was agreed with a customer, for who has the link and nobody else.

It needs no script and fetches nothing. A browser is told to keep no copy and to tell no other page where
it came from, search engines to leave it alone. Whether a token is wrong, has expired or was revoked
looks the same.
"""

import base64
import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from http import HTTPStatus

from kesher import store, words
from kesher.domain.language import RIGHT_TO_LEFT
from kesher.domain.summary import Summary, digest

CONTENT_TYPE = "text/html; charset=utf-8"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")
_STYLE = (
    ":root{color-scheme:light dark}"
    "body{margin:0;font:1.0625rem/1.6 system-ui,sans-serif}"
    "main{max-width:34rem;margin:0 auto;padding:1.5rem 1.25rem;overflow-wrap:anywhere}"
    "h1{font-size:1.375rem;line-height:1.3;margin:0 0 1rem}"
    "p{margin:0 0 .5rem}"
    "section,footer{margin-block-start:1.25rem}"
    "footer{border-block-start:1px solid;padding-block-start:1rem}"
)
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none';"
        " form-action 'none'; frame-ancestors 'none'"
    ),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex, nofollow",
}


@dataclass(frozen=True)
class Shown:
    status: HTTPStatus
    html: str = field(repr=False)


def shown(token: str, now: datetime) -> Shown:
    found = store.load_summary(digest(token)) if _TOKEN.fullmatch(token) else None
    if found is None or now >= found.until:
        return gone()
    return Shown(HTTPStatus.OK, _html(found.page.language, found.page.title, _said(found, now)))


def gone() -> Shown:
    """In every language, since whose page it was is not known."""
    said = "".join(_paragraph(words.gone(code), code) for code in words.LANGUAGES)
    return Shown(HTTPStatus.NOT_FOUND, _html("en", "404", said))


def _said(summary: Summary, now: datetime) -> str:
    page = summary.page
    order = f"<section>{_paragraph(page.order)}</section>" if page.order else ""
    text = "".join(_paragraph(line) for line in page.text.splitlines() if line.strip())
    back = page.back if now < summary.reopens_until else page.later
    return (
        f"<h1>{escape(page.title)}</h1>{order}<section>{text}</section>"
        f"<section>{_paragraph(page.signed)}</section><footer>{_paragraph(back)}</footer>"
    )


def _paragraph(line: str, language: str | None = None) -> str:
    """In the direction of its language, or else of its own first letter."""
    spoken = f'lang="{language}" dir="{_direction(language)}"' if language else 'dir="auto"'
    return f"<p {spoken}>{escape(line)}</p>"


def _html(language: str, title: str, body: str) -> str:
    return (
        f'<!doctype html>\n<html lang="{escape(language)}" dir="{_direction(language)}"><head>'
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="robots" content="noindex, nofollow">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><main>{body}</main></body></html>\n"
    )


def _direction(language: str) -> str:
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"
