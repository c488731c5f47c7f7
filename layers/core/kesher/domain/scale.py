"""The scales on which customers rate."""

from dataclasses import dataclass
from typing import Literal

ScaleName = Literal["csat", "nps", "thumbs"]


@dataclass(frozen=True)
class Scale:
    name: ScaleName
    low: int
    top: int
    unhappy: int
    """The highest score that is low."""
    happy: int
    """The lowest score that is satisfied, or a promoter's."""
    typed: tuple[int, int]
    """The numbers that are asked for, from the lowest to the highest."""

    def is_low(self, score: int) -> bool:
        return score <= self.unhappy

    def is_satisfied(self, score: int) -> bool:
        return score >= self.happy


CSAT = Scale("csat", low=1, top=5, unhappy=2, happy=4, typed=(1, 5))
NPS = Scale("nps", low=0, top=10, unhappy=6, happy=9, typed=(0, 10))
THUMBS = Scale("thumbs", low=0, top=1, unhappy=0, happy=1, typed=(1, 2))
"""👍 is 1 and 👎 is 0. The invitation says to answer 1 for 👍 and 2 for 👎 on a phone without emoji, and
asks what a yes answers well."""
SCALES: dict[ScaleName, Scale] = {each.name: each for each in (CSAT, NPS, THUMBS)}
