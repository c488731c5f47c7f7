from collections.abc import Callable
from math import ceil
from typing import Any

import pytest
import smsutil
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kesher.domain.sms import Encoding, plan

GSM = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
split: Callable[[str], Any] = smsutil.split
DOUBLE = "^{}\\[~]|€\f"
PEOPLE_TYPE = st.one_of(
    st.text(GSM + DOUBLE, max_size=500),
    st.text(GSM + DOUBLE + "שלום סלאם می‌رسد’“…–ç😀🇮🇱👨‍👩‍👧", max_size=250),
    st.text(max_size=250),
    st.text(DOUBLE, min_size=70, max_size=400),
    st.text("😀א", min_size=30, max_size=300),
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
