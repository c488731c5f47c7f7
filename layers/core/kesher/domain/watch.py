"""What is worth raising, seen where it happens: a text that is angry, a script that fails, a wait over
the shop's target, a text that did not arrive. Each adds its records to the decision of its room."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

from kesher.domain import escalation, recovery
from kesher.domain.attend import Case
from kesher.domain.calendar import Calendar
from kesher.domain.conversation import Conversation
from kesher.domain.customer import Customer, MessageClass
from kesher.domain.decision import Decision
from kesher.domain.escalation import (
    Escalation,
    NotPossible,
    Occasion,
    TakenByAnother,
    WonBack,
)
from kesher.domain.message import ConversationDue, Outbound, Status, TextReceived
from kesher.domain.outbox import Loaded
from kesher.domain.scene import House
from kesher.domain.shop import Kind, Shop
from kesher.domain.survey import Rating

LOST_AGAIN = timedelta(days=7)
"""A customer whom the script loses twice within so long is a matter for somebody."""
ENDED_BADLY: frozenset[Status] = frozenset({"undelivered", "failed", "rejected"})
EXPECTED: frozenset[MessageClass] = frozenset({"conversational", "informational"})
"""Classes of which a customer misses a text that did not arrive."""


def noticed(
    before: Customer | None,
    event: TextReceived | ConversationDue,
    decision: Decision,
    house: House,
    now: datetime,
) -> Decision:
    """The decision on a text, or on what the clock has brought up, with what it raises."""
    found = _customer(decision) or before
    if found is None or found.conversation is None:
        return decision
    talk = _timed(found.conversation, house, now)
    after = replace(found, conversation=talk)
    rated = _rated(talk, decision, event)
    seen = [*_over(talk, now), *_said(before, after, event, house, now), *rated]
    marked = replace(after, conversation=_marked(talk, seen), lost_at=_lost_at(before, after, now))
    if marked == found:
        return decision
    matters = (escalation.raised(e, marked, house.voice.shop, house.calendar, now) for e in seen)
    return _with(decision, marked, *chain.from_iterable(matters))


def timed(decision: Decision, house: House, now: datetime) -> Decision:
    """The decision with the times by which its conversation's targets are missed."""
    customer = _customer(decision)
    if customer is None or customer.conversation is None:
        return decision
    talk = _timed(customer.conversation, house, now)
    return _with(decision, replace(customer, conversation=talk))


def _timed(talk: Conversation, house: House, now: datetime) -> Conversation:
    rules = house.voice.shop.escalation
    if talk.waiting_since and not talk.over_at and not talk.overdue and "waiting" in rules.kinds:
        minutes = rules.next_minutes if talk.signed else rules.first_minutes
        over_at = house.calendar.add(talk.waiting_since, timedelta(minutes=minutes))
        talk = replace(talk, over_at=over_at)
    hours = rules.resolution_hours
    is_with_people = talk.state in {"waiting", "assigned"}
    if hours and is_with_people and not talk.resolve_by and "resolution" in rules.kinds:
        talk = replace(talk, resolve_by=house.calendar.add(now, timedelta(hours=hours)))
    return talk


def _over(talk: Conversation, now: datetime) -> Iterator[Occasion]:
    if talk.miss_at and talk.miss_at <= now and talk.waiting_since:
        yield Occasion("waiting", wait_of(talk), since=talk.waiting_since)
    if talk.unresolved_at and talk.unresolved_at <= now:
        yield Occasion("resolution", talk.id, since=talk.opened_at)


def wait_of(talk: Conversation) -> str:
    """The occasion of a wait: a conversation may have many."""
    return f"{talk.id}/{(talk.waiting_since or talk.opened_at).isoformat()}"


def _said(
    before: Customer | None,
    after: Customer,
    event: TextReceived | ConversationDue,
    house: House,
    now: datetime,
) -> Iterator[Occasion]:
    talk = after.conversation
    if talk is None or isinstance(event, ConversationDue):
        return
    if house.voice.is_angry(event.text) and "angry" not in talk.raised:
        yield Occasion("angry", talk.id, event.text)
    if _is_failing(before, after, now) and "script_failing" not in talk.raised:
        yield Occasion("script_failing", talk.id, event.text)


def _rated(
    talk: Conversation, decision: Decision, event: TextReceived | ConversationDue
) -> Iterator[Occasion]:
    """A low score, with whatever stood beside it."""
    for each in decision.records:
        is_low = isinstance(each, Rating) and each.is_low and not each.is_late
        if is_low and isinstance(event, TextReceived) and "low_rating" not in talk.raised:
            yield Occasion("low_rating", talk.id, event.text)


