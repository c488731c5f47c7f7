"""What a shop may spend on texts in a day, in SMS parts, held inside the claim.

A day's parts are shared out over purses, so that not every send writes the same row: DynamoDB gives
one key 1,000 writes a second, and transactions on one row get into each other's way long before
that. A customer's texts always come out of the same purse; a small budget is a single one.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from kesher.domain.shop import Shop

MOST_PURSES = 8
PURSE_WORTH = 500
"""Parts; a budget is not cut into smaller purses than this."""
LOOK_AGAIN = timedelta(minutes=15)
"""A text over the budget waits so long: the shop may have raised it."""


@dataclass(frozen=True)
class Purse:
    name: str
    """The shop's local day and a number: unique within the shop."""
    holds: int
    """Parts it may give in its day."""


@dataclass(frozen=True)
class Spend:
    """Parts taken from a purse, or given back where they are fewer than none."""

    shop: str
    purse: str
    parts: int
    at: datetime
    holds: int | None = None
    """Not to be taken beyond this."""


def purse(shop: Shop, customer: str, now: datetime) -> Purse | None:
    """Where a text to this customer would be paid from now; None where the shop sets no budget."""
    budget = shop.limits.parts_per_day
    if budget is None:
        return None
    purses = min(max(budget // PURSE_WORTH, 1), MOST_PURSES)
    number = int(customer[:8], 16) % purses
    share = budget // purses + (number < budget % purses)
    day = now.astimezone(ZoneInfo(shop.timezone)).date()
    return Purse(f"{day.isoformat()}/{number}", share)
