"""What is left of a record when its customer is erased: ids, times, counts and classes.

Stays: which message classes the customer has stopped, under the same key, so that nothing that comes
in later under the same number can text them. Decision 0010 says what that is worth.
"""

import hashlib
import hmac
from dataclasses import replace

from kesher.domain.customer import Customer
from kesher.domain.escalation import Escalation
from kesher.domain.message import Inbound, Outbound
from kesher.domain.note import Note
from kesher.domain.order import Order

ERASED = "[erased]"


def token(key: str, shop: str, address: str) -> str:
    """What stands where the address stood. Who holds the key and the address can prove whose it was;
    it is no number, so no provider takes it."""
    digest = hmac.new(key.encode(), f"{shop}/{address}".encode(), hashlib.sha256)
    return f"erased:{digest.hexdigest()[:32]}"


def is_leaving(message: Inbound | Outbound) -> bool:
    """Its provider is being called just now: what it says must still be recorded."""
    return isinstance(message, Outbound) and message.status == "claimed"


def customer(record: Customer, token: str) -> Customer:
    return replace(record, address=token, name=None, language=None, conversation=None, survey=None)


def inbound(record: Inbound, token: str) -> Inbound:
    media = tuple(replace(each, url="") for each in record.media)
    return replace(record, address=token, text=ERASED, media=media)


def outbound(record: Outbound, token: str) -> Outbound:
    """A text that has not left must not leave any more."""
    erased = replace(record, address=token, text=ERASED)
    if record.status != "queued":
        return erased
    return replace(erased, status="suppressed", error="erased", due_at=None)


def note(record: Note) -> Note:
    return replace(record, text=ERASED)


def escalation(record: Escalation) -> Escalation:
    """Nobody is to be alerted of them any more. It has no end to tell: it is as if closed by itself."""
    return replace(record, who=ERASED, about="", state="closed", next_at=None)


def alert(record: Outbound) -> Outbound:
    """What one of the shop's people was told of them; whom it went to stays."""
    erased = replace(record, text=ERASED)
    if record.status != "queued":
        return erased
    return replace(erased, status="suppressed", error="erased", due_at=None)


def order(record: Order) -> Order:
    """Its carrier's page knows the buyer by the tracking number."""
    shipments = tuple(replace(each, tracking=None, url=None) for each in record.shipments)
    return replace(record, address=None, name=None, language=None, shipments=shipments)
