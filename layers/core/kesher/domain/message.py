"""Texts on their way in and out, and what is known of each.

An outbound message climbs this ladder and never steps down:

    queued -> claimed -> accepted -> sent -> delivered -> read
                |           `------> undelivered | failed
                |-> unknown          the provider may have it: a receipt tells, or it is asked
                |     |-> queued     it has not, or nobody can tell: once more, if its class allows
                |     `-> delivered | failed     nobody could tell, and a person found out
                |-> rejected         the provider certainly does not want it
                `-> queued           the provider certainly does not have it: tried again later
    queued -> suppressed             the customer has opted out of its class
    queued -> expired                it is no longer true

Claimed, and its attempt counted, before the provider is called: a crash can then lose the answer
but never the fact that a text may have left.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from kesher.domain.customer import MessageClass, derived_id
from kesher.domain.survey import Asked

Status = Literal[
    "queued",
    "claimed",
    "unknown",
    "accepted",
    "sent",
    "rejected",
    "suppressed",
    "expired",
    "undelivered",
    "failed",
    "delivered",
    "read",
]

RANK: dict[Status, int] = {
    "queued": 0,
    "claimed": 1,
    "unknown": 2,
    "accepted": 3,
    "sent": 4,
    "rejected": 5,
    "suppressed": 5,
    "expired": 5,
    "undelivered": 6,
    "failed": 6,
    "delivered": 7,
    "read": 8,
}
UNSETTLED = frozenset({"queued", "claimed", "unknown"})
"""What has not left, as far as anybody knows."""
FAILED = frozenset({"rejected", "suppressed", "expired", "undelivered", "failed"})
ARRIVED = frozenset({"delivered", "read"})
MAY_HAVE_LEFT = frozenset(
    {"unknown", "accepted", "sent", "undelivered", "failed", "delivered", "read"}
)


@dataclass(frozen=True)
class Media:
    url: str
    content_type: str


@dataclass(frozen=True)
class TextReceived:
    """A customer's text as a channel understood it; the body of a `text` queue message."""

    shop: str
    channel: str
    id: str
    """The provider's own id: what makes a second delivery the same text."""
    customer: str
    address: str
    line: str
    text: str
    received_at: datetime
    media: tuple[Media, ...] = ()
    name: str | None = None
    provider_consent: Literal["opt-out", "opt-in", "help"] | None = None
    """The provider recognised the word and has already answered it."""

    @property
    def stored_as(self) -> str:
        """The id of the `Inbound` that keeps it."""
        return derived_id("text", self.channel, self.id)


@dataclass(frozen=True)
class ConversationDue:
    """The clock shall have a look at a customer's conversation; the body of a `conversation` queue
    message, which stands among the customer's texts."""

    shop: str
    customer: str
    due: str
    """The instant it fell due at, so that each time is an event of its own."""


@dataclass(frozen=True)
class SurveyDue:
    """The clock shall have a look at a customer's survey; the body of a `survey` queue message."""

    shop: str
    customer: str
    due: str
    """The instant it fell due at, so that each time is an event of its own."""


@dataclass(frozen=True)
class EscalationDue:
    """An escalation shall be looked at; the body of an `escalation` queue message."""

    shop: str
    escalation: str
    """Its key."""
    due: str
    """The instant it fell due at, or what has happened to it: each is an event of its own."""


@dataclass(frozen=True)
class Inbound:
    """A customer's text, stored. Its id is made of the provider's, so it is its own seen-marker."""

    id: str
    shop: str
    customer: str
    conversation: str | None
    channel: str
    address: str
    line: str
    text: str
    at: datetime
    provider_id: str
    media: tuple[Media, ...] = ()


@dataclass(frozen=True)
class Recovered:
    """That a customer's text was found with its provider and put on its queue. A queue loses nothing,
    so that is done once, whatever then becomes of the text."""

    id: str
    """Of the `Inbound` that will keep the text."""
    shop: str
    customer: str
    at: datetime


@dataclass(frozen=True)
class Outbound:
    """One logical text to a customer: the outbox row and the history are the same row."""

    id: str
    """`{customer}-{derived id}`: it finds its own row, so a callback URL needs to carry nothing else."""
    shop: str
    customer: str
    channel: str
    line: str
    address: str
    text: str
    message_class: MessageClass
    at: datetime
    valid_until: datetime
    """After this it is no longer worth telling, and expires unsent."""
    encoding: str
    parts: int = 0
    """Of an SMS; none of what goes another way."""
    conversation: str | None = None
    matters: tuple[str, ...] = ()
    """Of an alert: the keys of the escalations it is about."""
    held: bool = False
    """It waits for `due_at`, though it is new: more may be said in it until then."""
    invitation: Asked | None = None
    """To a survey: what is counted when it has arrived."""
    written_by: str | None = None
    """The agent whose words it has; Kesher's own, where there is none."""
    status: Status = "queued"
    due_at: datetime | None = None
    """When the clock shall bring it up again, whatever happened to its queue message."""
    attempt: int = 0
    owner: str | None = None
    claimed_at: datetime | None = None
    """When the last attempt began."""
    overtaken: bool = False
    """Later news of its order is on its way behind it: it may leave in its turn, not after it."""
    doubts: int = 0
    """Attempts whose outcome nobody told us."""
    paid_from: str | None = None
    """The purse that the last attempt was paid from, until it is known that it did not leave."""
    provider_id: str | None = None
    error: str | None = None
    settled_by: str | None = None
    """The agent who found out what became of it, where nothing else could tell."""
    settled_at: datetime | None = None
    version: int = 0

    @property
    def is_new(self) -> bool:
        return self.version == 0

    @property
    def has_arrived(self) -> bool:
        return self.status in ARRIVED

    @property
    def has_failed_to_alert(self) -> bool:
        """Of an alert that certainly reached nobody yet. One that nobody can tell of may have."""
        is_held_up = self.status == "queued" and self.error is not None
        return self.message_class == "alert" and (self.status in FAILED or is_held_up)

    @property
    def nobody_can_tell(self) -> bool:
        """It may have left or not, and Kesher has done what it can to find out."""
        return self.status == "unknown" and self.due_at is None


@dataclass(frozen=True)
class ReceiptReceived:
    """What a provider says became of a text; the body of a `receipt` queue message."""

    shop: str
    channel: str
    status: Status
    at: datetime
    message: str | None = None
    """Our id, where the callback's URL carried it."""
    provider_id: str | None = None
    customer: str | None = None
    """Whose text it was, where the receipt names the number."""
    code: str | None = None
    opted_out: bool = False
    """The code says that this customer has told the provider to stop."""
