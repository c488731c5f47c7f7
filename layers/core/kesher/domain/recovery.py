"""Whether customers who gave a low score were won back, as it is counted: for the day on which the
matter was closed and for whoever had it, so that what is said later, or otherwise, corrects."""

from kesher.domain.calendar import Calendar
from kesher.domain.escalation import Escalation, WonBack
from kesher.domain.figures import Counted, day

FIGURE = "recovery"
AS_COUNTED: dict[WonBack, bool | None] = {"yes": True, "no": False, "unknown": None}


def counted(before: Escalation, after: Escalation, calendar: Calendar) -> tuple[Counted, ...]:
    """What a matter that was `before` adds to the figures, and what of it is no longer so."""
    new, old = _count(after, calendar, 1), _count(before, calendar, -1)
    unchanged = [each.in_target for each in new] == [each.in_target for each in old]
    return () if unchanged else (*new, *old)


def _count(matter: Escalation, calendar: Calendar, n: int) -> tuple[Counted, ...]:
    if matter.recovery is None or matter.closed_at is None:
        return ()
    who = matter.taken_by or matter.closed_by or matter.recovery.by
    known = AS_COUNTED[matter.recovery.won_back]
    on = day(matter.closed_at, calendar)
    return (Counted(matter.shop, on, FIGURE, who, matter.team, "won back", known, 0, n),)
