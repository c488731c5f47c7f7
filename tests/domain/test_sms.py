import unicodedata
from collections.abc import Callable
from math import ceil
from typing import Any

import pytest
import smsutil
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kesher.domain.sms import Encoding, dear, plain, plan

GSM = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
split: Callable[[str], Any] = smsutil.split
DOUBLE = "^{}\\[~]|€\f"
MEANINGLESS = "\ufeff\u200b\u2060\u00ad"
TYPOGRAPHY = (
    "\u2018\u2019\u201c\u201d\u201e\u2032\u2033\u00ab\u00bb\u2010\u2011\u2012\u2013\u2014\u2212"
    "\u2022\u2026\u2009\u202f\t\u2044\u00bd\u00be\u00d7`\uff02\uff07\uff01\ufb01\u200e"
)
PEOPLE_TYPE = st.one_of(
    st.text(GSM + DOUBLE, max_size=500),
    st.text(GSM + DOUBLE + "שלום סלאם می‌رسد’“…–ç😀🇮🇱👨‍👩‍👧", max_size=250),
    st.text(max_size=250),
    st.text(DOUBLE, min_size=70, max_size=400),
    st.text("😀א", min_size=30, max_size=300),
    st.text("ab1 €[" + TYPOGRAPHY + MEANINGLESS + "\xa0", max_size=250),
    st.text("…½€a", min_size=40, max_size=200),
    st.text("e\u0301\ufb2a\u05e9\u05c1\ufa6cא" + MEANINGLESS, min_size=20, max_size=200),
)


@pytest.mark.parametrize(
    ("text", "parts", "encoding"),
    [
        ("a" * 160, 1, "GSM-7"),
        ("a" * 161, 2, "GSM-7"),
        ("a" * 306, 2, "GSM-7"),
        ("a" * 307, 3, "GSM-7"),
        ("€" * 80, 1, "GSM-7"),
        ("€" * 81, 2, "GSM-7"),
        ("א" * 70, 1, "UCS-2"),
        ("א" * 71, 2, "UCS-2"),
        ("א" * 134, 2, "UCS-2"),
        ("א" * 135, 3, "UCS-2"),
        ("😀" * 35, 1, "UCS-2"),
        ("😀" * 36, 2, "UCS-2"),
        ("😀" * 66, 2, "UCS-2"),
        ("😀" * 67, 3, "UCS-2"),
        ("a" * 159 + "’", 3, "UCS-2"),
        ("a" * 159 + "'", 1, "GSM-7"),
        ("a\r\nb", 1, "GSM-7"),
        ("a\tb", 1, "UCS-2"),
        ("", 1, "GSM-7"),
    ],
)
def test_a_text_costs_what_the_network_charges(text: str, parts: int, encoding: Encoding) -> None:
    told = plan(text)

    assert (parts, encoding) == (told.parts, told.encoding)


@pytest.mark.parametrize("char", GSM)
def test_a_basic_character_costs_one_septet(char: str) -> None:
    assert (plan(char).encoding, plan(char).units) == ("GSM-7", 1)


@pytest.mark.parametrize("char", DOUBLE)
def test_an_escaped_character_costs_two_septets(char: str) -> None:
    assert (plan(char).encoding, plan(char).units) == ("GSM-7", 2)


@pytest.mark.parametrize(
    "char", "ç`\táíóú’“”–—…\xa0\u200b\u200c\u200d\u200e\u200f\u2060\ufeffאםپیيЖ₪"
)
def test_one_harmless_looking_character_turns_the_whole_text_into_ucs_2(char: str) -> None:
    text = "Your order is on its way" + char

    assert ("UCS-2", len(text), frozenset(char)) == (
        plan(text).encoding,
        plan(text).units,
        plan(text).beyond_gsm,
    )


