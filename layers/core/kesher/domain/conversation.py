"""One matter of one customer, from their first text to its closing, and who speaks in it.

    scripted    the script answers
    waiting     a person has been asked for and none has taken it: it stands in a queue
    assigned    an agent has it, and the script is silent
    closed      it has ended; within the shop's window it may be reopened

One customer has one conversation at a time. `TRANSITIONS` is all that can happen to it.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

State = Literal["scripted", "waiting", "assigned", "closed"]
Happening = Literal[
    "text",
    "hand over",
    "take",
    "reply",
    "snooze",
    "wake",
    "give back",
    "transfer",
    "close",
    "reopen",
]

TRANSITIONS: dict[tuple[State, Happening], State] = {
    ("scripted", "text"): "scripted",
    ("scripted", "hand over"): "waiting",
    ("scripted", "take"): "assigned",
    ("scripted", "close"): "closed",
    ("waiting", "text"): "waiting",
    ("waiting", "hand over"): "waiting",
    ("waiting", "take"): "assigned",
    ("waiting", "transfer"): "waiting",
    ("waiting", "close"): "closed",
    ("assigned", "text"): "assigned",
    ("assigned", "take"): "assigned",
    ("assigned", "reply"): "assigned",
    ("assigned", "snooze"): "assigned",
    ("assigned", "wake"): "assigned",
    ("assigned", "give back"): "waiting",
    ("assigned", "transfer"): "waiting",
    ("assigned", "close"): "closed",
    ("closed", "text"): "closed",
    ("closed", "reopen"): "waiting",
}

RESTED = timedelta(hours=24)
"""What was asked so long ago is no longer being answered."""
LEASE = timedelta(minutes=15)
"""Of opening hours: an agent who leaves a customer unanswered for so long gives them back."""
Lost = Literal["words", "limit"]
"""Why the script gave up: it did not understand, or has said as much as it may in an hour."""
WARNING = timedelta(minutes=2)
"""A customer is told so long before a promise is missed."""


class NotNow(ValueError):
    """The conversation is not in a state in which this can happen."""


@dataclass(frozen=True)
class Proof:
    """A code that its customer has yet to send, to be told another's order; `proof.py` makes it."""

    number: str
    """Of the order, as the customer said it."""
    until: datetime
    digest: str | None = None
    """Of the code and its order; None where no code was texted, and none is right."""
    tries: int = 0


@dataclass(frozen=True)
class Kept:
    """What has been measured of a conversation; `figures.py` says how."""

    handed_over_at: datetime | None = None
    """When a person was first asked for."""
    first_reply_at: datetime | None = None
    """Of a person."""
    first_closed_at: datetime | None = None
    replies: int = 0
    """Of people."""
    transfers: int = 0
    reopenings: int = 0
    waited: int = 0
    """Seconds that the customer waited for people, in all the waits that have ended."""
    waited_open: int = 0
    """Of them those in opening hours."""


@dataclass(frozen=True)
class Conversation:
    id: str
    opened_at: datetime
    state: State
    last_text_at: datetime
    """When the customer last wrote."""
    waiting_since: datetime | None = None
    """When the oldest text came that a person owes an answer to."""
    team: str | None = None
    agent: str | None = None
    """Who has it, or had it last."""
    promised_at: datetime | None = None
    """By when we have said that a person will answer."""
    lease: datetime | None = None
    """By when the agent who has it is to answer, or it goes back to the queue."""
    snoozed_until: datetime | None = None
    """Out of its agent's way until then; whatever happens to it before ends that."""
    told_late: bool = False
    """The customer knows that the promise will be missed."""
    acknowledged_at: datetime | None = None
    """When the script last said that their words were noted."""
    signed: str | None = None
    """The agent whose name the customer has read last."""
    closed_at: datetime | None = None
    closed_by: str | None = None
    """The agent who closed it; the script, where there is none."""
    step: str | None = None
    """The step of the script that has asked and waits for an answer."""
    options: tuple[str, ...] = ()
    """What was offered, in its order: topics, or orders."""
    asked: int = 0
    """Guiding questions since the last answer."""
    order: str | None = None
    """The number of the order it is about."""
    proof: Proof | None = None
    """Another's order was asked for."""
    kept: Kept = field(default_factory=Kept)
    over_at: datetime | None = None
    """When the customer will have waited over the shop's target."""
    overdue: bool = False
    """They have, and somebody was told."""
    resolve_by: datetime | None = None
    lost: Lost | None = None
    """Why it was handed over, where nobody had asked for that."""
    raised: tuple[str, ...] = ()
    """Kinds of escalations that it is only ever raised for once."""

    @property
    def is_open(self) -> bool:
        return self.state != "closed"

    @property
    def warn_at(self) -> datetime | None:
        """When the customer is told that the promise will be missed, unless they know."""
        return self.promised_at - WARNING if self.promised_at and not self.told_late else None

    @property
    def check_at(self) -> datetime | None:
        """When the clock shall look at it: a promise is about to be missed, a lease or a snooze is
        over, a target missed."""
        moments = (
            *(self.warn_at, self.lease, self.snoozed_until),
            *(self.miss_at, self.unresolved_at),
        )
        return min((each for each in moments if each), default=None)

    @property
    def miss_at(self) -> datetime | None:
        """When somebody is told that the customer waits over target, unless they know."""
        return None if self.overdue or self.waiting_since is None else self.over_at

    @property
    def unresolved_at(self) -> datetime | None:
        is_told = "resolution" in self.raised or not self.is_open
        return None if is_told else self.resolve_by

    def has_rested(self, now: datetime) -> bool:
        return now - self.last_text_at >= RESTED


