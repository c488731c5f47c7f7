"""The public door: messaging providers and shop platforms post here, and are answered at once."""

from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from kesher import __version__, door, queues, shops, wire
from kesher.channels.base import Answer
from kesher.errors import NotFound, Refusal
from kesher.settings import at_start, settings
from kesher.telemetry import logger, metrics

api = APIGatewayHttpResolver()


@api.route("/hooks/<shop>/channels/<channel>", method=["GET", "POST"])
def channel_hook(shop: str, channel: str) -> Response[str]:
    return _respond(door.take_channel(_request(), shop, channel))


@api.post("/hooks/<shop>/channels/<channel>/receipts/<message>")
def receipt_hook(shop: str, channel: str, message: str) -> Response[str]:
    return _respond(door.take_channel(_request(), shop, channel, message))


@api.post("/hooks/<shop>/platforms/<platform>")
def platform_hook(shop: str, platform: str) -> Response[str]:
    return _respond(door.take_platform(_request(), shop, platform))


@api.get("/health")
def health() -> dict[str, str]:
    return {"status": "ok", "version": __version__}


@api.exception_handler(Refusal)  # type: ignore[untyped-decorator]
def refuse(refusal: Refusal) -> Response[str]:
    return _refused(refusal)


@api.not_found
def refuse_route(_: Exception) -> Response[str]:
    """API Gateway's idea of what a path may hold is wider than the resolver's."""
    return _refused(NotFound("no such route"))


at_start(shops.connect, queues.connect)


@metrics.log_metrics
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return api.resolve(event, context)


def _request() -> wire.Request:
    event = api.current_event
    return wire.Request(
        method=event.http_method,
        url=settings().public_url + event["rawPath"],
        query=str(event["rawQueryString"]),
        headers={name.lower(): value for name, value in event.headers.items()},
        body=wire.body_of(event.body, is_base64=bool(event.is_base64_encoded)),
    )


def _respond(answer: Answer) -> Response[str]:
    return Response(answer.status, answer.content_type, answer.body)


def _refused(refusal: Refusal) -> Response[str]:
    logger.info("refused", extra={"status": refusal.status, "why": type(refusal).__name__})
    metrics.add_metric(name="WebhookRefused", unit="Count", value=1)
    return Response(refusal.status, "application/json", wire.error(str(refusal)))
