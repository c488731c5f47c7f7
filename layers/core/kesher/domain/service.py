"""When a person will answer: promised in numbers, by how many wait already and who is there."""

from datetime import UTC, datetime, timedelta
from math import ceil

from kesher.domain.duty import Duty
from kesher.domain.shop import Service

STEP = timedelta(minutes=5)
"""Promises are made for round times, rounded up: 12:20, not 12:17; and none for sooner than that."""


def promise(service: Service, duty: Duty, ahead: int, now: datetime) -> datetime:
    """By when a person will answer whom `ahead` others wait before; never later than the shop's
    target, however many they are. Hours in which nobody is there do not count."""
    people = duty.people(duty.calendar.next_opening(now))
    wait = timedelta(minutes=service.answer_minutes) * ceil((1 + ahead) / people)
    longest = timedelta(hours=service.target_hours)
    return _rounded(duty.calendar.add(now, max(STEP, min(wait, longest))))


def _rounded(at: datetime) -> datetime:
    since = at - datetime(1970, 1, 1, tzinfo=UTC)
    return at + (-since % STEP)
