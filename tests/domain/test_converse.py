from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kesher import words
from kesher.domain.converse import Situation, decide
from kesher.domain.customer import STOPPABLE, ConsentChange, Customer
from kesher.domain.decision import Decision
from kesher.domain.deeds import orders_told
from kesher.domain.message import Inbound, Media, Outbound, TextReceived
from kesher.domain.order import Order, Shipment
from kesher.domain.shop import Bot, Limits, Question
from kesher.domain.voice import Voice
from kesher.domain.when import when
from tests.builders import (
    ANY_TEXT,
    HOUSE,
    KESHET,
    LINE,
    NOA,
    NOW,
    SHIRIN,
    VOICE,
    customer,
    house,
    only,
    order,
    received,
    records,
    stored,
    texts,
    voice,
)

PHOTO = (Media("https://api.twilio.example/media/ME1", "image/jpeg"),)
PARCEL = Shipment("p1", "Cheetah", "CH-77-0012", "https://cheetah.example/t/CH-77-0012")
LIMIT = 4
SHORT = voice(limits=Limits(automatic_replies_per_hour=LIMIT))


def take(
    text: TextReceived,
    known: Customer | None = None,
    orders: tuple[Order, ...] = (),
    speech: Voice = VOICE,
) -> Decision:
    return decide(Situation(known, orders), text, house(speech), text.received_at)


def say(word: str, language: str, **values: str) -> str:
    return VOICE.say(word, language, **values)


def promise(language: str, minutes: int = 10) -> str:
    """By when a person will answer, as the customer reads it."""
    by = NOW + timedelta(minutes=minutes)
    return VOICE.when(when(by, NOW, HOUSE.calendar.zone), language)


def handed_over(language: str) -> str:
    return say("handed_over", language, when=promise(language))


def and_a_person(said: str, language: str) -> str:
    return f"{said} {say('promise', language, when=promise(language))}"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("שלום, קניתי פאזל וחסרים בו שלושה חלקים", "he"),
        ("Hello, my puzzle is missing three pieces", "en"),
        ("سلام، سه تکه از پازل من کم است", "fa"),
        ("مرحبا، ثلاث قطع ناقصة من الأحجية", "ar"),
        ("Здравствуйте, в пазле нет трёх деталей", "ru"),
        ("😡", "he"),
        ("Bonjour la boutique, une question", "en"),
    ],
)
def test_a_first_text_is_answered_that_a_person_will(text: str, language: str) -> None:
    decision = take(received(text))
    noa = only(Customer, decision)

    assert [handed_over(language)] == texts(decision)
    assert noa.conversation is not None
    assert (
        noa.conversation.state,
        noa.conversation.opened_at,
        noa.conversation.waiting_since,
    ) == ("waiting", NOW, NOW)
    assert noa.conversation.id == only(Inbound, decision).conversation
    assert noa.conversation.id == only(Outbound, decision).conversation


def test_a_follow_up_is_added_to_what_waits() -> None:
    first = take(received("חסרים שלושה חלקים בפאזל"))
    noa = stored(first)
    second = take(received("והקופסה קרועה", minute=2), noa)
    after = only(Customer, second)

    assert texts(second) == []
    assert [say("added", "he")] == texts(take(received("?", minute=15), stored(second)))

    assert noa.conversation is not None
    assert after.conversation is not None
    assert noa.conversation.id == after.conversation.id == only(Inbound, second).conversation
    assert noa.conversation.waiting_since == after.conversation.waiting_since
    assert NOW + timedelta(minutes=2) == after.conversation.last_text_at


def test_only_what_promises_is_no_longer_worth_telling_once_it_would_be_owned_up_to() -> None:
    waits = stored(take(received("חסרים שלושה חלקים בפאזל")))
    assert waits.conversation is not None
    by = replace(waits.conversation, promised_at=NOW + timedelta(minutes=10))
    soon = replace(waits, conversation=by)
    promise = only(Outbound, take(received("אפשר לדבר עם נציג?", minute=2), soon))
    answer = only(Outbound, take(received("מה שעות הפתיחה שלכם?", minute=2), soon))

    assert by.warn_at == promise.valid_until
    assert answer.valid_until - answer.at == timedelta(hours=1)


