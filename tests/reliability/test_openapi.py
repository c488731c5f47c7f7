"""The published OpenAPI document is true: schemathesis posts what it describes, and what it does not,
to the running system. Once as strangers do, unsigned; once as the shop's own providers."""

import re
from collections.abc import Callable, Iterable
from typing import Any

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig
from werkzeug.wrappers import Request, Response

from kesher import channels, platforms
from kesher.errors import AtTheDesk, Refusal
from local import openapi, template
from tests.reliability.senders import Post, signed
from tests.reliability.stranger import Stranger

OFF = {"enabled": False}
NEVER = {
    # API Gateway answers a method of no route with 404, and knows no 405.
    "unsupported_method": OFF,
    # A phone number must be possible, an amount have a currency: no schema says all of it.
    "positive_data_acceptance": OFF,
}
TAKEN_WITH_THANKS = {"negative_data_rejection": OFF}
"""Most bodies are, since most events are of no interest; and a form may hold anything."""
SIGNED = {"ignored_auth": OFF, "missing_required_header": OFF}
"""These look for requests without a signature, and here all have one."""
Route = tuple[str, str]
"""Method and path."""
ONE_WORLD = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def schema(checks: dict[str, Any]) -> Any:
    """The same cases in every run, for the demo shop."""
    config = SchemathesisConfig.from_dict(
        {
            "generation": {"deterministic": True, "max-examples": 30, "database": "none"},
            "checks": NEVER | checks,
            "parameters": {"path.shop": "demo"},
        }
    )
    return schemathesis.openapi.from_dict(openapi.document(), config=config)


class Door:
    """WSGI in front of the stranger; `sign` is what they can do."""

    def __init__(self, stranger: Stranger, sign: Callable[[Post], Post]) -> None:
        self.stranger, self.sign = stranger, sign

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        headers = {name.lower(): value for name, value in request.headers.items()}
        query = request.query_string.decode("latin-1")
        post = Post(request.path, request.get_data(), headers, request.method, query)
        answer = self.stranger.answered(self.sign(post))
        return Response(answer.body, answer.status, answer.headers)(environ, start_response)


def sign(stranger: Stranger) -> Callable[[Post], Post]:
    """As whose route it is."""

    def signing(post: Post) -> Post:
        sender = re.search(r"/(?:channels|platforms)/(\w+)", post.path)
        return signed(sender[1], post, stranger.machine.clock.now()) if sender else post

    return signing


def told_the_truth(route: Route, checks: dict[str, Any], *, signing: bool) -> Callable[..., None]:
    method, path = route

    @schema(checks).include(path=path, method=method).parametrize()  # type: ignore[untyped-decorator]
    @ONE_WORLD
    def hears(case: Any, stranger: Stranger) -> None:
        case.call_and_validate(app=Door(stranger, sign(stranger) if signing else lambda post: post))

    test: Callable[..., None] = hears
    return test


def routes() -> list[Route]:
    paths = openapi.document()["paths"]
    return [(method.upper(), path) for path, methods in paths.items() for method in methods]


# A function each: schemathesis gives all routes of one function the same node id, of which
# pytest-xdist would run only one.
for _route in routes():
    _label = re.sub(r"\W+", "_", " ".join(_route)).lower()
    _checks = SIGNED | ({} if "generic" in _label else TAKEN_WITH_THANKS)
    globals()[f"test_unsigned_{_label}"] = told_the_truth(_route, {}, signing=False)
    globals()[f"test_signed_{_label}"] = told_the_truth(_route, _checks, signing=True)


def test_every_route_is_tried_both_ways() -> None:
    tried = {each for each in globals() if each.startswith(("test_unsigned_", "test_signed_"))}
    assert len(tried) == 2 * len(routes())


def test_the_document_has_every_route_of_the_template_and_no_other() -> None:
    """The desk has a document of its own."""
    of_template = [each for each in template.read("").routes if " /desk" not in each.key]
    described = [(method, re.sub(r"\{\w+\}", "x", path)) for method, path in routes()]
    met = {
        route.key
        for method, path in described
        for route in of_template
        if route.method == method and route.pattern.match(path)
    }
    assert met == {route.key for route in of_template}
    for method, path in described:
        assert [r for r in of_template if r.method == method and r.pattern.match(path)], path


def test_the_document_has_every_adapter_and_every_refusal() -> None:
    document = openapi.document()
    names = {path.split("/")[4] for path in document["paths"] if path.startswith("/hooks/")}
    assert names == (channels.NAMES - channels.ONLY_SEND) | platforms.NAMES
    assert set(document["components"]["securitySchemes"]) == names
    kinds = {each.__name__ for each in Refusal.__subclasses__() if each is not AtTheDesk}
    assert set(document["components"]["responses"]) == kinds
