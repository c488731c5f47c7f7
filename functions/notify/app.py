"""An order moved; its buyer is told."""

from typing import Any

from aws_lambda_powertools.utilities.batch import SqsFifoPartialProcessor, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from kesher import instant, queues, store, wire, words
from kesher.domain import notice
from kesher.domain.order import OrderEvent
from kesher.settings import at_start
from kesher.telemetry import metrics

processor = SqsFifoPartialProcessor(skip_group_on_error=True)


@queues.setting_aside
@store.retried
def tell(record: SQSRecord) -> None:
    event = wire.read(record.body, OrderEvent)
    shop = store.load_shop(event.shop)
    order = store.load_order(event.shop, event.platform, event.order)
    buyer, overtaken = store.load_buyer(
        event.shop, notice.buyer(order, event), notice.overtaken(order, event)
    )
    known = notice.Situation(order, buyer, overtaken)
    decision = notice.decide(known, event, words.voice(shop), instant.now())
    store.commit(decision, shop)
    queues.announce(decision)


at_start(store.connect, queues.connect)


@metrics.log_metrics
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    return process_partial_response(
        event=event, record_handler=tell, processor=processor, context=context
    )
