"""What becomes of a text on its way out: queued, claimed, sent once, recorded.

The one moment no design removes is between the provider's "accepted" and our record of it. So the
attempt is recorded first (`claim`), and a claim whose owner vanished is `unknown`, not free. A
receipt, whose URL carries our id, proves that the text left; failing that the provider is asked;
failing that it depends on what the text is for: a reply or a notice goes once more, a survey or a
promotion never. See `message.py` for the ladder.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from kesher.domain import consent, quiet, sms
from kesher.domain.customer import Customer, MessageClass, derived_id
from kesher.domain.decision import NOTHING, Decision, MayReceive
from kesher.domain.figures import Counted
from kesher.domain.message import RANK, Outbound, ReceiptReceived, Status
from kesher.domain.shop import Shop
from kesher.domain.spending import LOOK_AGAIN, Purse, Spend

LOST_AFTER = timedelta(seconds=60)
"""A queued text nobody has claimed by then has lost its queue message."""
LEASE = timedelta(seconds=60)
"""Longer than any send: the provider gets 13 s, the function 30."""
RETRY_AFTER = tuple(timedelta(seconds=s) for s in (10, 60, 300, 900, 3600, 4 * 3600))


ASK_AFTER = timedelta(minutes=2)
"""A receipt would have come by then; the provider is asked whether it has the text."""
ASK_AT_MOST_EVERY = timedelta(minutes=10)
GIVE_UP_ASKING = timedelta(hours=24)
"""An outage may outlast the text; what became of it is still worth knowing."""
CANNOT_TELL_AFTER = timedelta(minutes=10)
"""Where the provider answers no such question, receipts are waited for so long."""
RESENDS: dict[MessageClass, int] = {
    "conversational": 1,
    "informational": 1,
    "consent": 1,
    "alert": 1,
    "survey": 0,
    "promotional": 0,
}
"""How often a text of a class may leave again when nobody knows whether it has left."""


@dataclass(frozen=True)
class Accepted:
    """The provider has it and will report on this id."""

    provider_id: str
    known: Literal["accepted", "sent", "delivered"] = "accepted"
    """More than that, where the provider reports no more."""


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


@dataclass(frozen=True)
class NotFound:
    """The provider was asked, and has no such text."""


@dataclass(frozen=True)
class CannotTell:
    """The provider answers no such question, to us at least."""

    why: str


SendResult = Accepted | NotAccepted | Refused | NoAnswer
FindResult = Accepted | NotFound | NoAnswer | CannotTell

Outcome = Literal["arrived", "did-not-arrive"]
SETTLES: dict[Outcome, Literal["delivered", "failed"]] = {
    "arrived": "delivered",
    "did-not-arrive": "failed",
}
"""What a person found out, as the ladder has it. What the network reports later may still lift it."""


Claimed = tuple[Outbound, Customer]
Verb = Literal["send", "find"]


@dataclass(frozen=True)
class Claim:
    decision: Decision
    calls: tuple[Claimed, ...] = ()
    """The provider calls this claim allows, one or none: the text as it will have been committed,
    and its customer."""
    verb: Verb = "send"
    """Whether the provider is to be given the text, or asked whether it has it."""
    held: tuple[str, ...] = ()
    """What a person should know of it, one or nothing: `OverBudget`."""


@dataclass(frozen=True)
class Say:
    """A text a room wants said. The same cause always makes the same message."""

    text: str
    message_class: MessageClass
    cause: str
    valid: timedelta


def text_id(customer: str, cause: str) -> str:
    return f"{customer}-{derived_id(customer, cause)}"


def may_be_text_id(said: str) -> bool:
    """Whether it has the shape of an id that `text_id` makes."""
    return re.fullmatch("[0-9a-f]{32}-[0-9a-f]{20}", said) is not None


def queued(say: Say, customer: Customer, shop: Shop, now: datetime) -> Outbound:
    """The text in the outbox as it will be sent, on the way the customer last wrote to us."""
    channel, line = shop.route(customer.channel, customer.line)
    text = sms.plain(say.text)
    plan = sms.plan(text)
    return Outbound(
        id=text_id(customer.id, say.cause),
        shop=shop.shop,
        customer=customer.id,
        channel=channel,
        line=line,
        address=customer.address,
        text=text,
        message_class=say.message_class,
        at=now,
        valid_until=now + say.valid,
        encoding=plan.encoding,
        parts=plan.parts,
        conversation=customer.conversation.id if customer.conversation else None,
        due_at=now + LOST_AFTER,
    )


def withdrawn(message: Outbound) -> Outbound:
    """A text that later news is queued behind. In its turn it may still leave; once it was refused,
    held back or lost, the later news would arrive first, and it expires instead."""
    return replace(message, overtaken=True)


Loaded = Claimed | None
"""A text and the customer it goes to, or None: what an id from outside may well name."""


Budget = tuple[Purse, int] | None
"""The purse a text would be paid from, and what has been taken from it."""


def claim(loaded: Loaded, shop: Shop, *, owner: str, now: datetime, budget: Budget = None) -> Claim:
    """What may be done with this message now, by whoever `owner` is."""
    if loaded is None:
        return Claim(NOTHING)
    message, customer = loaded
    due = message.due_at is not None and message.due_at <= now
    if message.status == "claimed":
        return _found_claimed(message, customer, owner, now)
    if message.status == "unknown" and due:
        return Claim(NOTHING, (loaded,), "find")
    if message.status == "queued" and (due or not (message.attempt or message.held)):
        held = _held_back(message, customer, shop, now)
        return Claim(held) if held else _paid(message, customer, owner, now, budget)
    return Claim(NOTHING)


def _held_back(message: Outbound, customer: Customer, shop: Shop, now: datetime) -> Decision | None:
    """Why a queued text may not leave now, if it may not."""
    if message.message_class in customer.stopped:
        return _settled(message, "suppressed", "opted out")
    missed_its_turn = message.attempt or message.error or (message.due_at or now) <= now
    if now > message.valid_until or (message.overtaken and missed_its_turn):
        return _settled(message, "expired", "no longer worth telling")
    if quiet_until := quiet.until(message.message_class, shop, now):
        return Decision((replace(message, due_at=quiet_until, error="quiet hours"),))
    return None


def _paid(
    message: Outbound, customer: Customer, owner: str, now: datetime, budget: Budget
) -> Claim:
    if budget is None:
        return _claimed(message, customer, owner, now)
    purse, taken = budget
    if taken + message.parts > purse.holds:
        waiting = replace(message, due_at=now + LOOK_AGAIN, error="over the budget")
        return Claim(Decision((waiting,)), held=("OverBudget",))
    claim = _claimed(replace(message, paid_from=purse.name), customer, owner, now)
    spend = Spend(message.shop, purse.name, message.parts, now, purse.holds)
    decision = replace(claim.decision, records=(*claim.decision.records, spend))
    return replace(claim, decision=decision)


def _claimed(message: Outbound, customer: Customer, owner: str, now: datetime) -> Claim:
    claimed = replace(
        message,
        status="claimed",
        attempt=message.attempt + 1,
        owner=owner,
        claimed_at=now,
        due_at=now + LEASE,
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
        return Claim(_doubted(message, "the sender vanished before it could record", now))
    return Claim(NOTHING)


def record(
    loaded: Loaded, result: SendResult | FindResult, *, attempt: int, now: datetime
) -> Decision:
    """What the provider said of attempt number `attempt`, written onto whatever the message has
    become since."""
    if loaded is None:
        return NOTHING
    message, customer = loaded
    if isinstance(result, Accepted):
        return _raised(message, result.known, provider_id=result.provider_id)
    told = {"unknown"} if isinstance(result, NotFound | CannotTell) else {"claimed", "unknown"}
    if message.attempt != attempt or message.status not in told:
        return NOTHING
    match result:
        case NoAnswer():
            decision = _unanswered(message, result.why, now)
        case CannotTell():
            decision = _untold(message, result.why, now)
        case NotFound():
            missing = _once_more(message, "the provider has no such text", "expired", now)
            decision = _given_back(missing)
        case NotAccepted():
            decision = _given_back(_again(message, result, now))
        case Refused():
            decision = _given_back(_refused(message, customer, result, now))
    return decision


def _given_back(decision: Decision) -> Decision:
    """What certainly did not leave has cost nothing."""
    message, *others = decision.records
    if not isinstance(message, Outbound) or message.paid_from is None:
        return decision
    back = Spend(message.shop, message.paid_from, -message.parts, message.claimed_at or message.at)
    return replace(decision, records=(replace(message, paid_from=None), back, *others))


def _refused(message: Outbound, customer: Customer, result: Refused, now: datetime) -> Decision:
    refused = _settled(message, "rejected", result.why)
    proof = consent.Proof("provider", result.why, message.channel, message.id)
    return _with_opt_out(refused, customer, proof, now) if result.opted_out else refused


def _unanswered(message: Outbound, why: str, now: datetime) -> Decision:
    """Asked again, later and later, but often enough to be told while it is true: a provider that
    cannot be asked could not be sent to either."""
    if message.status == "claimed":
        return _doubted(message, why, now)
    asking = now - _tried_at(message)
    if asking >= GIVE_UP_ASKING:
        return _settled(message, "unknown", why)
    wait = min(max(asking, ASK_AFTER), ASK_AT_MOST_EVERY)
    if now < message.valid_until:
        wait = max(min(wait, (message.valid_until - now) / 2), ASK_AFTER)
    return Decision((replace(message, due_at=now + wait, error=why),))


def _untold(message: Outbound, why: str, now: datetime) -> Decision:
    until = _tried_at(message) + CANNOT_TELL_AFTER
    if now < until:
        return Decision((replace(message, due_at=until, error=why),))
    return _once_more(message, why, "unknown", now)


def _tried_at(message: Outbound) -> datetime:
    return message.claimed_at or message.at


def _doubted(message: Outbound, why: str, now: datetime) -> Decision:
    doubted = replace(
        message, status="unknown", doubts=message.doubts + 1, error=why, due_at=now + ASK_AFTER
    )
    return Decision((doubted,))


def _once_more(message: Outbound, why: str, too_late: Status, now: datetime) -> Decision:
    """Sent again, if its class allows another doubt and it is still true; else it stays unknown, on
    the list that a person looks at, or has ended as what it is when it is `too_late`."""
    if message.doubts > RESENDS[message.message_class]:
        return _settled(message, "unknown", why)
    if now > message.valid_until:
        return _settled(message, too_late, why)
    return Decision((replace(message, status="queued", error=why, due_at=now),))


def receipt(loaded: Loaded, received: ReceiptReceived, now: datetime) -> Decision:
    """A provider's report, which may be late, repeated, or earlier than the answer to the send. That
    its customer said stop counts unless they have said otherwise since the text was written."""
    if loaded is None:
        return NOTHING
    message, customer = loaded
    error = received.code if RANK[received.status] >= RANK["rejected"] else None
    decision = _raised(message, received.status, provider_id=received.provider_id, error=error)
    if not received.opted_out or (customer.consent_at and message.at < customer.consent_at):
        return decision
    proof = consent.Proof("receipt", received.code or "", message.channel, message.id)
    return _with_opt_out(decision, customer, proof, now)


def settled_by_hand(
    message: Outbound, outcome: Outcome, *, by: str, now: datetime
) -> Decision | None:
    """What agent `by` found out of a text of which nobody could tell. Nothing where a person has found
    out the same before; None where the text is not waiting for anybody to."""
    status = SETTLES[outcome]
    if message.nobody_can_tell:
        settled = replace(message, status=status, settled_by=by, settled_at=now)
        return Decision((settled, *_arrived(message, settled)))
    return NOTHING if message.settled_by and message.status == status else None


def _again(message: Outbound, result: NotAccepted, now: datetime) -> Decision:
    """Later and later, but never so late that it would no longer be worth telling: it is the claim
    that lets it expire."""
    step = RETRY_AFTER[min(message.attempt, len(RETRY_AFTER)) - 1]
    wait = max(result.retry_after or timedelta(0), min(step, (message.valid_until - now) / 2))
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
    return NOTHING if raised == message else Decision((raised, *_arrived(message, raised)))


def _arrived(before: Outbound, after: Outbound) -> tuple[Counted, ...]:
    """An invitation that is known to have arrived counts, once."""
    if after.invitation is None or before.has_arrived or not after.has_arrived:
        return ()
    return (after.invitation.counted(after.shop, "delivered"),)


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