@pytest.mark.parametrize(
    ("emoji", "units"), [("😀", 2), ("👍🏽", 4), ("🇮🇱", 4), ("🏳️‍🌈", 6), ("👨‍👩‍👧‍👦", 11), ("5️⃣", 3)]
)
def test_an_emoji_costs_its_utf_16_units(emoji: str, units: int) -> None:
    assert units == plan(emoji).units


def test_what_makes_a_text_dear_is_named() -> None:
    assert frozenset("’…") == plan("It’s on its way…").beyond_gsm
    assert frozenset() == plan("It's on its way...").beyond_gsm


@given(st.integers(36, 400))
@settings(deadline=None, max_examples=100)
def test_a_surrogate_pair_is_never_torn(count: int) -> None:
    """67 units hold 33 pairs and an empty place."""
    assert ceil(count / 33) == plan("😀" * count).parts


@given(st.integers(81, 800))
@settings(deadline=None, max_examples=100)
def test_an_escape_pair_is_never_torn(count: int) -> None:
    """153 septets hold 76 pairs and an empty place."""
    assert ceil(count / 76) == plan("€" * count).parts


# smsutil takes a bare escape for GSM, and an empty text for UCS-2.
@given(PEOPLE_TYPE.filter(lambda text: text and "\x1b" not in text))
@example("a" * 152 + "€" + "a" * 152 + "€")
@example("א" * 66 + "😀" + "א" * 66)
@settings(deadline=None, max_examples=300)
def test_smsutil_comes_to_the_same_bill(text: str) -> None:
    theirs = split(text)
    ours = plan(text)

    assert len(theirs.parts) == ours.parts
    assert ("GSM-7" if theirs.encoding == "gsm0338" else "UCS-2") == ours.encoding
    assert theirs.total_bytes // (1 if ours.encoding == "GSM-7" else 2) == ours.units


def test_a_bare_escape_is_not_gsm() -> None:
    assert plan("a\x1bb").encoding == "UCS-2"


@given(PEOPLE_TYPE, PEOPLE_TYPE)
@settings(deadline=None, max_examples=100)
def test_more_text_never_costs_fewer_parts(text: str, more: str) -> None:
    assert plan(text).parts <= plan(text + more).parts


@pytest.mark.parametrize(("char", "units"), [("\uffff", 1), ("\U00010000", 2), ("\U0010ffff", 2)])
def test_only_what_lies_beyond_the_basic_plane_takes_two_units(char: str, units: int) -> None:
    assert plan(char).units == units


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("It\u2019s \u201con its way\u201d \u2013 really\u2026", 'It\'s "on its way" - really...'),
        ("5\u2032 6\u2033, \u00ab2 \u00d7 3\u00bb", '5\' 6", "2 x 3"'),
        ("\u00bd hour, 1\u00bd hours, 2\u20443", "1/2 hour, 1 1/2 hours, 2/3"),
        ("a\tb\u2009c\u202fd\u3000e\u2003f", "a b c d e f"),
        ("one\u2028two\u2029three", "one\ntwo\nthree"),
        ("\uff02Hi\uff02\uff0c \uff2f\uff2b\uff01", '"Hi", OK!'),
        ("\ufb01nd the \ufb02ower", "find the flower"),
        ("Caf\u0065\u0301", "Café"),
        ("\ufeffno\u00adthing\u200b to\u2060 see", "nothing to see"),
        ("10\xa0EUR", "10 EUR"),
        ("\u200eOrder \u200e#1042", "Order #1042"),
        ("", ""),
    ],
)
def test_typography_is_made_plain_where_all_of_it_becomes_gsm(typed: str, sent: str) -> None:
    assert sent == plain(typed)
    assert plan(plain(typed)).encoding == "GSM-7"


@pytest.mark.parametrize(
    "text",
    [
        "שלום – “הכול” בסדר…",
        "می‌رسد… «فردا»",
        "Заказ – «в пути»…",
        "It’s here 🎁 …",
        "ça va – oui…",
        "₪199 – paid",
        "\u200e#1042 הזמנה",
    ],
)
def test_a_text_that_stays_ucs_2_keeps_its_typography(text: str) -> None:
    assert text == plain(text)