def test_who_asks_for_a_person_again_is_promised_again() -> None:
    noa = stored(take(received("חסרים שלושה חלקים בפאזל")))
    again = take(received("אפשר לדבר עם נציג?", minute=2), noa)

    assert [and_a_person(say("added", "he"), "he")] == texts(again)
    assert stored(again).conversation.promised_at == noa.conversation.promised_at  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("מה שעות הפתיחה שלכם?", "ראשון עד חמישי 9:00-19:00, שישי 9:00-13:00."),
        ("What are your opening hours please", "Sunday to Thursday 9:00-19:00, Friday 9:00-13:00."),
        ("ساعت کاری شما چیست؟", "یکشنبه تا پنج‌شنبه ۹ تا ۱۹."),
        ("можно вернуть товар?", "אפשר להחזיר בתוך 14 יום."),
        ("יש אצלכם עטיפת מתנה?", "עטיפה עולה 10 ש״ח."),
        ("Do you offer gift wrapping?", "Wrapping costs 10 shekels."),
    ],
)
def test_a_standard_question_is_answered_from_the_shop_file(text: str, answer: str) -> None:
    decision = take(received(text))
    conversation = only(Customer, decision).conversation

    assert [answer] == texts(decision)
    assert conversation is not None
    assert (conversation.state, conversation.waiting_since) == ("scripted", None)


def test_the_wait_begins_where_the_script_ends() -> None:
    noa = stored(take(received("מה שעות הפתיחה?")))
    after = stored(take(received("והאם יש חניה בסביבה?", minute=7), noa)).conversation

    assert after is not None
    assert (NOW, NOW + timedelta(minutes=7)) == (after.opened_at, after.waiting_since)


def test_a_question_the_shop_file_does_not_answer_goes_to_a_person() -> None:
    decision = take(received("כמה עולה משלוח לחיפה?"))

    assert [handed_over("he")] == texts(decision)


def test_the_shops_own_question_stands_beside_the_standard_ones() -> None:
    bot = Bot(
        answers={"returns": {"en": "Within 14 days."}},
        questions={
            "returns_abroad": Question(
                {"en": ["returns from abroad"]}, {"en": "Write to us first."}
            )
        },
    )
    speech = voice(languages=["en"], bot=bot)

    assert texts(take(received("returns from abroad?"), speech=speech)) == ["Write to us first."]
    assert texts(take(received("returns?"), speech=speech)) == ["Within 14 days."]


ORDERS: list[tuple[str, str]] = [
    ("איפה ההזמנה שלי?", "he"),
    ("Where's my order", "en"),
    ("سفارش من کجاست؟", "fa"),
    ("أين طلبي؟", "ar"),
    ("Где мой заказ?", "ru"),
]


@pytest.mark.parametrize(("text", "language"), ORDERS)
def test_where_is_my_order_is_told_with_the_newest_first(text: str, language: str) -> None:
    orders = (
        order("confirmed", "shipped", shipments=(PARCEL,)),
        order("delivered", id="6001", number="#1011"),
    )
    decision = take(received(text), orders=orders)
    tracked = say("order_tracked", language, order="#1042", tracking="Cheetah CH-77-0012")

    assert [
        "\n".join(
            [
                say("orders", language),
                tracked,
                say("order_delivered", language, order="#1011"),
                "https://cheetah.example/t/CH-77-0012",
            ]
        )
    ] == texts(decision)


