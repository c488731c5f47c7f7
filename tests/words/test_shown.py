"""What a phone shows of whole replies in right-to-left languages: every token as it was given, every
line from the right."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from bidi import get_display

from kesher.domain import converse, sms
from kesher.domain.alert import Here, Way, words
from kesher.domain.converse import Situation
from kesher.domain.escalation import Escalation
from kesher.domain.language import RIGHT_TO_LEFT
from kesher.domain.message import Outbound
from kesher.domain.notice import describe
from kesher.domain.order import Money, NoticeKind, Order, Shipment
from kesher.domain.shop import KINDS, Kind
from tests.builders import LINE, NOA, NOW, customer, house, order, received, told, voice

MARKS = "\u200e\u200f"
SHOP = "Zayit Ltd."
LINK = "https://post.example/RR123456785IL?a=1"
PARCEL = Shipment("p1", "Israel Post", "RR123456785IL", LINK)
DUE = replace(PARCEL, expected_on=date(2026, 11, 24))
PRICE = Money(Decimal("249.90"), "ILS")
ORDERS = (
    order("shipped", number="#1001", shipments=(DUE,)),
    order(number="A-1234/56", id="2", expected_on=date(2026, 12, 24)),
    order(number="1042-A", id="3"),
)
SPOKEN = house(voice(name=SHOP))
ASKED = {
    "he": ("שלום", "איפה ההזמנה שלי?", "הזמנה 7777", "רוצה להחזיר", "נציג", "הסר", "תודה"),
    "fa": ("سلام", "سفارش من کجاست؟", "سفارش 7777", "می‌خواهم مرجوع کنم", "اپراتور", "لغو", "ممنون"),
    "ar": ("مرحبا", "أين طلبي؟", "طلب 7777", "أريد إرجاع", "موظف", "إلغاء", "شكرا"),
}
TOKENS = re.compile(
    r"Zayit Ltd\.|Noa|#1001|A-1234/56|1042-A|7777|Israel Post RR\d+IL"
    rf"|{re.escape(LINK)}|[0-9۰-۹]+:[0-9۰-۹]+"
)
REPLIES = [
    (language, text, orders)
    for language in sorted(RIGHT_TO_LEFT)
    for text in (*ASKED[language], "\ufffd")
    for orders in ((), ORDERS[:1], ORDERS)
]


def reply(language: str, text: str, orders: tuple[Order, ...]) -> str:
    known = Situation(customer(name="Noa Levi", language=language), orders, ahead=2)
    decided = converse.decide(known, received(text), SPOKEN, NOW)
    return "".join(each.text for each in decided.records if isinstance(each, Outbound))


def shown(line: str, base: str | None) -> str:
    """A line as a phone shows it: laid out from the right, or as its first letter has it."""
    return "".join(char for char in str(get_display(line, base_dir=base)) if char not in MARKS)


@pytest.mark.parametrize("base", ["R", None])
@pytest.mark.parametrize(("language", "text", "orders"), REPLIES)
def test_every_token_of_a_reply_shows_as_it_was_given(
    language: str, text: str, orders: tuple[Order, ...], base: str | None
) -> None:
    said = reply(language, text, orders)

    assert said
    for line in said.splitlines():
        bare = "".join(char for char in line if char not in MARKS)
        for token in TOKENS.findall(bare):
            assert token in shown(line, base), line


@pytest.mark.parametrize(("language", "text", "orders"), REPLIES)
def test_every_line_of_a_reply_begins_at_the_right(
    language: str, text: str, orders: tuple[Order, ...]
) -> None:
    """Phones lay each line out by its first letter: none may begin with one from the left. A link
    has a line of its own, at the end."""
    *lines, last = reply(language, text, orders).splitlines()

    assert not any(LINK in line for line in lines)
    for line in [*lines, *([] if last == LINK else [last])]:
        assert LINK not in line
        assert shown(line, None) == shown(line, "R")


@pytest.mark.parametrize("language", sorted(RIGHT_TO_LEFT))
def test_the_numbers_of_a_menu_stand_at_the_right(language: str) -> None:
    for text in (ASKED[language][0], ASKED[language][3]):
        _, *choices = reply(language, text, ORDERS).splitlines()[-3:]
        numbers = [line.partition(".")[0] for line in choices]

        assert len(choices) == 2
        for number, line in zip(numbers, choices, strict=True):
            assert shown(line, None).endswith(f" .{number}")


@pytest.mark.parametrize("language", sorted(RIGHT_TO_LEFT))
@pytest.mark.parametrize("kind", ["confirmed", "shipped", "refunded"])
@pytest.mark.parametrize("parcel", [PARCEL, DUE], ids=["", "due"])
def test_every_token_of_a_notice_shows_as_it_was_given(
    parcel: Shipment, kind: NoticeKind, language: str
) -> None:
    news = told(kind, "p1", amount=PRICE if kind != "shipped" else None)
    known = replace(ORDERS[0], shipments=(parcel,))
    sent = sms.plain(describe(news, known, SPOKEN.voice, language, NOW))
    first, *rest = sent.splitlines()
    amount = "₪ ۲۴۹٫۹۰" if language == "fa" else "₪ 249.90"

    assert "#1001" in shown(first, None)
    assert SHOP in shown(first, None)
    assert shown(first, None) == shown(first, "R")
    if kind == "shipped":
        assert rest == [LINK]
        assert parcel == DUE or "Israel Post" in shown(first, None)
        assert "RR123456785IL" in shown(first, None)
    else:
        assert amount in shown(first, None)


@pytest.mark.parametrize("language", sorted(RIGHT_TO_LEFT))
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("who", ["Noa", "5678", "נועה"])
def test_every_line_of_an_alert_begins_at_the_right(kind: Kind, language: str, who: str) -> None:
    """But that of a link, and of the customer's own words, which are theirs to begin."""
    way = Way("dana", "twilio", LINE, NOA, language, is_text=True)
    matter = Escalation("e1", "keshet", "c" * 32, kind, NOW, who, since=NOW)
    here = Here(SPOKEN, LINK.partition("?")[0], NOW)
    for matters in ((matter,), (matter, replace(matter, id="e2", who="Daniel"))):
        for line in words(matters, way, here).splitlines():
            if not line.startswith("https://"):
                assert shown(line, None) == shown(line, "R")
                assert SHOP not in line or SHOP in shown(line, None)
