"""Of every field it is decided whether it goes or stays: a new one must be, too."""

from dataclasses import fields, replace

import pytest

from kesher.domain import erasure
from kesher.domain.conversation import Ended
from kesher.domain.customer import Customer
from kesher.domain.escalation import Escalation
from kesher.domain.message import Inbound, Media, Outbound
from kesher.domain.order import Numbered, Order, Shipment
from tests.builders import NOW

GOES: dict[type, set[str]] = {
    Customer: {"address", "name", "language", "conversation", "survey"},
    Inbound: {"address", "text", "media"},
    Ended: set(),
    Outbound: {"address", "text", "status", "error", "due_at"},
    Order: {"address", "name", "language", "shipments"},
    Numbered: set(),
    Escalation: {"who", "about", "state", "next_at"},
}
STAYS: dict[type, set[str]] = {
    Customer: {
        *("id", "shop", "channel", "line", "stopped", "consent_at", "automatic"),
        *("automatic_since", "sought", "sought_since", "surveyed_at", "version"),
        *("lost_at", "alert", "matters"),
    },
    Inbound: {
        *("id", "shop", "customer", "conversation", "channel", "line", "at", "provider_id"),
    },
    Ended: {"shop", "customer", "conversation", "at"},
    Outbound: {
        *("id", "shop", "customer", "channel", "line", "message_class", "at", "valid_until"),
        *("encoding", "parts", "conversation", "attempt", "owner", "provider_id", "version"),
        *("claimed_at", "doubts", "overtaken", "paid_from"),
        *("settled_by", "settled_at", "written_by", "invitation", "matters", "held"),
    },
    Order: {
        *("id", "shop", "platform", "facts_at", "dated", "number", "customer", "total"),
        *("placed_at", "expected_on", "listed_at", "status", "happened", "owed", "version"),
    },
    Numbered: {"shop", "number", "platform", "order", "customer", "listed_at"},
    Escalation: {
        *("id", "shop", "customer", "kind", "raised_at", "conversation", "team", "agent", "since"),
        *("urgent", "rung", "alerted", "taken_by", "taken_at", "how", "closed_by", "closed_at"),
        *("recovery", "version"),
    },
}


@pytest.mark.parametrize("record", GOES, ids=lambda each: each.__name__)
def test_every_field_goes_or_stays(record: type) -> None:
    assert {each.name for each in fields(record)} == GOES[record] | STAYS[record]


def test_a_picture_is_counted_and_not_found() -> None:
    picture = Media("https://api.example/a-face.jpg", "image/jpeg")
    came = Inbound("t", "s", "c", None, "twilio", "+1", "+2", "look", NOW, "SM1", (picture,) * 2)

    assert erasure.inbound(came, "erased:1").media == (Media("", "image/jpeg"),) * 2


def test_of_a_parcel_its_carrier_stays() -> None:
    parcel = Shipment("p1", "דואר ישראל", "RR123456785IL", "https://post.example/RR123456785IL")
    order = Order("1", "s", "shopify", NOW, shipments=(parcel,))

    assert erasure.order(order).shipments == (replace(parcel, tracking=None, url=None),)


def test_an_alert_that_waits_does_not_leave_and_stays_its_readers() -> None:
    waiting = Outbound(
        "a-1", "s", "a", "twilio", "+2", "+3", "נועה כועסת", "alert", NOW, NOW, "UCS-2", 1,
        due_at=NOW,
    )  # fmt: skip
    erased = erasure.alert(waiting)

    assert (erased.text, erased.address) == (erasure.ERASED, "+3")
    assert (erased.status, erased.due_at) == ("suppressed", None)
    assert erasure.alert(replace(waiting, status="sent")).status == "sent"