@pytest.mark.parametrize(("text", "language"), ORDERS)
def test_where_is_my_order_without_one_goes_to_a_person(text: str, language: str) -> None:
    decision = take(received(text))
    conversation = only(Customer, decision).conversation

    assert [and_a_person(say("no_orders", language), language)] == texts(decision)
    assert conversation is not None
    assert conversation.state == "waiting"


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (date(2026, 11, 21), None),
        (date(2026, 11, 22), "Expected today."),
        (date(2026, 11, 23), "Expected tomorrow."),
        (date(2026, 11, 24), "Expected on Tuesday."),
        (date(2026, 12, 3), "Expected on 3 December."),
        (date(2027, 12, 3), None),
    ],
)
def test_the_day_an_order_is_expected_is_told_while_it_is_ahead(
    day: date, told: str | None
) -> None:
    due = order("shipped", shipments=(replace(PARCEL, expected_on=day),))
    other = order("delivered", id="6001", number="#1011", expected_on=day)

    assert orders_told((due, other), VOICE, "en", NOW).split("\n") == [
        "Your orders at צעצועי קשת:",
        "#1042: on its way. Cheetah CH-77-0012",
        *([told] if told else []),
        "#1011: delivered.",
        "https://cheetah.example/t/CH-77-0012",
    ]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("איפה ההזמנה שלי?", "he", "צפויה להגיע ביום שלישי."),
        ("Where's my order", "en", "Expected on Tuesday."),
        ("سفارش من کجاست؟", "fa", "احتمالاً سه‌شنبه می‌رسد."),
        ("أين طلبي؟", "ar", "يُتوقع وصوله يوم الثلاثاء."),
        ("Где мой заказ?", "ru", "Ожидается во вторник."),
    ],
)
def test_an_order_that_is_being_prepared_tells_its_day_as_well(
    text: str, language: str, expected: str
) -> None:
    due = order("confirmed", expected_on=date(2026, 11, 24))
    (told,) = texts(take(received(text), orders=(due,)))

    assert told.split("\n")[1:] == [say("order_confirmed", language, order="#1042"), expected]


def test_the_day_is_counted_in_the_shops_time_zone() -> None:
    """It is Monday in Haifa, and still Sunday in New York."""
    due = order("shipped", expected_on=date(2026, 11, 23))
    abroad = voice(timezone="America/New_York")
    late = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)

    assert "Expected today." in orders_told((due,), VOICE, "en", late)
    assert "Expected tomorrow." in orders_told((due,), abroad, "en", late)


def test_the_link_is_that_of_the_newest_parcel_of_the_newest_order() -> None:
    second = Shipment("p2", "Cheetah", "CH-77-0013", "https://cheetah.example/t/CH-77-0013")
    unlinked = Shipment("p3", "Cheetah", "CH-77-0014")
    orders = (
        order("shipped", shipments=(PARCEL, second, unlinked)),
        order("shipped", id="6001", number="#1011", shipments=(PARCEL,)),
    )
    _, newest, _, *links = orders_told(orders, VOICE, "en", NOW).split("\n")

    assert "CH-77-0014" in newest
    assert links == ["https://cheetah.example/t/CH-77-0013"]


def test_no_more_than_three_orders_are_told() -> None:
    orders = tuple(order("confirmed", id=str(n), number=f"#{n}") for n in range(9, 0, -1))

    assert [
        "Your orders at צעצועי קשת:",
        *(f"#{n}: confirmed, being prepared." for n in (9, 8, 7)),
    ] == (orders_told(orders, VOICE, "en", NOW).split("\n"))


def test_an_order_without_a_number_is_told_by_its_id() -> None:
    assert "7001: cancelled." in orders_told((order("cancelled", number=""),), VOICE, "en", NOW)


@pytest.mark.parametrize("language", KESHET.languages)
@pytest.mark.parametrize("status", ["confirmed", "shipped", "delivered", "cancelled", "refunded"])
def test_every_status_has_its_line(
    status: Literal["confirmed", "shipped", "delivered", "cancelled", "refunded"], language: str
) -> None:
    assert say(f"order_{status}", language, order="#1042") in orders_told(
        (order(status),), VOICE, language, NOW
    )


