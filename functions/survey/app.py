"""A customer is asked how it was, or asked no more."""

from typing import Any

from aws_lambda_powertools.utilities.batch import SqsFifoPartialProcessor, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from kesher import calendars, instant, queues, store, wire, words
from kesher.domain import inviting
from kesher.domain.message import SurveyDue
from kesher.domain.scene import House
from kesher.settings import at_start
from kesher.telemetry import metrics

processor = SqsFifoPartialProcessor(skip_group_on_error=True)


@queues.setting_aside
@store.retried
def ask(record: SQSRecord) -> None:
    event = wire.read(record.body, SurveyDue)
    shop = store.load_shop(event.shop)
    customer, _ = store.load_buyer(event.shop, event.customer, ())
    house = House(words.voice(shop), calendars.calendar(shop))
    decision = inviting.decide(customer, house, instant.now())
    store.commit(decision, shop)
    queues.announce(decision)


at_start(store.connect, queues.connect)


@metrics.log_metrics
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    return process_partial_response(
        event=event, record_handler=ask, processor=processor, context=context
    )
