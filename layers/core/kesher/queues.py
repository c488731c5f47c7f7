"""Events put on queues. Groups keep what belongs together in order and everything else apart: texts
and sends of one customer, events of one order."""

import hashlib
from collections.abc import Callable
from functools import wraps

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from kesher import sdk, wire
from kesher.domain.decision import Decision
from kesher.domain.message import (
    ConversationDue,
    EscalationDue,
    Outbound,
    ReceiptReceived,
    SurveyDue,
    TextReceived,
)
from kesher.domain.order import OrderEvent
from kesher.errors import Unreadable
from kesher.settings import settings


def send(event: wire.Event) -> None:
    """To the queue of its kind. FIFO queues also drop what was sent within the last five minutes
    under the same deduplication id; nothing relies on it."""
    url, group, deduplication = _address(event)
    fifo = {"MessageGroupId": _id(group), "MessageDeduplicationId": _id(deduplication)}
    sdk.client("sqs").send_message(
        QueueUrl=url, MessageBody=wire.write(event), **(fifo if url.endswith(".fifo") else {})
    )


def setting_aside(room: Callable[[SQSRecord], None]) -> Callable[[SQSRecord], None]:
    """What the room cannot read goes to its queue's dead letters at once: it will not become readable,
    and everything behind it in its group would wait for 18 minutes."""

    @wraps(room)
    def reading(record: SQSRecord) -> None:
        try:
            room(record)
        except Unreadable as error:
            _set_aside(record, str(error))

    return reading


def _set_aside(record: SQSRecord, why: str) -> None:
    name = record.event_source_arn.rpartition(":")[2]
    group = record.attributes.message_group_id
    fifo = {"MessageGroupId": group, "MessageDeduplicationId": record.message_id} if group else {}
    sdk.client("sqs").send_message(
        QueueUrl=_dead_letters(name),
        MessageBody=record.body,
        MessageAttributes={"why": {"DataType": "String", "StringValue": why}},
        **fifo,
    )


def _dead_letters(queue: str) -> str:
    """`.../kesher-messages-dead.fifo` of `kesher-messages.fifo`: a rule of the template."""
    beside = settings().outbox_queue_url.rpartition("/")[0]
    bare, fifo = queue.removesuffix(".fifo"), queue.endswith(".fifo")
    return f"{beside}/{bare}-dead{'.fifo' if fifo else ''}"


def connect() -> None:
    sdk.client("sqs")


def announce(decision: Decision) -> None:
    """Tells the send room of the texts a decision owes, and the ladder's of what it raises and of
    alerts that came to nothing. If this is lost, the clock tells them."""
    for message in decision.owed:
        send(wire.OutboxDue(message.shop, message.id))
    for matter in decision.raised:
        send(EscalationDue(matter.shop, matter.key, matter.raised_at.isoformat()))
    for alert in decision.unheard:
        for key in alert.matters:
            send(EscalationDue(alert.shop, key, f"{alert.id}/{alert.status}/{alert.attempt}"))


def announce_again(messages: tuple[Outbound, ...]) -> None:
    """Tells it of texts that are in the outbox already: the send room looks at what became of them."""
    for message in messages:
        send(wire.OutboxDue(message.shop, message.id))


def _address(event: wire.Event) -> tuple[str, str, str]:
    here = settings()
    if isinstance(event, TextReceived):
        identity = f"{event.shop}/{event.channel}/{event.id}"
        return here.messages_queue_url, f"{event.shop}/{event.customer}", identity
    if isinstance(event, ConversationDue | SurveyDue):
        is_survey, group = isinstance(event, SurveyDue), f"{event.shop}/{event.customer}"
        url = here.surveys_queue_url if is_survey else here.messages_queue_url
        return url, group, f"{group}/{event.due}"
    if isinstance(event, OrderEvent):
        order = f"{event.shop}/{event.platform}/{event.order}"
        return here.orders_queue_url, order, f"{order}/{event.id}"
    if isinstance(event, ReceiptReceived):
        return here.receipts_queue_url, "", ""
    if isinstance(event, EscalationDue):
        group = f"{event.shop}/{event.escalation.partition('-')[0]}"
        return here.escalations_queue_url, group, f"{event.escalation}/{event.due}"
    customer = event.message.partition("-")[0]
    return here.outbox_queue_url, f"{event.shop}/{customer}", f"{event.message}/{event.due}"


def _id(value: str) -> str:
    """SQS takes 128 ASCII characters; ids of the outside world may be anything."""
    return hashlib.sha256(value.encode("utf-8", "replace")).hexdigest()