@pytest.mark.parametrize(
    ("text", "word", "language"),
    [
        ("STOP", "opted_out", "en"),
        ("הסר", "opted_out", "he"),
        ("لغو۱۱", "opted_out", "fa"),
        ("СТОП", "opted_out", "ru"),
    ],
)
def test_a_stop_is_confirmed_once(text: str, word: str, language: str) -> None:
    decision = take(received(text))
    entry = only(ConsentChange, decision)

    assert [say(word, language)] == texts(decision)
    assert only(Outbound, decision).message_class == "consent"
    assert stored(decision).opted_out
    assert ("opt-out", "keyword", text) == (entry.action, entry.source, entry.evidence)


def test_a_second_stop_is_stored_and_not_confirmed_again() -> None:
    """47 CFR 64.1200(a)(12) allows one text after a stop, and machines may answer that one too."""
    noa = stored(take(received("STOP")))
    decision = take(received("STOP", minute=1), noa)

    assert only(Inbound, decision).text == "STOP"
    assert texts(decision) == []


def test_a_start_is_welcomed() -> None:
    noa = customer(stopped=STOPPABLE, language="he")
    decision = take(received("הצטרף"), noa)

    assert [say("opted_in", "he")] == texts(decision)
    assert not stored(decision).opted_out
    assert only(ConsentChange, decision).action == "opt-in"


@pytest.mark.parametrize(
    ("earlier", "later", "ends_stopped"), [("START", "STOP", True), ("STOP", "START", False)]
)
def test_of_two_wishes_the_one_written_later_counts_though_it_came_first(
    earlier: str, later: str, ends_stopped: bool
) -> None:
    noa = stored(take(received("שלום")))
    noa = stored(take(received(later, minute=2), noa), noa)
    decision = take(received(earlier, minute=1), noa)

    assert stored(decision, noa).opted_out is ends_stopped
    assert only(Inbound, decision).text == earlier
    assert (records(ConsentChange, decision), texts(decision)) == ([], [])


def test_a_wish_counts_from_when_it_was_written() -> None:
    late = decide(Situation(), received("STOP"), HOUSE, NOW + timedelta(hours=3))
    known = Situation(stored(late))
    after = decide(known, received("START", minute=1), HOUSE, NOW + timedelta(hours=4))

    assert only(ConsentChange, late).at == stored(late).consent_at == NOW
    assert not stored(after).opted_out


def test_help_is_answered_however_late_it_comes() -> None:
    noa = stored(take(received("START", minute=2)))

    assert texts(take(received("HELP", minute=1), noa)) == [say("help", "en")]


@pytest.mark.parametrize("stopped", [frozenset(), STOPPABLE])
def test_help_is_told_to_everyone_and_changes_nothing(stopped: frozenset[str]) -> None:
    decision = take(received("עזרה"), customer(stopped=stopped))

    assert [say("help", "he")] == texts(decision)
    assert records(ConsentChange, decision) == []
    assert stopped == stored(decision).stopped


@pytest.mark.parametrize(
    ("wanted", "changes"), [("opt-out", ["opt-out"]), ("opt-in", ["opt-in"]), ("help", [])]
)
def test_what_the_provider_has_answered_is_not_answered_again(
    wanted: Literal["opt-out", "opt-in", "help"], changes: list[str]
) -> None:
    decision = take(received("STOP", provider_consent=wanted))
    entries = records(ConsentChange, decision)

    assert texts(decision) == []
    assert changes == [entry.action for entry in entries]
    assert {entry.source for entry in entries} <= {"provider"}
    assert only(Inbound, decision).text == "STOP"


