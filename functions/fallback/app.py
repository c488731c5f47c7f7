"""Webhooks that the door could not take. API Gateway put them on a queue by itself, headers as message
attributes, so that a broken deploy loses no customer's text; here they come in by the same way."""

from typing import Any

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from kesher import door, queues, shops, wire
from kesher.settings import at_start, settings
from kesher.telemetry import metrics

processor = BatchProcessor(event_type=EventType.SQS)


@queues.setting_aside
def take(record: SQSRecord) -> None:
    headers = {
        name.lower(): str(each["stringValue"]) for name, each in record["messageAttributes"].items()
    }
    request = wire.Request(
        method="POST",
        url=settings().public_url + headers["path"],
        query="",
        headers=headers,
        body=wire.body_of(record.body, is_base64=False),
    )
    door.take_channel(request, headers["shop"], headers["channel"])


at_start(shops.connect, queues.connect)


@metrics.log_metrics
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    return process_partial_response(
        event=event, record_handler=take, processor=processor, context=context
    )
