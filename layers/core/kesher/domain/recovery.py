"""Whether customers who gave a low score were won back, as it is counted: for the day on which the
matter was closed and for whoever had it, so that what is said later, or otherwise, corrects."""

from dataclasses import dataclass
from datetime import datetime

from kesher.domain.calendar import Calendar
from kesher.domain.escalation import Escalation, WonBack
from kesher.domain.figures import Counted, day

FIGURE = "recovery"
AS_COUNTED: dict[WonBack, bool | None] = {"yes": True, "no": False, "unknown": None}


@dataclass(frozen=True)
class Outcome:
    """What came of a low rating that a person has closed."""

    customer: str
    conversation: str | None
    at: datetime
    """When it was closed."""
    agent: str
    """Who had it."""
    team: str | None
    won_back: WonBack


def counted(before: Escalation, after: Escalation, calendar: Calendar) -> tuple[Counted, ...]:
    """What a matter that was `before` adds to the figures, and what of it is no longer so."""
    new, old = _count(after, calendar, 1), _count(before, calendar, -1)
    unchanged = [each.in_target for each in new] == [each.in_target for each in old]
    return () if unchanged else (*new, *old)


def outcome(matter: Escalation) -> Outcome | None:
    """None while it is not closed, and of what is no low rating or came to its end by itself."""
    known = matter.recovery
    if known is None or matter.closed_at is None:
        return None
    who = matter.taken_by or matter.closed_by or known.by
    return Outcome(
        matter.customer, matter.conversation, matter.closed_at, who, matter.team, known.won_back
    )


def _count(matter: Escalation, calendar: Calendar, n: int) -> tuple[Counted, ...]:
    came = outcome(matter)
    if came is None:
        return ()
    on, known = day(came.at, calendar), AS_COUNTED[came.won_back]
    return (Counted(matter.shop, on, FIGURE, came.agent, came.team, "won back", known, 0, n),)
