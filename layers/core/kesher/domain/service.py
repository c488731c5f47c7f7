"""When a person will answer: promised in numbers, from the calendar and how many wait already."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from kesher.domain import conversation as talks
from kesher.domain.calendar import Calendar
from kesher.domain.conversation import Conversation
from kesher.domain.shop import Shop

STEP = timedelta(minutes=5)
"""Promises are made for round times, rounded up: 12:20, not 12:17."""
WARNING = timedelta(minutes=5)
"""A customer is told so long before a promise is missed."""


def promise(shop: Shop, calendar: Calendar, ahead: int, now: datetime) -> datetime:
    """By when a person will answer whom `ahead` others wait before; never later than the shop's
    target, however many they are."""
    turns = 1 + ahead
    service = shop.service
    wait = min(
        timedelta(minutes=service.answer_minutes) * turns, timedelta(hours=service.target_hours)
    )
    return _rounded(calendar.add(now, wait))


def look_at(by: datetime, now: datetime) -> datetime:
    """When the clock shall see whether the promise is kept."""
    return max(by - WARNING, now)


def watched(
    talk: Conversation, shop: Shop, calendar: Calendar, ahead: int, now: datetime
) -> Conversation:
    """One that has come back to the queue: with a promise, if it has none, that the clock looks at
    before it is missed; who was told that theirs is missed is not told again."""
    if talk.promised_at is None:
        by = promise(shop, calendar, ahead, now)
        return talks.promised(talk, by, look_at(by, now))
    return replace(talk, check_at=None if talk.told_late else look_at(talk.promised_at, now))


def _rounded(at: datetime) -> datetime:
    since = at - datetime(1970, 1, 1, tzinfo=UTC)
    return at + (-since % STEP)
