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
from kesher.errors import Refusal
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


@schema({}).parametrize()  # type: ignore[untyped-decorator]
@ONE_WORLD
def test_whoever_signs_nothing_hears_what_the_document_says(case: Any, stranger: Stranger) -> None:
    case.call_and_validate(app=Door(stranger, lambda post: post))


@schema(TAKEN_WITH_THANKS | SIGNED).parametrize()  # type: ignore[untyped-decorator]
@ONE_WORLD
def test_whoever_signs_all_hears_what_the_document_says(case: Any, stranger: Stranger) -> None:
    case.call_and_validate(app=Door(stranger, sign(stranger)))


@schema(SIGNED).include(path_regex="generic$").parametrize()  # type: ignore[untyped-decorator]
@ONE_WORLD
def test_an_event_of_another_shape_than_the_document_has_is_refused(
    case: Any, stranger: Stranger
) -> None:
    case.call_and_validate(app=Door(stranger, sign(stranger)))


def test_the_document_has_every_route_of_the_template_and_no_other() -> None:
    routes = template.read("").routes
    described = [
        (method.upper(), re.sub(r"\{\w+\}", "x", path))
        for path, methods in openapi.document()["paths"].items()
        for method in methods
    ]
    met = {
        route.key
        for method, path in described
        for route in routes
        if route.method == method and route.pattern.match(path)
    }
    assert met == {route.key for route in routes}
    for method, path in described:
        assert [r for r in routes if r.method == method and r.pattern.match(path)], path


def test_the_document_has_every_adapter_and_every_refusal() -> None:
    document = openapi.document()
    names = {path.split("/")[4] for path in document["paths"] if path.startswith("/hooks/")}
    assert names == channels.NAMES | platforms.NAMES
    assert set(document["components"]["securitySchemes"]) == names
    kinds = {each.__name__ for each in Refusal.__subclasses__()}
    assert set(document["components"]["responses"]) == kinds