def moved(conversation: Conversation, happening: Happening) -> Conversation:
    """The conversation in the state that this brings, and in sight; raises NotNow."""
    try:
        state = TRANSITIONS[conversation.state, happening]
    except KeyError:
        raise NotNow(
            f"{happening!r} cannot happen to a {conversation.state} conversation"
        ) from None
    return replace(conversation, state=state, snoozed_until=None)


def heard(conversation: Conversation, now: datetime) -> Conversation:
    """The customer has written."""
    known = answered(conversation) if conversation.has_rested(now) else conversation
    return replace(moved(known, "text"), last_text_at=now)


def noted(conversation: Conversation, now: datetime) -> Conversation:
    """After its end the customer has thanked us, or said how it was: nothing is to be done."""
    return replace(moved(conversation, "text"), last_text_at=now)


def asked(conversation: Conversation, step: str, options: tuple[str, ...] = ()) -> Conversation:
    """The script has asked a guiding question."""
    return replace(conversation, step=step, options=options, asked=conversation.asked + 1)


def answered(conversation: Conversation) -> Conversation:
    """The script has answered: what it may ask next is counted anew."""
    return replace(conversation, step=None, options=(), asked=0)


def handed_over(conversation: Conversation, team: str | None, now: datetime) -> Conversation:
    """It stands in a queue, from the moment a person was first asked for."""
    return replace(
        moved(answered(conversation), "hand over"),
        team=team or conversation.team,
        waiting_since=conversation.waiting_since or now,
        kept=replace(conversation.kept, handed_over_at=conversation.kept.handed_over_at or now),
    )


def promised(conversation: Conversation, by: datetime, *, late: bool = False) -> Conversation:
    return replace(conversation, promised_at=by, told_late=late)


def taken(conversation: Conversation, agent: str, until: datetime) -> Conversation:
    """An agent has it, and owes an answer by the end of the lease if the customer waits for one."""
    waits = conversation.waiting_since is not None
    return replace(
        moved(answered(conversation), "take"), agent=agent, lease=until if waits else None
    )


def waits_for_agent(conversation: Conversation, now: datetime, until: datetime) -> Conversation:
    """The customer has written to the agent who has it; several texts are one wait."""
    if conversation.waiting_since:
        return conversation
    return replace(conversation, waiting_since=now, lease=until)


def replied(conversation: Conversation) -> Conversation:
    """The agent has answered all that the customer had written."""
    return replace(
        moved(conversation, "reply"),
        waiting_since=None,
        promised_at=None,
        lease=None,
        told_late=False,
        over_at=None,
        overdue=False,
    )


def snoozed(conversation: Conversation, until: datetime) -> Conversation:
    """Out of its agent's way until then, or until the customer writes. Raises NotNow for one who
    waits."""
    if conversation.waiting_since:
        raise NotNow("this customer waits for an answer")
    return replace(moved(conversation, "snooze"), snoozed_until=until)


def woken(conversation: Conversation) -> Conversation:
    """Back in its agent's sight, since its time has come."""
    return moved(conversation, "wake")


def given_back(conversation: Conversation) -> Conversation:
    """To the queue, at the place its waiting gives it; `agent` stays, as the one who knows it."""
    return replace(
        moved(conversation, "give back"),
        waiting_since=conversation.waiting_since or conversation.last_text_at,
        lease=None,
    )


def transferred(
    conversation: Conversation, team: str | None, agent: str | None, now: datetime
) -> Conversation:
    """To a team's queue, or to an agent's place in it; the thread goes with it."""
    return replace(
        moved(conversation, "transfer"),
        team=team or conversation.team,
        agent=agent,
        waiting_since=conversation.waiting_since or now,
        lease=None,
        kept=replace(conversation.kept, transfers=conversation.kept.transfers + 1),
    )


def closed(conversation: Conversation, now: datetime, by: str | None = None) -> Conversation:
    """Ended, by an agent or by the script. Who has had it last is who the customer comes back to."""
    ended = moved(answered(conversation), "close")
    return replace(
        ended,
        agent=conversation.agent or by,
        closed_at=now,
        closed_by=by,
        waiting_since=None,
        promised_at=None,
        lease=None,
        told_late=False,
        over_at=None,
        overdue=False,
        acknowledged_at=None,
    )


def reopened(conversation: Conversation, now: datetime) -> Conversation:
    """The customer has written again within the shop's window: the same team, the same agent's."""
    return replace(_again(conversation), last_text_at=now, waiting_since=now)


def resumed(conversation: Conversation, agent: str) -> Conversation:
    """An agent goes on with what was closed; the customer waits for nothing."""
    return replace(moved(_again(conversation), "take"), agent=agent)


def _again(conversation: Conversation) -> Conversation:
    kept = replace(conversation.kept, reopenings=conversation.kept.reopenings + 1)
    again = moved(conversation, "reopen")
    return replace(again, closed_at=None, closed_by=None, signed=None, kept=kept)


@dataclass(frozen=True)
class Ended:
    """A conversation that a person closed, as it was then. The customer's profile has the last one;
    this is how those before it are remembered."""

    shop: str
    customer: str
    conversation: Conversation
    at: datetime
