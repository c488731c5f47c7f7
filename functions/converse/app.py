"""A customer's text is answered, and a promise that will be missed is owned up to."""

import secrets
from dataclasses import replace
from typing import Any

from aws_lambda_powertools.utilities.batch import SqsFifoPartialProcessor, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from kesher import calendars, instant, queues, store, wire, words
from kesher.domain import answering, converse, proof, taking
from kesher.domain.message import ConversationDue, TextReceived
from kesher.domain.scene import House
from kesher.settings import at_start
from kesher.telemetry import metrics

processor = SqsFifoPartialProcessor(skip_group_on_error=True)


@queues.setting_aside
@store.retried
def answer(record: SQSRecord) -> None:
    event = wire.read_either(record.body, TextReceived, ConversationDue)
    shop = store.load_shop(event.shop)
    customer, orders = store.load_customer(event.shop, event.customer)
    house, now = House(words.voice(shop), calendars.calendar(shop)), instant.now()
    known = converse.Situation(
        customer, orders, store.count_waiting(event.shop), code=proof.drawn(secrets.randbelow)
    )
    sought = store.load_sought(shop, converse.seeks(known, event, house, now), now)
    matters = store.load_matters(event.shop, taking.takes(customer, event, house.voice))
    rated = store.load_matters(event.shop, answering.tells_why(customer, now))
    known = replace(known, sought=sought, matters=matters, rated=rated)
    decision = converse.decide(known, event, house, now)
    store.commit(decision, shop)
    queues.announce(decision)


at_start(store.connect, queues.connect)


@metrics.log_metrics
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    return process_partial_response(
        event=event, record_handler=answer, processor=processor, context=context
    )
