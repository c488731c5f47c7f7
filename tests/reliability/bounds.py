"""What is promised of a text of ours, each in one place. A promise that changes changes here."""

from typing import Any

from kesher.domain.message import RANK

FINAL = frozenset({"rejected", "suppressed", "expired", "undelivered", "failed", "delivered"})
AT_REST = FINAL | {"read", "unknown"}

OVERTAKEN_BY = {
    "confirmed": frozenset({"shipped", "delivered", "cancelled", "refunded"}),
    "shipped": frozenset({"delivered", "cancelled"}),
    "delivered": frozenset({"cancelled"}),
}
"""Of an order of one parcel: what is not told any more once the others have been."""


def most_deliveries(text: dict[str, Any]) -> int:
    """How often a provider may have taken one text of ours, as its row has it."""
    return 1


def may_follow(before: str, after: str) -> bool:
    """Whether a text may go from the one status to the other."""
    refused_for_now = (before, after) == ("claimed", "queued")
    return refused_for_now or RANK[after] >= RANK[before]  # type: ignore[index]