def test_a_stop_ends_no_conversation() -> None:
    """The person who reads it sees what went before."""
    noa = stored(take(received("חסרים שלושה חלקים בפאזל")))
    decision = take(received("הסר", minute=1), noa)

    assert noa.conversation is not None
    assert noa.conversation == stored(decision).conversation
    assert noa.conversation.id == only(Inbound, decision).conversation


def test_eleven_stops_in_iran_and_is_a_text_elsewhere() -> None:
    assert stored(take(received("۱۱", address=SHIRIN))).opted_out
    assert not stored(take(received("11", address=NOA))).opted_out


def test_cancelling_an_order_is_a_request_to_a_person() -> None:
    decision = take(received("cancel order 1234"))

    assert [handed_over("en")] == texts(decision)
    assert not stored(decision).opted_out


@pytest.mark.parametrize("text", ["חסרים שלושה חלקים", "מה שעות הפתיחה?", "איפה ההזמנה שלי", ""])
def test_an_opted_out_customer_is_stored_without_an_answer(text: str) -> None:
    decision = take(received(text), customer(stopped=STOPPABLE))

    assert texts(decision) == []
    assert text == only(Inbound, decision).text
    assert stored(decision).opted_out


def test_an_opted_out_customer_who_writes_waits_for_a_person() -> None:
    conversation = stored(
        take(received("חסרים שלושה חלקים"), customer(stopped=STOPPABLE))
    ).conversation

    assert conversation is not None
    assert conversation.state == "waiting"


@pytest.mark.parametrize("text", ["", "  ", "\n"])
def test_a_picture_without_words_is_received(text: str) -> None:
    decision = take(received(text, media=PHOTO), customer(language="he"))

    assert [and_a_person(say("picture", "he"), "he")] == texts(decision)
    assert only(Inbound, decision).media == PHOTO


def test_a_picture_with_words_is_answered_for_its_words() -> None:
    decision = take(received("מה שעות הפתיחה?", media=PHOTO))

    assert texts(decision) == ["ראשון עד חמישי 9:00-19:00, שישי 9:00-13:00."]


@pytest.mark.parametrize("text", ["", " \n\t", "\ufffd\ufffd\ufffd"])
def test_what_cannot_be_read_is_asked_for_once_more(text: str) -> None:
    decision = take(received(text))

    assert [and_a_person(say("unreadable", "he"), "he")] == texts(decision)
    assert text == only(Inbound, decision).text


@pytest.mark.parametrize(
    "text",
    [
        "Thank you for contacting Peretz Carpets. We will reply soon.",
        "Where is my order?",
        "returns",
        "",
        "👍",
        "HELP",
        "STOP",
        "START",
    ],
)
def test_two_machines_that_answer_each_other_come_to_rest(text: str) -> None:
    known: Customer | None = None
    answered = 0
    for minute in range(3 * LIMIT):
        decision = take(received(text, minute=minute), known, speech=SHORT)
        known, answered = stored(decision, known), answered + len(texts(decision))
        assert text == only(Inbound, decision).text

    assert answered <= LIMIT


def test_after_an_hour_of_rest_a_customer_is_answered_again() -> None:
    busy = customer(automatic=LIMIT, automatic_since=NOW - timedelta(minutes=59))
    rested = replace(busy, automatic_since=NOW - timedelta(minutes=60))

    assert texts(take(received("returns?"), busy, speech=SHORT)) == []
    assert len(texts(take(received("returns?"), rested, speech=SHORT))) == 1
    after = stored(take(received("returns?"), rested, speech=SHORT))
    assert (after.automatic, after.automatic_since) == (1, NOW)


def test_sixteen_hundred_emoji_are_a_text() -> None:
    decision = take(received("🐫" * 1600))

    assert only(Inbound, decision).text == "🐫" * 1600
    assert [handed_over("he")] == texts(decision)