def _is_failing(before: Customer | None, after: Customer, now: datetime) -> bool:
    talk = after.conversation
    if talk is None or not _is_newly_lost(before, after):
        return False
    lately = after.lost_at is not None and now - after.lost_at < LOST_AGAIN
    return talk.lost == "limit" or lately


def _is_newly_lost(before: Customer | None, after: Customer) -> bool:
    was = before.conversation if before else None
    now = after.conversation
    if now is None or now.lost is None:
        return False
    return was is None or was.id != now.id or was.lost is None


def _lost_at(before: Customer | None, after: Customer, now: datetime) -> datetime | None:
    return now if _is_newly_lost(before, after) else after.lost_at


def _marked(talk: Conversation, seen: list[Occasion]) -> Conversation:
    """What was raised of it is not raised again."""
    kinds = {each.kind for each in seen}
    once = tuple(sorted(kinds - {"waiting"}))
    return replace(talk, overdue=talk.overdue or "waiting" in kinds, raised=(*talk.raised, *once))


# --- what an agent does at the desk -------------------------------------------------------------------


def touched(before: Customer | None, decision: Decision) -> tuple[str, ...]:
    """The keys of the escalations that what an agent has decided may settle; mostly there are none."""
    after, talk = _customer(decision), before.conversation if before else None
    if before is None or talk is None or after is None or after.conversation is None:
        return ()
    kinds: list[tuple[Kind, str]] = []
    if talk.overdue and not after.conversation.overdue:
        kinds.append(("waiting", wait_of(talk)))
    if after.conversation.state in {"assigned", "closed"}:
        kinds += [(kind, talk.id) for kind in ONCE if kind in talk.raised]
    ids = (escalation.id_of(kind, before.id, occasion) for kind, occasion in kinds)
    return tuple(escalation.key_of(before.id, id) for id in ids)


ONCE: tuple[Kind, ...] = ("angry", "resolution", "script_failing", "low_rating")
"""Kinds that are raised once of a conversation."""


def attended(
    decision: Decision,
    matters: tuple[Escalation, ...],
    case: Case,
    won_back: WonBack | None = None,
) -> Decision:
    """Who waited was answered; whoever attends to an angry or unhappy customer has the matter; and with
    the conversation all of it ends. Raises NotPossible where nobody is there to have been won back."""
    after = _customer(decision)
    talk = after.conversation if after else None
    if talk is None:
        return decision
    if won_back and not any(each.kind == "low_rating" for each in matters):
        raise NotPossible("the score was not low: there is nobody to be won back")
    settled = [_settled(each, talk, case, won_back) for each in matters]
    new = [pair for pair in zip(matters, settled, strict=True) if pair[0] != pair[1]]
    counts = (recovery.counted(*pair, case.house.calendar) for pair in new)
    changed = (one for _, one in new)
    return replace(decision, records=(*decision.records, *changed, *chain.from_iterable(counts)))


def _settled(
    matter: Escalation, talk: Conversation, case: Case, won_back: WonBack | None
) -> Escalation:
    by, now = case.agent.id, case.now
    if matter.kind == "waiting" or not talk.is_open:
        said = won_back if matter.kind == "low_rating" else None
        return escalation.closed(matter, by, now, said)
    if matter.kind == "resolution":
        return matter
    try:
        return escalation.taken(matter, by, "conversation", now)
    except (NotPossible, TakenByAnother):
        return matter


# --- texts that did not arrive ------------------------------------------------------------------------


def undelivered(
    loaded: Loaded, decision: Decision, shop: Shop, calendar: Calendar, now: datetime
) -> tuple[Escalation, ...]:
    """Of a text that has just ended so: one matter a customer and day. That the customer wants none is
    no matter for anybody."""
    if loaded is None:
        return ()
    before, customer = loaded
    ended = [
        each
        for each in decision.records
        if isinstance(each, Outbound)
        and each.status in ENDED_BADLY
        and before.status not in ENDED_BADLY
        and each.message_class in EXPECTED
    ]
    has_stopped = any(isinstance(each, Customer) and each.opted_out for each in decision.records)
    if not ended or has_stopped or customer.opted_out:
        return ()
    day = now.astimezone(ZoneInfo(shop.timezone)).date().isoformat()
    occasion = Occasion("undeliverable", day, ended[0].text, before.at)
    return escalation.raised(occasion, customer, shop, calendar, now)


def _customer(decision: Decision) -> Customer | None:
    return next((each for each in decision.records if isinstance(each, Customer)), None)


def _with(decision: Decision, customer: Customer, *matters: Escalation) -> Decision:
    """In place of the decision's own, if it has one."""
    others = tuple(each for each in decision.records if not isinstance(each, Customer))
    return replace(decision, records=(*others, customer, *matters))
