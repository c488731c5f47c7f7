"""Who is there to answer a customer, and when: of the shop's people those of the team who know the
language, each in their own hours."""

from dataclasses import dataclass, replace
from datetime import datetime

from kesher.domain.calendar import Calendar, weekly
from kesher.domain.shop import WEEK, Agent, OnCall, Shop


@dataclass(frozen=True)
class Duty:
    calendar: Calendar
    """When at least one of them is there."""
    hours: tuple[Calendar, ...]
    """Of each of them."""

    def people(self, at: datetime) -> int:
        """How many are there; one, where the shop file names nobody."""
        return max(1, sum(each.is_open(at) for each in self.hours))


def duty(shop: Shop, calendar: Calendar, team: str | None, language: str) -> Duty:
    """Of a shop with this calendar. A team that does not know the language answers all the same, and
    so does everybody for a team of nobody."""
    able = _able(shop, team, language)
    own = [own_hours(each, calendar) for each in able]
    if not able or any(each.hours is None for each in able):
        return Duty(calendar, tuple(own))
    week = tuple(sum((each.weekly[day] for each in own), ()) for day in range(len(WEEK)))
    return Duty(calendar.within(replace(calendar, weekly=week, closed=_never)), tuple(own))


def own_hours(person: Agent | OnCall, calendar: Calendar) -> Calendar:
    """When they are there, whether the shop is open or not."""
    return replace(calendar, weekly=weekly(person.hours), closed=_never)


def is_here(person: Agent, calendar: Calendar, now: datetime) -> bool:
    """Of a shop with this calendar."""
    return calendar.is_open(now) and own_hours(person, calendar).is_open(now)


def _able(shop: Shop, team: str | None, language: str) -> list[Agent]:
    mates = [each for each in shop.agents if team is None or team in each.teams] or shop.agents
    return [each for each in mates if language in (each.languages or [language])] or mates


def _never(_: object) -> tuple[()]:
    return ()
