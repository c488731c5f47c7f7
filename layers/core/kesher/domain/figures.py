"""How long things took: measured when they end, and kept, so that no report reads texts again.

Each is measured twice, by the clock on the wall and in the shop's opening hours:

    first response      from the conversation's first text to the first reply of a person
    hand-over response  from when a person was first asked for to the first reply of a person: what
                        the customer spent with the script is no person's doing
    next response       from the oldest text that nobody has answered to the next reply: several texts
                        in a row are one wait, and a word of thanks is none
    unanswered          from that text to the closing that left it unanswered: never in the target
    first resolution    from the first text to the first closing: reopening starts nothing anew
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from math import ceil, floor, log2
from typing import Literal

from kesher.domain.calendar import Calendar

Figure = Literal[
    "first response", "hand-over response", "next response", "unanswered", "first resolution"
]
Measure = Literal["wall", "open", "score", "asked", "delivered", "answered", "won back"]
BUCKETS_PER_DOUBLING = 4
"""Each reaches 19 % further than the one before, so that a percentile is at most 9 % wrong."""
MINUTE, HOUR = 60, 3600
BANDS = (MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 4 * HOUR, 12 * HOUR)
"""Seconds at which one band of durations ends and the next begins; the last one has no end."""


@dataclass(frozen=True)
class Fact:
    """One thing that was measured, kept for as long as texts are."""

    shop: str
    customer: str
    conversation: str
    figure: Figure
    since: datetime
    at: datetime
    """When it ended."""
    day: str
    """Which it counts for: that of `at` in the shop's time zone, such as 2026-11-23."""
    open_seconds: int
    in_target: bool | None
    """Whether it took no more opening hours than the shop's target; None where there is none."""
    agent: str
    """Who ended it."""
    team: str | None = None
    language: str | None = None
    channel: str | None = None

    @property
    def seconds(self) -> int:
        return int((self.at - self.since).total_seconds())

    @property
    def counted(self) -> tuple["Counted", ...]:
        """One more of its day, on either scale."""
        alike = partial(Counted, self.shop, self.day, self.figure, self.agent, self.team)
        return (
            alike("wall", self.in_target, bucket(self.seconds)),
            alike("open", self.in_target, bucket(self.open_seconds)),
        )


@dataclass(frozen=True)
class Counted:
    """So many more of what is alike in a day; fewer, where they were counted in error."""

    shop: str
    day: str
    figure: str
    """A Figure, what a survey asks, or `recovery`."""
    agent: str
    team: str | None
    measure: Measure
    in_target: bool | None
    """Of a score: whether it is a satisfied one; of a customer won back: whether they were, None where
    nobody knows."""
    value: int
    """The bucket it took, or the score."""
    n: int = 1


def day(at: datetime, calendar: Calendar) -> str:
    """The local day of an instant."""
    return at.astimezone(calendar.zone).date().isoformat()


def bucket(seconds: int) -> int:
    """0 for less than a second; beyond, `b` for what is below 2 to the power of b/4 and not below the
    bucket before."""
    return 0 if seconds < 1 else 1 + floor(log2(seconds) * BUCKETS_PER_DOUBLING)


def band(number: int) -> int:
    """Which of BANDS a bucket is in, from 0; one that lies across an end is in the next."""
    return bisect_right([bucket(each) for each in BANDS], number)


@dataclass(frozen=True)
class Histogram:
    """How many took about how long. Percentiles of several days are those of their sum, never the mean
    of theirs."""

    counts: Mapping[int, int]
    """By bucket."""

    @property
    def n(self) -> int:
        return sum(self.counts.values())

    def percentile(self, share: float) -> float | None:
        """Seconds within which this share of them took; None of nothing."""
        rank, passed = ceil(share * self.n), 0
        for each in sorted(self.counts):
            passed += self.counts[each]
            if passed >= max(rank, 1):
                return _middle(each)
        return None

    @property
    def bands(self) -> tuple[int, ...]:
        """How many there are in each of BANDS, and beyond."""
        counts = [0] * (len(BANDS) + 1)
        for number, n in self.counts.items():
            counts[band(number)] += n
        return tuple(counts)


def merged(histograms: Iterable[Histogram]) -> Histogram:
    counts: dict[int, int] = {}
    for each in histograms:
        for number, n in each.counts.items():
            counts[number] = counts.get(number, 0) + n
    return Histogram(counts)


def _middle(number: int) -> float:
    """Of a bucket, on the scale on which buckets are equally wide."""
    return 0.0 if number == 0 else 2.0 ** ((number - 0.5) / BUCKETS_PER_DOUBLING)
