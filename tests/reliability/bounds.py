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


SENT_AGAIN = frozenset({"conversational", "informational", "consent", "alert"})
"""Classes of which one more may leave, where nobody can tell what became of the first."""


AT_REST_UNHEARD = AT_REST | {"sent"}
"""Of what goes to a mailbox: nobody reports that it came."""


def most_deliveries(text: dict[str, Any]) -> int:
    """How often a provider may have taken one text of ours, as its row has it."""
    doubted = text.get("doubts", 0) > 0 and text["message_class"] in SENT_AGAIN
    return 2 if doubted else 1


def may_follow(before: str, after: str) -> bool:
    """Whether a text may go from the one status to the other."""
    sent_again = after == "queued" and before in {"claimed", "unknown"}
    return sent_again or RANK[after] >= RANK[before]  # type: ignore[index]
