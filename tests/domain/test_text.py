import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kesher.domain.text import LONGEST_LINE, clean, contains, fold, line, link, name
from tests.builders import ANY_TEXT

OURS = st.text(
    "abcXYZ éß אבגםשׁ וֹ פچژگکیيىكةأإآؤئ ـ\u200c\u200e\u202e ёЁжД 059٠٩۰۹⑤５ .,!?'’״\"-😀⭐️\n\t"
)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("הגיע\x00 שבור", "הגיע שבור"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("tab\tand\nline stay", "tab\tand\nline stay"),
        ("bell\x07 escape\x1b delete\x7f", "bell escape delete"),
        ("page\x0cbreak\x0b, unit\x1f", "pagebreak, unit"),
        ("half a smile \ud83d", "half a smile \ufffd"),
        ("not a character \ufffe\uffff", "not a character "),
        ("می‌خواهم", "می‌خواهم"),
        ("\u200f+972-50\u200e", "\u200f+972-50\u200e"),
        ("👨‍👩‍👧 ❤️", "👨‍👩‍👧 ❤️"),
    ],
)
def test_everything_a_person_can_see_is_kept(typed: str, stored: str) -> None:
    assert stored == clean(typed)


@given(ANY_TEXT)
@settings(deadline=None, max_examples=200)
def test_clean_text_goes_through_every_queue_and_table(text: str) -> None:
    cleaned = clean(text)

    assert cleaned == cleaned.encode().decode()
    assert not [
        char
        for char in cleaned
        if (char < " " and char not in "\t\n") or char in "\x7f\ufffe\uffff"
    ]
    assert cleaned == clean(cleaned)


@given(st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn"))))
@settings(deadline=None, max_examples=200)
def test_text_without_controls_is_left_alone(text: str) -> None:
    assert text == clean(text)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("#1042", "#1042"),
        ("  דואר \n ישראל\t", "דואר ישראל"),
        ("RR12\u202e3456\u202c", "RR123456"),
        ("\u2067Cheetah\u2069", "Cheetah"),
        ("پست‌چی", "پست‌چی"),
        ("", ""),
    ],
)
def test_a_value_is_one_line_that_turns_nothing_around(said: str, kept: str) -> None:
    assert kept == line(said)


def test_a_value_in_a_text_has_a_hundred_characters_at_most() -> None:
    assert line("9" * 50_000) == "9" * LONGEST_LINE
    assert line("א" * 99 + " ב") == "א" * 99


def test_a_name_has_forty_characters_at_most() -> None:
    assert name("א" * 41) == "א" * 40
    assert name("\u202eשירין\n") == "שירין"


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://post.example/RR1", True),
        ("http://post.example/t?q=1#x", True),
        ("javascript:alert(1)", False),
        ("ftp://post.example/RR1", False),
        ("https://post.example/a b", False),
        ("https://post.example/\nSTOP", False),
        ("see https://post.example", False),
        ("https://" + "a" * 501, False),
        ("https://", False),
        ("", False),
        (None, False),
    ],
)
def test_only_the_address_of_a_page_is_a_link(url: str | None, kept: bool) -> None:
    assert (url if kept else None) == link(url)


def test_a_link_has_nothing_in_it_that_a_queue_refuses() -> None:
    assert (
        link("https://post.example/\x00\ufffeRR1\u202e\ud800") == "https://post.example/RR1\ufffd"
    )


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Where's my ORDER?!", "wheres my order"),
        ("where’s my order", "wheres my order"),
        ("  two \n lines ", "two lines"),
        ("הַסֵּר", "הסר"),
        ("צה״ל", "צהל"),
        ("\u200fאיפה\u200e ההזמנה\u202c?", "איפה ההזמנה"),
        ("لغـــو", "لغو"),
        ("می\u200cرسد", "میرسد"),
        ("كى", "کی"),
        ("إلغاء", "الغاء"),
        ("Придёт", "придет"),
        ("ＳＴＯＰ", "stop"),
        ("OPT-OUT", "opt out"),
        ("۱۱", "11"),
        ("١١", "11"),
        ("१１", "11"),
        ("⑤", "5"),
        ("❷", "2"),
        ("5️⃣", "5"),
        ("stop 🙏🏽", "stop"),
        ("Straße", "strasse"),
        ("👍", ""),
        ("", ""),
    ],
)
def test_what_people_mean_alike_folds_alike(typed: str, folded: str) -> None:
    assert folded == fold(typed)


@given(OURS)
@settings(deadline=None, max_examples=300)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(text) == fold(fold(text))


@given(ANY_TEXT)
@settings(deadline=None, max_examples=300)
def test_folded_text_holds_letters_digits_and_single_spaces(text: str) -> None:
    folded = fold(text)

    assert " ".join(folded.split()) == folded
    assert {unicodedata.category(char)[0] for char in folded} <= {"L", "N", "Z"}


@pytest.mark.parametrize(
    ("text", "phrase", "held"),
    [
        ("where is my order please", "where is my order", True),
        ("my orders", "my order", False),
        ("reorders", "orders", False),
        ("order", "order", True),
        ("", "order", False),
    ],
)
def test_a_phrase_is_found_as_whole_words(text: str, phrase: str, held: bool) -> None:
    assert held == contains(text, phrase)