def test_a_text_that_stays_ucs_2_loses_what_nobody_sees() -> None:
    assert plain("\ufeffשלום\u200b \u2060לכם\u00ad,\xa0תודה…") == "שלום לכם, תודה…"
    assert plain("и\u0306") == "й"


def test_the_zero_width_non_joiner_of_persian_stays() -> None:
    assert plain("می\u200cرسد") == "می\u200cرسد"
    assert plain("a\u200cb\u200dc") == "a\u200cb\u200dc"


def test_nothing_becomes_a_question_mark() -> None:
    assert "?" not in plain("👍 ç א ₪ ☃ \ud83d")


def test_typography_that_would_cost_parts_when_plain_stays() -> None:
    """Seventy ellipses are one part of UCS-2, and 210 septets."""
    assert plain("…" * 70) == "…" * 70
    assert plain("…" * 53) == "..." * 53


@given(PEOPLE_TYPE)
@settings(deadline=None, max_examples=500)
def test_what_is_sent_never_costs_more_than_what_was_typed(text: str) -> None:
    assert plan(plain(text)).parts <= plan(text).parts


@given(PEOPLE_TYPE.filter(lambda text: text and "\x1b" not in text))
@example("It’s " * 32)
@settings(deadline=None, max_examples=300)
def test_smsutil_bills_what_is_sent_no_higher_than_what_was_typed(text: str) -> None:
    sent = plain(text)

    assert not sent or len(split(sent).parts) <= len(split(text).parts)


@given(PEOPLE_TYPE)
@settings(deadline=None, max_examples=500)
def test_what_is_sent_stays_as_it_is(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@given(PEOPLE_TYPE)
@settings(deadline=None, max_examples=500)
def test_a_text_that_stays_ucs_2_is_only_tidied(text: str) -> None:
    sent = plain(text)
    tidied = text.translate({ord(char): None for char in MEANINGLESS}).replace("\xa0", " ")

    if plan(sent).encoding == "UCS-2":
        assert sent in {tidied, unicodedata.normalize("NFC", tidied)}
    assert not set(sent) & set(MEANINGLESS + "\xa0")
    assert sent.count("\u200c") == text.count("\u200c")


@given(st.text(GSM + DOUBLE, max_size=500))
@settings(deadline=None, max_examples=200)
def test_a_text_of_gsm_is_sent_as_it_is(text: str) -> None:
    assert text == plain(text)


@given(st.text("abc " + TYPOGRAPHY, min_size=1, max_size=40))
@settings(deadline=None, max_examples=200)
def test_typography_alone_never_makes_a_text_ucs_2(text: str) -> None:
    assert plan(plain(text)).encoding == "GSM-7"


@pytest.mark.parametrize(
    ("text", "characters", "parts", "without"),
    [
        ("a" * 159 + "ç", "ç", 3, 1),
        ("a" * 100 + "🎁" + "b" * 20 + "🎁", "🎁🎁", 2, 1),
        ("It’s " * 20 + "₪5", "₪", 2, 1),
        ("Le garçon " * 10, "ç" * 10, 2, 1),
    ],
)
def test_the_few_characters_that_make_a_text_dear_are_named(
    text: str, characters: str, parts: int, without: int
) -> None:
    found = dear(text)

    assert found is not None
    assert (tuple(characters), parts, without) == (found.characters, found.parts, found.without)


@pytest.mark.parametrize(
    "text",
    [
        "It’s on its way… " * 8,
        "short, with ç",
        "צעצועי קשת: ההזמנה בדרך אליכם. " * 4,
        "a" * 300,
        "",
    ],
)
def test_a_text_that_saving_a_few_characters_makes_no_cheaper_is_not_dear(text: str) -> None:
    assert dear(text) is None
