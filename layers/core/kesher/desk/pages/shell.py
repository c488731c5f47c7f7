"""What anybody may have: the page without any data, and its assets. All that is on it is asked for with
a token, piece by piece."""

import hashlib
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from aws_lambda_powertools.utilities.typing import LambdaContext

from kesher.desk.pages import speech
from kesher.desk.pages.show import HTML
from kesher.desk.pages.speech import Tongue
from kesher.desk.problem import Answer
from kesher.desk.serve import Request
from kesher.errors import NotFound
from kesher.settings import settings

ASSETS = Path(__file__).parent / "assets"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
PLAIN = {"x-content-type-options": "nosniff", "referrer-policy": "no-referrer"}


def frame(request: Request, context: LambdaContext) -> Answer:  # noqa: ARG001
    """In the language that the browser asks for."""
    from kesher.desk.pages.render import render  # noqa: PLC0415 (the API does without Jinja)

    wanted = request.headers.get("accept-language", "")
    tongue = Tongue(speech.chosen(*(each.split(";")[0].strip() for each in wanted.split(","))))
    known = settings()
    html = render("shell.html", tongue, release=release(), settings=known)
    headers = PLAIN | {
        "content-security-policy": policy(known.sign_in_url),
        "cache-control": "no-cache",
        "vary": "accept-language",
    }
    return Answer(200, HTML, html, headers)


def policy(sign_in_url: str) -> str:
    """No script and no style but ours; nothing is asked for but from us and where people sign in."""
    where = urlsplit(sign_in_url)
    rules = (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: https:",
        f"connect-src 'self' {where.scheme}://{where.netloc}",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
    return "; ".join(rules)


def asset(request: Request, context: LambdaContext) -> Answer:  # noqa: ARG001
    """Under the name of a release that is not this one, what there is now, not to be kept."""
    name = request.path["file"]
    if name not in assets():
        raise NotFound("no such file")
    kept = request.path["release"] == release()
    keep = "public, max-age=31536000, immutable" if kept else "no-store"
    return Answer(200, TYPES[Path(name).suffix], assets()[name], PLAIN | {"cache-control": keep})


@lru_cache(maxsize=1)
def assets() -> dict[str, str]:
    files = sorted(each for each in ASSETS.iterdir() if each.suffix in TYPES)
    return {each.name: each.read_text(encoding="utf-8") for each in files}


@lru_cache(maxsize=1)
def release() -> str:
    """The name of the assets as they are: another one for every change of any of them."""
    whole = "\0".join(f"{name}\0{text}" for name, text in assets().items())
    return hashlib.sha256(whole.encode()).hexdigest()[:16]
