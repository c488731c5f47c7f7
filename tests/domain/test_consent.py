from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kesher.domain.consent import Proof, Wish, change, overtaken, wish
from kesher.domain.customer import STOPPABLE
from tests.builders import ANY_TEXT, NOA, NOW, SHIRIN, customer

OPT_OUT = {
    "en": [
        *("STOP", "STOPALL", "STOP ALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE"),
        *("OPTOUT", "OPT-OUT", "REMOVE", "ARRET"),
    ],
    "he": ["הסר", "הסרה", "להסרה", "הסירו אותי", "עצור", "די", "ביטול"],
    "fa": ["لغو", "لغو۱۱", "لغو ۱۱", "انصراف", "توقف"],
    "ar": ["إلغاء", "الغاء", "توقف", "إيقاف", "إلغاء الاشتراك"],
    "ru": ["СТОП", "ОТПИСАТЬСЯ"],
}
OPT_IN = {
    "en": ["START", "UNSTOP", "SUBSCRIBE"],
    "he": ["הצטרף"],
    "fa": ["شروع", "عضویت"],
    "ar": ["اشتراك", "ابدأ"],
    "ru": ["СТАРТ", "ПОДПИСАТЬСЯ"],
}
YES = {"en": ["YES"], "he": ["כן"], "fa": ["بله"], "ar": ["نعم"], "ru": ["да"]}
HELP = {
    "en": ["HELP", "INFO"],
    "he": ["עזרה", "מידע"],
    "fa": ["راهنما", "کمک"],
    "ar": ["مساعدة"],
    "ru": ["ПОМОЩЬ", "СПРАВКА"],
}
WISHES: list[tuple[str, Wish]] = [
    *((word, "opt-out") for each in OPT_OUT.values() for word in each),
    *((word, "opt-in") for each in OPT_IN.values() for word in each),
    *((word, "help") for each in HELP.values() for word in each),
]
# What may stand around or inside a word without making it another.
DRESS = st.text(" .,!?;:'\"-–—…()[]«»״׳’“”*_#~|\n\t\u200e\u200f\u202a\u202c\u2066\u2069🙏😡👎🏽❤️⛔")
MARKS = st.text("\u200e\u200f\u202a\u202b\u202c\u2067\u2069\u200b\ufeff\u00ad\u2060", max_size=3)
NIQQUD = st.text("\u05b0\u05b7\u05b8\u05b9\u05bc\u05c1", max_size=2)
DIGITS = ("11", "۱۱", "١١", "१១", "１１", "𝟏𝟏")


@pytest.mark.parametrize(("word", "wanted"), WISHES)
def test_the_whole_text_is_one_of_the_words(word: str, wanted: Wish) -> None:
    assert wanted == wish(customer(), word)
    assert wanted == wish(customer(stopped=STOPPABLE), word)


@pytest.mark.parametrize("word", [word for each in YES.values() for word in each])
def test_yes_starts_again_only_who_had_stopped(word: str) -> None:
    assert wish(customer(), word) is None
    assert wish(customer(stopped=STOPPABLE), word) == "opt-in"


@pytest.mark.parametrize(
    "text",
    [
        "cancel order 1234",
        "please cancel my order",
        "when does the sale end?",
        "is it the end of the season",
        "don't stop the delivery",
        "stop by tomorrow?",
        "help me choose a puzzle",
        "I'd like to start a return",
        "ביטול הזמנה 1234",
        "איך מבטלים הזמנה",
        "די כבר יקר אצלכם",
        "לא",
        "اگر نرسید لغو کنید",
        "لغو سفارش ۱۲۳۴",
        "إلغاء الطلب 1234",
        "стоп кран сломан",
        "stopp",
        "nonstop",
        "endend",
        "2 stop",
        "s.t.o.p",
        "👎",
        "🛑",
        "5",
        "",
    ],
)
def test_a_request_that_holds_a_word_goes_to_a_person(text: str) -> None:
    assert wish(customer(), text) is None
    assert wish(customer(address=SHIRIN), text) is None


@pytest.mark.parametrize("eleven", DIGITS)
def test_eleven_stops_a_line_in_iran_and_is_a_number_elsewhere(eleven: str) -> None:
    assert wish(customer(SHIRIN), eleven) == "opt-out"
    assert wish(customer(NOA), eleven) is None
    assert wish(customer("+972549812345"), eleven) is None


@pytest.mark.parametrize("twelve", ["12", "۱۲", "١٢"])
def test_twelve_starts_a_stopped_line_in_iran_again(twelve: str) -> None:
    assert wish(customer(SHIRIN, stopped=STOPPABLE), twelve) == "opt-in"
    assert wish(customer(SHIRIN), twelve) is None
    assert wish(customer(NOA, stopped=STOPPABLE), twelve) is None


