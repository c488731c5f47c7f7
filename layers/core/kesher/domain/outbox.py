"""What becomes of a text on its way out: queued, claimed, sent once, recorded.

The one moment no design removes is between the provider's "accepted" and our record of it. So the
attempt is recorded first (`claim`), and a claim whose owner vanished is `unknown`, not free: only a
receipt, whose URL carries our id, proves that the text left. See `message.py` for the ladder.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from kesher.domain import consent, sms
from kesher.domain.customer import Customer, MessageClass, derived_id
from kesher.domain.decision import NOTHING, Decision, MayReceive
from kesher.domain.message import RANK, Outbound, ReceiptReceived, Status
from kesher.domain.shop import Shop

LOST_AFTER = timedelta(seconds=60)
"""A queued text nobody has claimed by then has lost its queue message."""
LEASE = timedelta(seconds=60)
"""Longer than any send: the provider gets 13 s, the function 30."""
RETRY_AFTER = tuple(timedelta(seconds=s) for s in (10, 60, 300, 900, 3600, 4 * 3600))


@dataclass(frozen=True)
class Accepted:
    """The provider has it and will report on this id."""

    provider_id: str


@dataclass(frozen=True)
class NotAccepted:
    """The provider certainly does not have it, and may take it later."""

    why: str
    retry_after: timedelta | None = None


@dataclass(frozen=True)
class Refused:
    """The provider certainly does not have it, and never will."""

    why: str
    opted_out: bool = False


@dataclass(frozen=True)
class NoAnswer:
    """The provider may have it."""

    why: str


SendResult = Accepted | NotAccepted | Refused | NoAnswer


Claimed = tuple[Outbound, Customer]


@dataclass(frozen=True)
class Claim:
    decision: Decision
    calls: tuple[Claimed, ...] = ()
    """The provider calls this claim allows, one or none: the text as it will have been committed,
    and its customer."""


@dataclass(frozen=True)
class Say:
    """A text a room wants said. The same cause always makes the same message."""

    text: str
    message_class: MessageClass
    cause: str
    valid: timedelta


def text_id(customer: str, cause: str) -> str:
    return f"{customer}-{derived_id(customer, cause)}"


def queued(say: Say, customer: Customer, shop: Shop, now: datetime) -> Outbound:
    """The text in the outbox, on the way the customer last wrote to us."""
    channel, line = shop.route(customer.channel, customer.line)
    plan = sms.plan(say.text)
    return Outbound(
        id=text_id(customer.id, say.cause),
        shop=shop.shop,
        customer=customer.id,
        channel=channel,
        line=line,
        address=customer.address,
        text=say.text,
        message_class=say.message_class,
        at=now,
        valid_until=now + say.valid,
        encoding=plan.encoding,
        parts=plan.parts,
        conversation=customer.conversation.id if customer.conversation else None,
        due_at=now + LOST_AFTER,
    )


def withdrawn(message: Outbound, now: datetime) -> Outbound:
    """A text that is no longer true. If it has not left by now, it will expire instead."""
    return replace(message, valid_until=min(message.valid_until, now))


Loaded = Claimed | None
"""A text and the customer it goes to, or None: what an id from outside may well name."""


def claim(loaded: Loaded, *, owner: str, now: datetime) -> Claim:
    """What may be done with this message now, by whoever `owner` is."""
    if loaded is None:
        return Claim(NOTHING)
    message, customer = loaded
    if message.status == "claimed":
        return _found_claimed(message, customer, owner, now)
    if message.status != "queued" or (message.attempt and message.due_at and message.due_at > now):
        return Claim(NOTHING)
    if message.message_class in customer.stopped:
        return Claim(_settled(message, "suppressed", "opted out"))
    if now > message.valid_until:
        return Claim(_settled(message, "expired", "no longer worth telling"))
    claimed = replace(
        message, status="claimed", attempt=message.attempt + 1, owner=owner, due_at=now + LEASE
    )
    allowed = MayReceive(message.shop, message.customer, message.message_class)
    committed = replace(claimed, version=claimed.version + 1)
    return Claim(Decision((claimed,), (allowed,)), ((committed, customer),))


def _found_claimed(message: Outbound, customer: Customer, owner: str, now: datetime) -> Claim:
    """Our own claim, whose answer was lost on the way back, holds. Another's holds for its lease;
    after that nobody can know whether the text has left."""
    if message.owner == owner:
        return Claim(NOTHING, ((message, customer),))
    if message.due_at and message.due_at <= now:
        return Claim(_settled(message, "unknown", "the sender vanished before it could record"))
    return Claim(NOTHING)


def record(loaded: Loaded, result: SendResult, *, attempt: int, now: datetime) -> Decision:
    """The provider's answer to attempt number `attempt`, written onto whatever the message has
    become since."""
    if loaded is None:
        return NOTHING
    message, customer = loaded
    if isinstance(result, Accepted):
        return _raised(message, "accepted", provider_id=result.provider_id)
    if message.attempt != attempt or RANK[message.status] > RANK["unknown"]:
        return NOTHING
    if isinstance(result, NoAnswer):
        return _settled(message, "unknown", result.why)
    if isinstance(result, NotAccepted):
        return _again(message, result, now)
    refused = _settled(message, "rejected", result.why)
    proof = consent.Proof("provider", evidence=result.why, message=message.id)
    return _with_opt_out(refused, customer, proof, now) if result.opted_out else refused


def receipt(loaded: Loaded, received: ReceiptReceived, now: datetime) -> Decision:
    """A provider's report, which may be late, repeated, or earlier than the answer to the send."""
    if loaded is None:
        return NOTHING
    message, customer = loaded
    error = received.code if RANK[received.status] >= RANK["rejected"] else None
    decision = _raised(message, received.status, provider_id=received.provider_id, error=error)
    if not received.opted_out:
        return decision
    proof = consent.Proof("receipt", evidence=received.code or "", message=message.id)
    return _with_opt_out(decision, customer, proof, now)


def _again(message: Outbound, result: NotAccepted, now: datetime) -> Decision:
    if message.attempt > len(RETRY_AFTER):
        return _settled(message, "rejected", f"given up: {result.why}")
    wait = max(result.retry_after or timedelta(0), RETRY_AFTER[message.attempt - 1])
    return Decision((replace(message, status="queued", error=result.why, due_at=now + wait),))


def _raised(
    message: Outbound, status: Status, *, provider_id: str | None, error: str | None = None
) -> Decision:
    higher = RANK[status] > RANK[message.status]
    raised = replace(
        message,
        status=status if higher else message.status,
        due_at=None,
        provider_id=message.provider_id or provider_id,
        error=error if higher else message.error,
    )
    return NOTHING if raised == message else Decision((raised,))


def _settled(message: Outbound, status: Status, why: str) -> Decision:
    return Decision((replace(message, status=status, error=why, due_at=None),))


def _with_opt_out(
    decision: Decision, customer: Customer, proof: consent.Proof, now: datetime
) -> Decision:
    """A provider that refuses because its customer said stop has told us what we did not hear."""
    if customer.opted_out:
        return decision
    return replace(
        decision, records=decision.records + consent.change(customer, "opt-out", proof, now)
    )
