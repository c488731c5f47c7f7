"""What nobody has taken climbs its ladder: the next of the shop's people are alerted of it."""

from typing import Any

from aws_lambda_powertools.utilities.batch import SqsFifoPartialProcessor, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from kesher import calendars, instant, queues, store, wire, words
from kesher.domain import ladder
from kesher.domain.alert import Here
from kesher.domain.message import EscalationDue
from kesher.domain.scene import House
from kesher.settings import at_start, settings
from kesher.telemetry import metrics

processor = SqsFifoPartialProcessor(skip_group_on_error=True)


@queues.setting_aside
@store.retried
def climb(record: SQSRecord) -> None:
    due = wire.read(record.body, EscalationDue)
    shop = store.load_shop(due.shop)
    house, now = House(words.voice(shop), calendars.calendar(shop)), instant.now()
    step = ladder.step(store.load_known(due.shop, due.escalation), house, now)
    people = store.load_recipients(due.shop, ladder.recipients(step, shop))
    decision = ladder.decide(step, people, Here(house, f"{settings().public_url}/desk", now))
    store.commit(decision, shop)
    queues.announce(decision)
    for name in step.counts:
        metrics.add_metric(name=name, unit="Count", value=1)


at_start(store.connect, queues.connect)


@metrics.log_metrics
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    return process_partial_response(
        event=event, record_handler=climb, processor=processor, context=context
    )
