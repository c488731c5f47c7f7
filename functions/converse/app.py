"""A customer's text is answered."""

from typing import Any

from aws_lambda_powertools.utilities.batch import SqsFifoPartialProcessor, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from kesher import instant, queues, store, wire, words
from kesher.domain import converse
from kesher.domain.message import TextReceived
from kesher.settings import at_start
from kesher.telemetry import metrics

processor = SqsFifoPartialProcessor(skip_group_on_error=True)


@queues.setting_aside
@store.retried
def answer(record: SQSRecord) -> None:
    received = wire.read(record.body, TextReceived)
    shop = store.load_shop(received.shop)
    customer, orders = store.load_customer(received.shop, received.customer)
    decision = converse.decide(customer, orders, received, words.voice(shop), instant.now())
    store.commit(decision, shop)
    queues.announce(decision)


at_start(store.connect, queues.connect)


@metrics.log_metrics
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    return process_partial_response(
        event=event, record_handler=answer, processor=processor, context=context
    )
