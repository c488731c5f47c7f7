"""The desk: the shop's people ask, and are answered by what is stored."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.utilities.typing import LambdaContext

from kesher import desk, queues, store, wire
from kesher.errors import Refusal
from kesher.settings import at_start
from kesher.store import posts
from kesher.telemetry import logger, metrics

api = APIGatewayHttpResolver()
NONE: Mapping[str, str] = MappingProxyType({})


def serving(endpoint: desk.Endpoint) -> Callable[..., Response[str]]:
    def served(**path: str) -> Response[str]:
        return _respond(endpoint.answer(_request(path, _body()), api.lambda_context))

    return served


for each in desk.ENDPOINTS:
    path = each.path.replace("{", "<").replace("}", ">")
    api.route(path, method=each.method)(serving(each))


@api.exception_handler(Refusal)  # type: ignore[untyped-decorator]
def refuse(refusal: Refusal) -> Response[str]:
    logger.info("refused", extra={"status": refusal.status, "why": type(refusal).__name__})
    return _respond(desk.refused(refusal, _request()))


@api.not_found
def unrouted(_: NotFoundError) -> Response[str]:
    return _respond(desk.unrouted(_request()))


@api.exception_handler(Exception)  # type: ignore[untyped-decorator]
def unexpected(_: Exception) -> Response[str]:
    logger.exception("failed")
    metrics.add_metric(name="DeskFailed", unit="Count", value=1)
    return _respond(desk.broken(_request()))


at_start(store.connect, posts.connect, queues.connect, desk.connect_pages)


@metrics.log_metrics
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return api.resolve(event, context)


def _request(path: Mapping[str, str] = NONE, body: bytes = b"") -> desk.Request:
    event = api.current_event
    raw = event.raw_event
    return desk.Request(
        claims=raw["requestContext"].get("authorizer", {}).get("jwt", {}).get("claims", {}),
        method=event.http_method,
        url=event.path,
        path=path,
        query=raw.get("queryStringParameters", {}),
        headers={name.lower(): value for name, value in event.headers.items()},
        body=body,
    )


def _body() -> bytes:
    event = api.current_event
    return wire.body_of(event.body, is_base64=bool(event.is_base64_encoded))


def _respond(answer: desk.Answer) -> Response[str]:
    return Response(answer.status, answer.content_type, answer.body, dict(answer.headers))