@given(ANY_TEXT, st.booleans(), st.sampled_from([None, "opt-out", "opt-in", "help"]))
@settings(deadline=None, max_examples=200)
def test_every_text_is_stored_once(
    text: str, opted_out: bool, wanted: Literal["opt-out", "opt-in", "help"] | None
) -> None:
    noa = customer(stopped=STOPPABLE if opted_out else frozenset())
    decision = take(received(text, provider_consent=wanted), noa)
    kept = only(Inbound, decision)

    assert (text, NOA, LINE, "twilio", NOW) == (
        kept.text,
        kept.address,
        kept.line,
        kept.channel,
        kept.at,
    )
    assert len(texts(decision)) <= 1
    assert len({each.id for each in records(Customer, decision)}) == 1


def test_the_same_delivery_is_the_same_text_and_the_same_answer() -> None:
    first, again = take(received("שלום רב")), take(received("שלום רב"))
    other = take(received("שלום רב", minute=1))

    assert only(Inbound, first).id == only(Inbound, again).id != only(Inbound, other).id
    assert only(Outbound, first).id == only(Outbound, again).id != only(Outbound, other).id


def test_the_same_id_on_another_channel_is_another_text() -> None:
    here, there = take(received("שלום")), take(received("שלום", channel="simulator"))

    assert only(Inbound, here).id != only(Inbound, there).id
    assert only(Outbound, here).id != only(Outbound, there).id


def test_a_customer_is_known_by_where_they_write_from() -> None:
    noa = stored(take(received("שלום לכולם", name="Noa", line="+97239999999")))

    assert (noa.channel, noa.line, noa.name, noa.language) == (
        "twilio",
        "+97239999999",
        "Noa",
        "he",
    )


def test_a_name_once_known_is_kept() -> None:
    assert stored(take(received("שלום", name="xX_noa_Xx"), customer(name="נועה"))).name == "נועה"


def test_the_answer_goes_back_the_way_the_text_came() -> None:
    noa = customer(channel="simulator", line="+97231111111")
    text = only(Outbound, take(received("שלום", line="+97239999999"), noa))

    assert (text.channel, text.line, text.address) == ("twilio", "+97239999999", NOA)


@pytest.mark.parametrize(
    ("text", "kept", "language"),
    [
        ("5", "fa", "fa"),
        ("ok thanks", "he", "he"),
        ("Пожалуйста, по-русски", "he", "ru"),
        ("Ce puzzle est incomplet", "he", "he"),
    ],
)
def test_the_language_of_a_customer_is_kept(text: str, kept: str, language: str) -> None:
    speech = voice(languages=["he", "fa", "ru"])

    assert language == stored(take(received(text), customer(language=kept), speech=speech)).language


@pytest.mark.parametrize(("text", "language"), [("مرحبا", "ar"), ("سلام", "fa")])
def test_whoever_only_greets_is_answered_in_the_language_of_the_greeting(
    text: str, language: str
) -> None:
    """The shop lists Persian first."""
    decision = take(received(text))

    assert stored(decision).language == language
    assert texts(decision)[0].startswith(say("menu", language))


def test_an_answer_is_not_worth_sending_an_hour_later() -> None:
    text = only(Outbound, take(received("שלום")))

    assert (timedelta(hours=1), "conversational") == (
        text.valid_until - text.at,
        text.message_class,
    )


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_the_words_we_ask_for_are_the_words_we_know(language: str) -> None:
    """Whoever sends back any word that a text of ours has put in quotes or capitals is understood."""
    speech = voice(languages=[language])
    asked = {
        "opted_out": ("START", "הצטרף", "شروع", "اشتراك", "СТАРТ"),
        "opted_in": ("STOP", "הסר", "لغو", "إيقاف", "СТОП"),
        "help": ("STOP", "הסר", "لغو", "إيقاف", "СТОП"),
    }
    for word, known in asked.items():
        told = speech.say(word, language)
        (reply,) = [each for each in known if each in told]
        action = only(ConsentChange, take(received(reply), speech=speech)).action

        assert action == ("opt-in" if word == "opted_out" else "opt-out")
