"""A text leaves: claimed, handed to its provider once, and what the provider said recorded."""

from functools import partial
from typing import Any
from uuid import uuid4

from aws_lambda_powertools.utilities.batch import SqsFifoPartialProcessor, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from kesher import channels, instant, queues, store, undelivered, wire
from kesher.domain import outbox, spending
from kesher.domain.message import Outbound
from kesher.domain.outbox import FindResult, SendResult, Verb
from kesher.domain.shop import Shop
from kesher.settings import at_start, settings
from kesher.telemetry import metrics
from kesher.wire import OutboxDue

processor = SqsFifoPartialProcessor(skip_group_on_error=True)


@queues.setting_aside
def send(letter: SQSRecord) -> None:
    due = wire.read(letter.body, OutboxDue)
    shop = store.load_shop(due.shop)
    claimed = claim(due, shop, uuid4().hex)
    queues.announce(claimed.decision)
    for held in claimed.held:
        metrics.add_metric(name=held, unit="Count", value=1)
    for loaded in claimed.calls:
        message, _ = loaded
        result, now = ask(claimed.verb, shop, message), instant.now()
        record = partial(outbox.record, result=result, attempt=message.attempt, now=now)
        reload = partial(store.load_outbound, due.shop, due.message)
        decision = store.settle(loaded, undelivered.raising(record, shop, now), reload, shop)
        queues.announce(decision)


@store.retried
def claim(due: OutboxDue, shop: Shop, owner: str) -> outbox.Claim:
    now = instant.now()
    purse = spending.purse(shop, due.message, now)
    loaded, budget = store.load_claimable(due.shop, due.message, purse)
    claim = outbox.claim(loaded, shop, owner=owner, now=now, budget=budget)
    store.commit(claim.decision, shop)
    return claim


def ask(verb: Verb, shop: Shop, message: Outbound) -> SendResult | FindResult:
    hooks = f"{settings().public_url}/hooks/{shop.shop}/channels/{message.channel}"
    result = channels.ask(verb, shop.door, message, f"{hooks}/receipts/{message.id}")
    metrics.add_metric(name=type(result).__name__, unit="Count", value=1)
    return result


at_start(store.connect, queues.connect)


@metrics.log_metrics
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    return process_partial_response(
        event=event, record_handler=send, processor=processor, context=context
    )
