"""A matter that reaches the shop's people by itself, and who has it.

    open      nobody has it: people are alerted, rung by rung of the ladder
    taken     somebody has it, and nobody else is alerted
    nobody    all were alerted and none took it; the desk shows it, and it may still be taken
    closed    it is no more

It only goes upwards: `TRANSITIONS` is all that can happen to it. It lies with its customer, and its
id is made of what it is about, so that one matter is raised once.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from kesher.domain.calendar import Calendar
from kesher.domain.customer import Customer, derived_id
from kesher.domain.shop import Kind, Shop

State = Literal["open", "taken", "nobody", "closed"]
Happening = Literal["alert", "take", "give up", "close"]
How = Literal["text", "desk", "conversation"]
"""Taken by a reply to the alert, at the desk, or by attending to the customer."""
WonBack = Literal["yes", "no", "unknown"]
"""Whether a customer who gave a low score is content now. Nobody has to know."""

TRANSITIONS: dict[tuple[State, Happening], State] = {
    ("open", "alert"): "open",
    ("open", "take"): "taken",
    ("open", "give up"): "nobody",
    ("open", "close"): "closed",
    ("nobody", "take"): "taken",
    ("nobody", "close"): "closed",
    ("taken", "close"): "closed",
}

LONGEST_ABOUT = 160
"""Characters that are kept of what the customer said."""


class NotPossible(ValueError):
    """It is not in a state in which this can happen."""


class TakenByAnother(ValueError):
    """Somebody has it already; says who by their id."""


@dataclass(frozen=True)
class Occasion:
    """What has happened."""

    kind: Kind
    name: str
    """The same for the same occasion: a conversation, a wait in it, a day, a survey."""
    about: str = ""
    since: datetime | None = None


@dataclass(frozen=True)
class Alerted:
    who: str
    """An agent's id, or the channel of a room."""
    message: str
    """The id of the alert."""
    at: datetime


@dataclass(frozen=True)
class Recovery:
    """What is known of an unhappy customer when the matter ends, or later."""

    won_back: WonBack
    by: str
    """The agent who says so."""
    at: datetime


@dataclass(frozen=True)
class Escalation:
    id: str
    shop: str
    customer: str
    kind: Kind
    raised_at: datetime
    who: str
    """The customer's first name, or the end of their number."""
    about: str = ""
    """Their words, their rating, or the text that failed."""
    conversation: str | None = None
    team: str | None = None
    agent: str | None = None
    """Who had the customer when it was raised, or had them last."""
    since: datetime | None = None
    """When that began which it is about."""
    urgent: bool = False
    state: State = "open"
    rung: int = 0
    """The first one of the ladder that was not alerted yet."""
    alerted: tuple[Alerted, ...] = ()
    next_at: datetime | None = None
    """When the next rung is alerted, if nobody takes it."""
    taken_by: str | None = None
    taken_at: datetime | None = None
    how: How | None = None
    closed_by: str | None = None
    """The agent; nobody, where it came to its end by itself."""
    closed_at: datetime | None = None
    recovery: Recovery | None = None
    """Of a low rating that somebody has closed."""
    version: int = 0

    @property
    def key(self) -> str:
        """It finds its own row."""
        return key_of(self.customer, self.id)


def key_of(customer: str, id: str) -> str:
    return f"{customer}-{id}"


def id_of(kind: Kind, customer: str, occasion: str) -> str:
    return derived_id("escalation", kind, customer, occasion)


def raised(
    occasion: Occasion, customer: Customer, shop: Shop, calendar: Calendar, now: datetime
) -> tuple[Escalation, ...]:
    """The new matter, to be written with what raises it; none where the shop does not want its kind.
    Whoever raises it knows that the occasion is new, or asks `store.unraised`."""
    kind = occasion.kind
    if kind not in shop.escalation.kinds:
        return ()
    talk, urgent = customer.conversation, kind in shop.escalation.urgent
    matter = Escalation(
        id=id_of(kind, customer.id, occasion.name),
        shop=customer.shop,
        customer=customer.id,
        kind=kind,
        raised_at=now,
        who=called(customer),
        about=_short(occasion.about),
        conversation=talk.id if talk else None,
        team=talk.team if talk else None,
        agent=talk.agent if talk else None,
        since=occasion.since,
        urgent=urgent,
        next_at=now if urgent else calendar.next_opening(now),
    )
    return (matter,)


def said(matter: Escalation, about: str) -> Escalation:
    """The customer has said more of it."""
    return replace(matter, about=_short(about))


def _short(about: str) -> str:
    return " ".join(about.split())[:LONGEST_ABOUT]


def called(customer: Customer) -> str:
    """How an alert calls them: it is read on a lock screen."""
    first = (customer.name or "").partition(" ")[0]
    return first or customer.address[-4:]


def moved(matter: Escalation, happening: Happening) -> Escalation:
    """Raises NotPossible."""
    try:
        state = TRANSITIONS[matter.state, happening]
    except KeyError:
        what = f"{happening!r} cannot happen to what is {matter.state}"
        raise NotPossible(what) from None
    return replace(matter, state=state)


def alerted(matter: Escalation, rung: int, next_at: datetime) -> Escalation:
    """People are told of it, who have until then."""
    return replace(moved(matter, "alert"), rung=rung, next_at=next_at)


def taken(matter: Escalation, by: str, how: How, now: datetime) -> Escalation:
    """Raises TakenByAnother, NotPossible. Whose it is already keeps it as it is."""
    if matter.state == "taken" and matter.taken_by == by:
        return matter
    if matter.state == "taken":
        raise TakenByAnother(matter.taken_by or "")
    return replace(moved(matter, "take"), taken_by=by, taken_at=now, how=how, next_at=None)


def given_up(matter: Escalation) -> Escalation:
    return replace(moved(matter, "give up"), next_at=None)


def closed(
    matter: Escalation, by: str | None, now: datetime, won_back: WonBack | None = None
) -> Escalation:
    """What is closed stays as it is, but for whether the customer was won back: that may be said later,
    or otherwise. Raises NotPossible where it is said of anything but a low rating."""
    if won_back and matter.kind != "low_rating":
        raise NotPossible("whether a customer was won back is said of a low rating")
    if matter.state != "closed":
        matter = replace(moved(matter, "close"), closed_by=by, closed_at=now, next_at=None)
    return _recovered(matter, by, now, won_back)


def _recovered(
    matter: Escalation, by: str | None, now: datetime, won_back: WonBack | None
) -> Escalation:
    known = matter.recovery.won_back if matter.recovery else None
    said = won_back or known or "unknown"
    if matter.kind != "low_rating" or by is None or said == known:
        return matter
    return replace(matter, recovery=Recovery(said, by, now))
