from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kesher import words
from kesher.domain.language import OWN_WORDS, RIGHT_TO_LEFT, detect, heard, primary
from kesher.domain.stem import words as words_of
from kesher.domain.text import fold
from tests.builders import ANY_TEXT
from tests.understanding.measure import utterances

PERSIAN_FIRST, ARABIC_FIRST = ("he", "fa", "ar"), ("he", "ar", "fa")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Where is my order?", "en"),
        ("Où est ma commande", "en"),
        ("איפה ההזמנה שלי?", "he"),
        ("שָׁלוֹם", "he"),
        ("Где мой заказ?", "ru"),
        ("سفارش من کجاست؟", "fa"),
        ("پیگیری سفارش", "fa"),
        ("نمی‌دانم", "fa"),
        ("سلام ۱۲۳", "fa"),
        ("أين طلبي؟", "ar"),
        ("سلام ١٢٣", "ar"),
        ("متى يصل الطلب", "ar"),
        ("سلام", None),
        ("5", None),
        ("ok", None),
        ("כן", None),
        ("👍👍👍👍", None),
        ("⭐⭐⭐⭐⭐", None),
        ("", None),
        ("A-1234/56", None),
        ("RR123456785IL", None),
        ("https://keshet.example/orders/status", None),
        ("noa.peretz@keshet.example", None),
        ("איפה RR123456785IL", "he"),
        ("הלינק https://keshet.example/orders/status לא עובד", "he"),
        ("תגובה ל noa.peretz@keshet.example", "he"),
        ("ה-iPhone הגיע שבור לגמרי", "he"),
    ],
)
def test_a_text_says_its_language_by_its_letters(text: str, language: str | None) -> None:
    assert language == detect(text)


@pytest.mark.parametrize("kept", ["he", "fa", "ar", "ru", "en", None])
@pytest.mark.parametrize("text", ["5", "۵", "ok", "👍", "כן", "да", "!!", "https://a.example/", ""])
def test_a_short_answer_never_changes_the_language(text: str, kept: str | None) -> None:
    assert kept == heard(text, kept)


@pytest.mark.parametrize(
    ("text", "kept", "now"),
    [
        ("thanks", "he", "he"),
        ("toda raba", "he", "he"),
        ("thanks", None, "en"),
        ("I would rather write English", "he", "en"),
        ("איפה ההזמנה", "en", "he"),
        ("спасибо", "he", "ru"),
        ("سلام", "fa", "fa"),
        ("سلام", "ar", "ar"),
        ("سلام", None, None),
    ],
)
def test_a_customer_is_kept_in_the_language_they_speak(
    text: str, kept: str | None, now: str | None
) -> None:
    assert now == heard(text, kept)


@given(ANY_TEXT, st.sampled_from(["he", "fa", None]))
@settings(deadline=None, max_examples=200)
def test_any_text_is_heard_as_one_of_five_languages_or_none(text: str, kept: str | None) -> None:
    assert heard(text, kept) in {"he", "fa", "ar", "ru", "en", kept}


@pytest.mark.parametrize("text", ["1" * 20_000, "1a" * 10_000, "@" * 20_000, "א1" * 10_000])
def test_a_long_row_of_digits_takes_no_longer_than_any_text(text: str) -> None:
    started = process_time()
    detect(text)

    assert process_time() - started < 1


@pytest.mark.parametrize(
    ("locale", "code"),
    [
        ("he", "he"),
        ("he-IL", "he"),
        ("he_IL", "he"),
        ("iw", "he"),
        ("iw-IL", "he"),
        ("per", "fa"),
        ("EN-us", "en"),
        ("", None),
        (None, None),
    ],
)
def test_a_locale_is_read_for_its_language(locale: str | None, code: str | None) -> None:
    assert code == primary(locale)


def test_three_of_our_languages_run_from_right_to_left() -> None:
    assert {"he", "fa", "ar"} == RIGHT_TO_LEFT


@pytest.mark.parametrize(
    ("offered", "language"),
    [(PERSIAN_FIRST, "fa"), (ARABIC_FIRST, "ar"), (("he", "ar"), "ar"), (("he", "en"), None)],
)
def test_what_persian_and_arabic_write_alike_is_of_the_shops_language(
    offered: tuple[str, ...], language: str | None
) -> None:
    for alike in ("تمام", "ممتاز", "سلام نعم"):
        assert heard(alike, None, offered) == language
        assert heard(alike, "ar", offered) == "ar"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        *[(each, "ar") for each in ("مرحبا", "مرحبًا!", "مرحباااا", "أهلا", "اهلا", "هلا", "نعم")],
        *[(each, "ar") for each in ("السلام عليكم", "سلام عليكم", "شكرا", "شكرًا", "موظف")],
        *[(each, "fa") for each in ("سلام", "سلااام", "سلام!", "ممنون", "مرسی", "بله", "آره")],
        *[(each, "fa") for each in ("درود بر شما", "سلام علیکم", "متشکرم", "نه ممنون")],
    ],
)
@pytest.mark.parametrize("offered", [PERSIAN_FIRST, ARABIC_FIRST])
def test_persian_and_arabic_are_told_apart_by_their_words(
    text: str, language: str, offered: tuple[str, ...]
) -> None:
    assert heard(text, None, offered) == language


@pytest.mark.parametrize(("text", "only"), [("سلام", "ar"), ("مرحبا", "fa")])
def test_a_word_makes_nobody_speak_what_the_shop_does_not(text: str, only: str) -> None:
    assert heard(text, None, ("he", only)) == only


@pytest.mark.parametrize("kept", ["fa", "ar"])
@pytest.mark.parametrize("text", ["سلام", "مرحبا", "ممنون", "نعم", "درود"])
def test_a_word_changes_nobodys_language(text: str, kept: str) -> None:
    assert heard(text, kept, PERSIAN_FIRST) == heard(text, kept, ARABIC_FIRST) == kept


@pytest.mark.parametrize("code", sorted(OWN_WORDS))
def test_a_word_of_ones_own_is_said_by_no_other(code: str) -> None:
    """By none of the labelled texts, and by no letter of it; Arabic knows two of the Persian, in other
    company."""
    (other,) = OWN_WORDS.keys() - {code}
    texts = [each.text for each in utterances() if each.language == other]
    phrases = [phrase for each in words.asks(other).values() for phrase in each]
    shared = {"سلام", "ممنون"} if other == "ar" else set()

    assert not OWN_WORDS[code] & OWN_WORDS[other]
    assert not OWN_WORDS[code] & {word for each in texts for word in words_of(fold(each))}
    assert OWN_WORDS[code] & {word for each in phrases for word in words_of(fold(each))} == shared
    assert [each for each in OWN_WORDS[code] if detect(each)] == []


@pytest.mark.parametrize(
    ("offered", "code", "right"),
    [
        (PERSIAN_FIRST, "fa", 268),
        (PERSIAN_FIRST, "ar", 265),
        (ARABIC_FIRST, "fa", 258),
        (ARABIC_FIRST, "ar", 270),
    ],
)
def test_the_labelled_texts_are_heard_in_their_language(
    offered: tuple[str, ...], code: str, right: int
) -> None:
    """Of some 270 each: all but those that are made of letters and words of both."""
    heard_ = [heard(e.text, None, offered) for e in utterances() if e.language == code]

    assert heard_.count(code) >= right


def test_hi_is_english() -> None:
    assert [heard(text, None) for text in ("hi", "Hi!", "ok")] == ["en", "en", None]
