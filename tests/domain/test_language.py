from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kesher.domain.language import RIGHT_TO_LEFT, detect, heard, primary
from tests.builders import ANY_TEXT


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
    [(("he", "fa", "ar"), "fa"), (("ar", "fa"), "ar"), (("he", "en"), None)],
)
def test_what_persian_and_arabic_write_alike_is_of_the_shops_language(
    offered: tuple[str, ...], language: str | None
) -> None:
    assert heard("سلام", None, offered) == language
    assert heard("سلام", "ar", offered) == "ar"


def test_hi_is_english() -> None:
    assert [heard(text, None) for text in ("hi", "Hi!", "ok")] == ["en", "en", None]
