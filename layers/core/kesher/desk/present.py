"""Who waits for the shop's people at this moment, and whom they have; read from the desk's list."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from kesher import calendars, store
from kesher.desk.route import Asked
from kesher.domain.figures import Figure
from kesher.domain.shop import Shop
from kesher.store.card import Listed


@dataclass(frozen=True)
class Present:
    shop: Shop
    now: datetime
    listed: tuple[Listed, ...]
    """Who waits longest first."""

    @cached_property
    def waiting(self) -> list[Listed]:
        return [each for each in self.listed if each.card.waits]

    @cached_property
    def held(self) -> list[Listed]:
        return [each for each in self.listed if each.card.state == "assigned"]

    @cached_property
    def late(self) -> list[Listed]:
        """By now they were promised an answer."""
        return [e for e in self.waiting if e.card.promised_at and e.card.promised_at < self.now]

    def awaiting(self, figure: Figure) -> list[Listed]:
        """Whose figure it will be once it ends."""
        if figure == "first resolution":
            return [each for each in self.listed if not each.card.reopened]
        replied = figure == "next response"
        return [each for each in self.waiting if each.card.replied == replied]

    def open_time(self, listed: Listed) -> timedelta:
        """How long since then, in opening hours."""
        return calendars.calendar(self.shop).elapsed(listed.since, self.now)

    def is_over(self, listed: Listed) -> bool:
        return self.open_time(listed) > target_of(self.shop)

    def over(self, waiting: Sequence[Listed]) -> int:
        """How many of these, in order of their waiting, are over the target; only some are measured
        to find them."""
        return bisect_left(waiting, True, key=lambda each: not self.is_over(each))


def present(asked: Asked) -> Present:
    return Present(asked.shop, asked.now, tuple(store.desk(asked.shop.shop)))


def target_of(shop: Shop) -> timedelta:
    return timedelta(hours=shop.service.target_hours)
