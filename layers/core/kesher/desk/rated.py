"""How customers rate people, and whether those who were unhappy were won back: of all, of one agent, of
one team. docs/figures.md has the definitions."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Annotated

from msgspec import Meta

from kesher.desk.route import Body
from kesher.domain import recovery
from kesher.domain.figures import Counted, Measure
from kesher.domain.scale import SCALES, ScaleName


class InvitedShown(Body, frozen=True):
    """The invitations of these days, and what had become of them whenever it did."""

    asked: int
    delivered: Annotated[int, Meta(description="Of which a receipt says that they arrived.")]
    answered: Annotated[int, Meta(description="With a score, in time.")]
    response_rate: Annotated[
        float | None,
        Meta(description="Answered of delivered; null where receipts are missing, or of nothing."),
    ]


class RecoveredShown(Body, frozen=True):
    """Of the low ratings that people closed in these days: whether the customer was won back."""

    won_back: int
    lost: int
    unknown: int
    share: Annotated[float | None, Meta(description="Won back, of those of whom it is known.")]


class RatingShown(Body, frozen=True):
    scale: ScaleName
    invited: InvitedShown
    answered: Annotated[int, Meta(description="Scores first given in these days.")]
    satisfied: int
    low: int
    scores: Annotated[dict[str, int], Meta(description="Score to how many gave it.")]


def ratings(counts: Sequence[Counted]) -> list[RatingShown]:
    """By scale, of those on which anything was asked."""
    return [_rating(each, counts) for each in SCALES if any(c.figure == each for c in counts)]


def invited(counts: Iterable[Counted]) -> InvitedShown:
    n = _by_measure(counts)
    asked, delivered, answered = n["asked"], n["delivered"], n["answered"]
    rate = answered / delivered if delivered and answered <= delivered else None
    return InvitedShown(asked, delivered, answered, rate)


def recovered(counts: Iterable[Counted]) -> RecoveredShown:
    n: Counter[bool | None] = Counter()
    for each in counts:
        if each.figure == recovery.FIGURE:
            n[each.in_target] += each.n
    known = n[True] + n[False]
    return RecoveredShown(n[True], n[False], n[None], n[True] / known if known else None)


def rated(counts: Iterable[Counted]) -> tuple[int, int]:
    """How many scores, and how many of them satisfied."""
    scores = [each for each in counts if each.measure == "score"]
    return sum(each.n for each in scores), sum(each.n for each in scores if each.in_target)


def _by_measure(counts: Iterable[Counted]) -> Counter[Measure]:
    n: Counter[Measure] = Counter()
    for each in counts:
        n[each.measure] += each.n
    return n


def _rating(scale: ScaleName, counts: Sequence[Counted]) -> RatingShown:
    own = [each for each in counts if each.figure == scale]
    given: Counter[int] = Counter()
    for each in own:
        if each.measure == "score":
            given[each.value] += each.n
    answered, satisfied = rated(own)
    low = sum(n for score, n in given.items() if SCALES[scale].is_low(score))
    scores = {str(score): n for score, n in sorted(given.items()) if n}
    return RatingShown(scale, invited(own), answered, satisfied, low, scores)
