"""Canned replies: which ones an agent is shown, and how their blanks are filled in."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from bidi import get_display

from kesher.domain.canned import BLANKS, Occasion, fitting, ready, values
from kesher.domain.conversation import Conversation
from kesher.domain.order import NoticeKind, Order, Shipment
from kesher.domain.shop import Agent, Canned
from tests.builders import NOW, VOICE, customer, order, voice

DANA = Agent("dana", "דנה", "שירות לקוחות", teams=["care"])
SHIRIN = Agent("shirin", "شیرین", "سرپرست", teams=["persian", "care"])
AMIR = Agent("amir", "אמיר", "בעלים")
PARCEL = Shipment(
    "p1", "Israel Post", "RR123456785IL", expected_on=(NOW + timedelta(days=1)).date()
)
ON_ITS_WAY = order("shipped", number="#1042", shipments=(PARCEL,))
OLDER = order("delivered", id="2", number="#0998", placed_at=NOW - timedelta(days=90))
REPLIES = {
    "order_state": Canned(
        "מצב ההזמנה",
        {
            "he": "שלום {first_name}, הזמנה {order_number} {order_state}.",
            "en": "Hello {first_name}, order {order_number} is {order_state}.",
            "fa": "سلام {first_name}، سفارش {order_number} {order_state}.",
        },
    ),
    "new_one": Canned(
        "A new one", {"he": "נשלח לכם מוצר חדש", "en": "A new one leaves today"}, teams=["care"]
    ),
    "callback": Canned("تماس", {"fa": "{agent} هستم، {role} {shop}."}, teams=["persian"]),
    "care_sheet": Canned("Care", {"he": "כך מטפלים:"}, picture="https://keshet.example/care.jpg"),
}
SPOKEN = voice(canned=REPLIES)


def occasion(
    agent: Agent = DANA,
    language: str = "he",
    orders: tuple[Order, ...] = (ON_ITS_WAY, OLDER),
    **known: Any,
) -> Occasion:
    noa = customer(**({"name": "נועה לוי"} | known))
    return Occasion(SPOKEN, agent, noa, orders, language, NOW)


def names(it: Occasion, team: str = "", sought: str = "") -> list[str]:
    return [each.name for each in fitting(it, team, sought)]


def said(it: Occasion, name: str) -> str:
    return next(each.text for each in fitting(it) if each.name == name)


@pytest.mark.parametrize(
    ("agent", "language", "team", "shown"),
    [
        (DANA, "he", "", ["order_state", "new_one", "care_sheet"]),
        (DANA, "fa", "", ["order_state"]),
        (SHIRIN, "fa", "", ["order_state", "callback"]),
        (SHIRIN, "he", "persian", ["order_state", "care_sheet"]),
        (DANA, "he", "persian", ["order_state", "care_sheet"]),
        (AMIR, "en", "", ["order_state", "new_one"]),
        (AMIR, "fa", "care", ["order_state"]),
        (DANA, "ru", "", []),
    ],
)
def test_an_agent_is_shown_what_is_said_in_the_language_and_for_their_teams(
    agent: Agent, language: str, team: str, shown: list[str]
) -> None:
    assert names(occasion(agent, language), team) == shown


@pytest.mark.parametrize(
    ("language", "sought", "found"),
    [
        ("he", "מוצר", ["new_one"]),
        ("he", "  הזמנ  מצב ", ["order_state"]),
        ("he", "הַזְמָנָה", ["order_state"]),
        ("he", "CARE sheet", ["care_sheet"]),
        ("he", "מוצר הזמנה", []),
        ("fa", "سفارش", ["order_state"]),
        ("fa", "شيرين", []),
        ("fa", "هستم تماس", ["callback"]),
        ("fa", "تمـاس", ["callback"]),
        ("en", "TODAY", ["new_one"]),
        ("he", "", ["order_state", "new_one", "care_sheet"]),
    ],
)
def test_a_reply_is_found_by_its_words_however_they_are_written(
    language: str, sought: str, found: list[str]
) -> None:
    assert names(occasion(SHIRIN, language), sought=sought) == found


def test_every_blank_is_filled_with_what_is_known() -> None:
    known = values(occasion(language="en"))

    assert known == {
        "first_name": "נועה",
        "agent": "דנה",
        "role": "שירות לקוחות",
        "shop": "צעצועי קשת",
        "order_number": "#1042",
        "order_state": "on its way",
        "expected_day": "tomorrow",
        "tracking": "Israel Post RR123456785IL",
    }
    assert [*known] == [*BLANKS]


def test_what_nobody_knows_stays_a_blank_and_is_named() -> None:
    (shown,) = fitting(occasion(language="en", orders=(), name=None), sought="order_state")

    assert shown.text == "Hello {first_name}, order {order_number} is {order_state}."
    assert shown.missing == ("first_name", "order_number", "order_state")


@pytest.mark.parametrize(
    ("about", "number"), [(None, "#1042"), ("0998", "#0998"), ("#998", "#1042")]
)
def test_the_order_is_the_conversations_or_else_the_newest(about: str | None, number: str) -> None:
    talk = Conversation("c1", NOW, "assigned", NOW, order=about)

    assert values(occasion(conversation=talk))["order_number"] == number


@pytest.mark.parametrize("status", ["confirmed", "delivered", "cancelled", "refunded"])
def test_an_order_that_is_not_under_way_has_no_tracking_number(status: NoticeKind) -> None:
    moved = replace(ON_ITS_WAY, status=status)

    assert values(occasion(orders=(moved,)))["tracking"] == ""


@pytest.mark.parametrize("language", ["he", "fa"])
def test_an_orders_number_shows_as_it_is_in_a_text_from_the_right(language: str) -> None:
    text = said(occasion(language=language, name="Noa"), "order_state")

    assert "\u200e#1042" in text
    assert "#1042" in str(get_display(text, base_dir="R"))


def test_a_picture_stands_on_a_line_of_its_own_and_is_paid_for() -> None:
    (shown,) = fitting(occasion(), sought="care_sheet")

    assert shown.text == "כך מטפלים:\nhttps://keshet.example/care.jpg"
    assert shown.parts == 1
    longer = replace(REPLIES["care_sheet"], picture=f"https://keshet.example/{'x' * 60}.jpg")
    told = replace(occasion(), voice=voice(canned={"care_sheet": longer}))
    assert [each.parts for each in fitting(told)] == [2]


def test_what_the_agent_gives_stands_in_a_blank_that_nobody_knew() -> None:
    unknown = occasion(name=None, orders=())
    given = {"first_name": "  Tom\n", "order_number": "#77", "order_state": "בדרך"}
    (filled,) = fitting(replace(unknown, given=given), name="order_state")

    assert filled.text == "שלום \u200eTom, הזמנה \u200e#77 בדרך."
    assert filled.missing == ()


def test_what_is_known_is_not_what_the_agent_gives() -> None:
    (filled,) = fitting(replace(occasion(), given={"first_name": "Tom"}), name="order_state")

    assert filled.text.startswith("שלום נועה,")


# --- to a low score -----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "he", "fa", "ar", "ru"])
def test_two_answers_to_a_low_score_are_ready_in_the_customer_s_language(language: str) -> None:
    sorry, call = ready(occasion(language=language))

    assert (sorry.name, call.name) == ("low_rating_sorry", "low_rating_call")
    assert sorry.text == VOICE.texts[language]["low_rating_sorry"]
    assert call.text == VOICE.texts[language]["low_rating_call"]
    assert sorry.missing == call.missing == ()


def test_their_titles_are_for_the_agent() -> None:
    reading_persian = replace(SHIRIN, languages=["fa"])
    titles = [each.title for each in ready(occasion(reading_persian, language="he"))]

    assert titles == ["عذرخواهی و پرسیدن راه جبران", "عذرخواهی و پیشنهاد تماس"]


def test_a_shop_s_own_take_their_place_in_the_languages_it_has() -> None:
    own = {
        "low_rating_sorry": Canned(
            "פיצוי", {"he": "{first_name}, צר לנו. הזמנה {order_number} עלינו."}
        )
    }
    it = replace(occasion(), voice=voice(canned=own))
    sorry, call = ready(it)

    assert (sorry.title, sorry.text) == ("פיצוי", "נועה, צר לנו. הזמנה \u200e#1042 עלינו.")
    assert call.text == VOICE.texts["he"]["low_rating_call"]
    assert next(ready(replace(it, language="ru"))).text == VOICE.texts["ru"]["low_rating_sorry"]
