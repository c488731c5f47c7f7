"""What was agreed with a customer, shown to who has the link."""

from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.utilities.typing import LambdaContext

from kesher import instant, store, summary
from kesher.settings import at_start

api = APIGatewayHttpResolver()


@api.get("/t/<token>")
def read(token: str) -> Response[str]:
    return _respond(summary.shown(token, instant.now()))


@api.not_found
def unrouted(_: NotFoundError) -> Response[str]:
    """A token may have characters that the resolver knows no path with."""
    return _respond(summary.gone())


at_start(store.connect)


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return api.resolve(event, context)


def _respond(page: summary.Shown) -> Response[str]:
    return Response(page.status, summary.CONTENT_TYPE, page.html, dict(summary.HEADERS))