@given(st.sampled_from(WISHES), DRESS, DRESS)
@settings(deadline=None, max_examples=300)
def test_what_stands_around_a_word_changes_nothing(
    case: tuple[str, Wish], before: str, after: str
) -> None:
    word, wanted = case

    assert wanted == wish(customer(), before + word + after)


@given(st.sampled_from(WISHES), MARKS, st.data())
@settings(deadline=None, max_examples=300)
def test_marks_inside_a_word_change_nothing(
    case: tuple[str, Wish], marks: str, data: st.DataObject
) -> None:
    word, wanted = case
    at = data.draw(st.integers(0, len(word)))

    assert wanted == wish(customer(), word[:at] + marks + word[at:])


@given(st.sampled_from(WISHES), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=200)
def test_capitals_change_nothing(case: tuple[str, Wish], dice: Random) -> None:
    word, wanted = case
    typed = "".join(dice.choice((char.upper(), char.lower())) for char in word)

    assert wanted == wish(customer(), typed)


@given(st.sampled_from(OPT_OUT["he"]), st.data())
@settings(deadline=None, max_examples=100)
def test_points_in_hebrew_change_nothing(word: str, data: st.DataObject) -> None:
    pointed = "".join(char + (data.draw(NIQQUD) if char != " " else "") for char in word)

    assert wish(customer(), pointed) == "opt-out"


@pytest.mark.parametrize(
    "text",
    ["ＳＴＯＰ", "لغـــو", "لغو\u200c۱۱", "لغو١١", "لغو 11", "توقّف", "Стоп!", "arrêt", "opt out"],
)
def test_other_ways_to_type_a_word_are_the_word(text: str) -> None:
    assert wish(customer(), text) == "opt-out"


@given(ANY_TEXT)
@settings(deadline=None, max_examples=200)
def test_any_text_is_a_wish_or_none(text: str) -> None:
    assert wish(customer(), text) in {"opt-out", "opt-in", "help", None}


def test_a_stop_ends_every_class_but_its_own_confirmation() -> None:
    after, _ = change(customer(), "opt-out", Proof("keyword", "הסר", "twilio", "SM1"), NOW)

    assert after.opted_out
    assert "consent" not in after.stopped
    assert {"conversational", "informational", "survey", "promotional", "alert"} == after.stopped


def test_a_start_undoes_a_stop() -> None:
    after, _ = change(
        customer(stopped=STOPPABLE), "opt-in", Proof("keyword", "הצטרף", "twilio", "SM2"), NOW
    )

    assert frozenset() == after.stopped


def test_a_change_is_proved_by_the_customers_own_words() -> None:
    noa = customer(language="he")
    after, entry = change(noa, "opt-out", Proof("keyword", "הסירו אותי", "twilio", "SM1"), NOW)

    assert (
        entry.source,
        entry.evidence,
        entry.message,
        entry.action,
        entry.at,
    ) == ("keyword", "הסירו אותי", "SM1", "opt-out", NOW)
    assert (noa.id, noa.shop) == (entry.customer, entry.shop)
    assert (noa.id, "he") == (after.id, after.language)


def test_one_message_proves_one_change() -> None:
    proof = Proof("receipt", "21610", "twilio", "SM1")
    _, first = change(customer(), "opt-out", proof, NOW)
    _, again = change(customer(), "opt-out", proof, NOW + timedelta(days=1))
    _, other = change(customer(), "opt-out", Proof("receipt", "21610", "twilio", "SM2"), NOW)

    assert first.id == again.id
    assert first.id != other.id


@pytest.mark.parametrize("some", [frozenset({"promotional"}), STOPPABLE - {"survey"}, frozenset()])
def test_who_stopped_some_classes_has_not_opted_out(some: frozenset[str]) -> None:
    assert not customer(stopped=some).opted_out
    assert wish(customer(stopped=some), "YES") is None


def test_an_entrys_id_is_what_it_has_always_been() -> None:
    """It is part of a key: another recipe would let one message prove two changes."""
    _, entry = change(customer(), "opt-out", Proof("keyword", "הסר", "twilio", "SM1"), NOW)
    assert entry.id == "ddf5f15f3f7253f39ccc"


@pytest.mark.parametrize(
    ("wanted", "last", "late"),
    [
        ("opt-in", None, False),
        ("opt-in", NOW, False),
        ("opt-in", NOW + timedelta(seconds=1), True),
        ("opt-out", NOW + timedelta(seconds=1), True),
        ("help", NOW + timedelta(seconds=1), False),
    ],
)
def test_a_wish_is_overtaken_by_a_later_one(
    wanted: Wish, last: datetime | None, late: bool
) -> None:
    assert overtaken(customer(consent_at=last), wanted, NOW) is late


def test_a_change_dates_the_customer_and_its_line_alike() -> None:
    proof = Proof("keyword", "STOP", "twilio", "SM1")
    changed, entry = change(customer(), "opt-out", proof, NOW)

    assert changed.consent_at == entry.at == NOW
