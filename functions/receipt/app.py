"""A provider reports what became of a text."""

from functools import partial
from typing import Any

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from kesher import instant, queues, store, undelivered, wire
from kesher.domain import outbox
from kesher.domain.message import ReceiptReceived
from kesher.settings import at_start
from kesher.telemetry import metrics

processor = BatchProcessor(event_type=EventType.SQS)


@queues.setting_aside
@store.retried
def note(record: SQSRecord) -> None:
    received = wire.read(record.body, ReceiptReceived)
    shop, now = store.load_shop(received.shop), instant.now()
    decide = partial(outbox.receipt, received=received, now=now)
    decision = undelivered.raising(decide, shop, now)(store.load_reported(received))
    store.commit(decision, shop)
    queues.announce(decision)


at_start(store.connect, queues.connect)


@metrics.log_metrics
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    return process_partial_response(
        event=event, record_handler=note, processor=processor, context=context
    )
