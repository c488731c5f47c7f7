import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesher import words
from kesher.domain.spoken import order_number
from kesher.domain.text import fold
from tests.builders import ANY_TEXT

NUMBERS = words.numbers(words.LANGUAGES)
LABELS = ("Opening hours", "Returns", "Shipping", "Something else")
SAID = [
    (language, value, word)
    for language in words.LANGUAGES
    for table in ("cardinal", "ordinal")
    for word, value in getattr(words.numbers((language,)), table).items()
    if value
]


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("2", 2),
        ("2.", 2),
        (" (2) 👍", 2),
        ("2️⃣", 2),
        ("②", 2),
        ("❷", 2),
        ("۲", 2),
        ("٢", 2),
        ("02", 2),
        ("two", 2),
        ("Option 2, please", 2),
        ("the second one", 2),
        ("first", 1),
        ("שתיים", 2),
        ("שניים בבקשה", 2),
        ("האפשרות השנייה", 2),
        ("מספר 3", 3),
        ("گزینه‌ی ۲", 2),
        ("دومی لطفا", 2),
        ("الخيار الثاني", 2),
        ("вариант три", 3),
        ("второй", 2),
        ("returns", 2),
        ("Retruns!", 2),
        ("hours", 1),
        ("2 returns", 2),
        ("else", 4),
    ],
)
def test_an_option_is_chosen_by_its_number_or_its_label(text: str, chosen: int) -> None:
    assert chosen == NUMBERS.choice(fold(text), 4, LABELS)


@pytest.mark.parametrize(
    "text",
    [
        "5",
        "0",
        "1001",
        "#1042",
        "order 2",
        "5 days late",
        "2 days late",
        "it came 3 days late",
        "one two",
        "1 or 2",
        "1 returns",
        "returns and shipping",
        "please",
        "yes",
        "",
        "²½",
    ],
)
def test_anything_else_chooses_nothing(text: str) -> None:
    assert NUMBERS.choice(fold(text), 4, LABELS) is None


@pytest.mark.parametrize(("language", "value", "word"), SAID)
def test_every_number_word_chooses_its_number(language: str, value: int, word: str) -> None:
    assert value == words.numbers((language,)).choice(word, 10)
    assert words.numbers((language,)).choice(word, value - 1) is None


@given(ANY_TEXT, st.integers(0, 9))
def test_a_choice_is_one_of_the_options(text: str, count: int) -> None:
    assert NUMBERS.choice(fold(text), count) in {None, *range(1, count + 1)}


def test_a_label_that_fits_two_options_chooses_neither() -> None:
    assert NUMBERS.choice("order", 2, ("Order 1001", "Order 1002")) is None
    assert NUMBERS.choice("1002", 2, ("Order 1001", "Order 1002")) == 2


@pytest.mark.parametrize(
    "text",
    [
        "#1001",
        "# 1001",
        "№1001",
        "1001",
        "1001!",
        "where is order 1001?",
        "Order#1001",
        "my order no. 1001.",
        "order number is 1001",
        "הזמנה 1001",
        "איפה הזמנה מספר 1001",
        "ההזמנה שלי 1001",
        "מס' הזמנה: 1001",
        "سفارش ۱۰۰۱",
        "شماره‌ی سفارش: ۱۰۰۱",
        "طلب رقم ١٠٠١",
        "طلبي رقم 1001 وين صار",
        "заказ № 1001",
        "что с заказом 1001",
        "\u200f#1001\u200e",
    ],
)
def test_an_order_is_named_by_its_number(text: str) -> None:
    assert order_number(text) == "1001"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12",
        "#12",
        "5 days",
        "I want to order 500 stickers",
        "order 250 nis",
        "order 250₪",
        "הזמנה 250 ש״ח",
        "הזמנתי 1000 חלקים",
        "заказал 500 штук",
        "سفارش ۲۵۰ تومان",
        "order on 12/05/2026",
        "order 2026-11-25",
        "call me 0501234567",
        "0501234567",
        "order 050-1234567",
        "order RR123456785IL",
        "reorder 1001",
    ],
)
def test_other_numbers_are_no_orders(text: str) -> None:
    assert order_number(text) is None


@given(ANY_TEXT)
def test_an_order_number_is_three_to_ten_digits_of_the_text(text: str) -> None:
    number = order_number(text)

    assert number is None or (number.isascii() and number.isdigit() and 3 <= len(number) <= 10)
