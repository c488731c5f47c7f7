"""A customer, the conversation that is open with them, and what they have allowed us to send."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from kesher.domain.conversation import Conversation
from kesher.domain.survey import Survey

# One for all installations, so that the same number in the same shop is always the same customer.
_NAMESPACE = uuid.UUID("5b1c0f0e-6d1d-5d0a-9a52-6b657368f572")

MessageClass = Literal[
    "conversational", "informational", "survey", "promotional", "consent", "alert"
]
"""An alert goes to one of the shop's own people."""
STOPPABLE: frozenset[str] = frozenset(
    {"conversational", "informational", "survey", "promotional", "alert"}
)


def customer_id(shop: str, address: str, channel: str) -> str:
    """32 hexadecimal characters. An E.164 number is the same person on every channel; any other
    user id is known on its own channel only."""
    who = address if address.startswith("+") else f"{channel}/{address}"
    return uuid.uuid5(_NAMESPACE, f"{shop}/{who}").hex


def derived_id(*cause: str) -> str:
    """20 hexadecimal characters that are always the same for the same cause, so that doing a thing
    twice names the same thing."""
    return uuid.uuid5(_NAMESPACE, "/".join(cause)).hex[:20]


@dataclass(frozen=True)
class Customer:
    id: str
    shop: str
    address: str
    """E.164, or the channel's own user id where there is no number."""
    channel: str | None = None
    """Where they last wrote from; None until they do."""
    line: str | None = None
    """Our sender that they last wrote to."""
    name: str | None = None
    language: str | None = None
    stopped: frozenset[str] = frozenset()
    """Message classes they have opted out of."""
    consent_at: datetime | None = None
    """When they last stopped or started us."""
    conversation: Conversation | None = None
    """The one that is open, or the last one."""
    survey: Survey | None = None
    """The last one that they were asked, or will be."""
    surveyed_at: datetime | None = None
    """When they were last asked."""
    automatic: int = 0
    """Automatic texts since `automatic_since`: two machines texting each other must come to rest."""
    automatic_since: datetime | None = None
    sought: int = 0
    """Questions for orders of others since `sought_since`: numbers must not be guessed by the dozen."""
    sought_since: datetime | None = None
    lost_at: datetime | None = None
    """When they were last handed over because the script had not understood them."""
    alert: str | None = None
    """Of one whom alerts go to: the last one."""
    matters: tuple[str, ...] = ()
    """What that one was about: the keys of escalations."""
    version: int = 0
    """0 until first stored."""

    @property
    def opted_out(self) -> bool:
        return self.stopped >= STOPPABLE


@dataclass(frozen=True)
class ConsentChange:
    """One line of the ledger that proves what a customer asked for. Never changed, never expired."""

    id: str
    shop: str
    customer: str
    at: datetime
    action: Literal["opt-out", "opt-in"]
    source: str
    """Who said so: `keyword`, `provider` (they acted first), or `receipt` (a send was refused)."""
    evidence: str
    """The customer's own words or the provider's code."""
    message: str
    """The provider's id of the message that carried it."""
