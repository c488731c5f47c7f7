"""A page served: by the same hands as the API's answers, and refused in the person's own words."""

import hashlib
from dataclasses import replace

import msgspec
from aws_lambda_powertools.utilities.typing import LambdaContext

from kesher import wire
from kesher.desk import problem, serve
from kesher.desk.pages import speech
from kesher.desk.pages.page import Page, View
from kesher.desk.pages.speech import Speech, Tongue
from kesher.desk.problem import Answer
from kesher.desk.route import Asked, Given
from kesher.desk.serve import Request
from kesher.errors import Held, Refusal, Unreadable

HTML = "text/html; charset=utf-8"
GUARDED = {
    "content-security-policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}
LANGUAGE = "kesher-language"
"""A request's header: the language that its person has switched to."""
DONE = "kesher:done"
"""What the page hears of once something was done; it looks again then."""


def connect() -> None:
    """Imports what only pages need and compiles them, so that SnapStart's picture has it."""
    from kesher.desk.pages import render  # noqa: PLC0415

    render.connect()


def show(page: Page, request: Request, context: LambdaContext) -> Answer:
    """Raises Refusal."""
    if page.route.method == "POST":
        return _post(page, request, context)
    asked = serve.asked_by(request, page.route)
    seen = request.headers.get("if-none-match", "")
    if seen and page.is_unchanged(asked, seen):
        return _unchanged(asked, seen)
    told = _speech(asked, request)
    view = page.view(serve.got(page.route, asked).body, asked, told)
    html = _rendered(view, told)
    etag = view.etag or f'"{hashlib.sha256(html.encode()).hexdigest()[:24]}"'
    return _unchanged(asked, etag) if etag == seen else _shown(asked, html, etag)


def _post(page: Page, request: Request, context: LambdaContext) -> Answer:
    """The form as the API's JSON. What is left empty is not said."""
    form = {name: each for name, each in wire.read_form(request.body).items() if each}
    body = _as_json(form, page.route.takes) if page.route.takes else b""
    asked = serve.asked_by(replace(request, body=body), page.route)
    serve.posted(page.route, asked, context)
    return Answer(204, HTML, "", GUARDED | {"hx-trigger": DONE})


def _as_json(form: dict[str, str], takes: type[Given]) -> bytes:
    """Where a form says `true`, the API has it true."""
    try:
        return msgspec.json.encode(msgspec.convert(form, takes, strict=False))
    except msgspec.ValidationError as error:
        raise Unreadable(f"the form: {error}") from error


def _shown(asked: Asked, html: str, etag: str) -> Answer:
    return Answer(200, HTML, html, GUARDED | {"etag": etag, "kesher-now": asked.now.isoformat()})


def _unchanged(asked: Asked, etag: str) -> Answer:
    return Answer(304, HTML, "", GUARDED | {"etag": etag, "kesher-now": asked.now.isoformat()})


def _speech(asked: Asked, request: Request) -> Speech:
    language = speech.of_agent(asked.agent, asked.shop, request.headers.get(LANGUAGE))
    return Speech(language, asked.shop, asked.now)


def _rendered(view: View, tongue: Tongue) -> str:
    from kesher.desk.pages.render import render  # noqa: PLC0415 (the API does without Jinja)

    return render(view.template, tongue, **view.values)


def refused(refusal: Refusal, request: Request) -> Answer:
    who = {"who": refusal.holder} if isinstance(refusal, Held) else {}
    said = _says(refusal.status, problem.code(type(refusal)), request, who)
    return replace(said, headers={**said.headers, **refusal.headers})


def broken(request: Request) -> Answer:
    return _says(500, problem.BROKEN, request, {})


def _says(status: int, code: str, request: Request, values: dict[str, str]) -> Answer:
    tongue = Tongue(speech.chosen(request.headers.get(LANGUAGE)))
    said = tongue.say(_refusal(code, request, tongue), **values)
    html = _rendered(View("refused.html", {"said": said, "code": code}), tongue)
    return Answer(status, HTML, html, GUARDED)


def _refusal(code: str, request: Request, tongue: Tongue) -> str:
    """Its word: one of the place's own, where it has any."""
    word, place = f"refused_{code.replace('-', '_')}", request.url.split("/")[3:4]
    own = f"{word}_{''.join(place)}"
    return own if tongue.knows(own) else word
