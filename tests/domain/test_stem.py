import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesher.domain.stem import near, stem, words
from kesher.domain.text import fold


@pytest.mark.parametrize(
    "alike",
    [
        ("return", "returns", "returned", "returning"),
        ("delivery", "deliveries"),
        ("ship", "ships", "shipped", "shipping"),
        ("exchange", "exchanges", "exchanging"),
        ("משלוח", "המשלוח", "משלוחים", "והמשלוחים", "במשלוח"),
        ("הזמנה", "ההזמנה", "הזמנת", "בהזמנה", "ושההזמנה"),
        ("להחזיר", "מחזירים", "ומחזירה"),
        ("سفارش", "سفارشم", "سفارش‌ها", "سفارش‌های"),
        ("مرجوع", "مرجوعی"),
        ("طلب", "الطلب", "طلبي", "طلبية", "والطلب", "طلبيتي"),
        ("توصيل", "التوصيل", "والتوصيل"),
        ("заказ", "заказа", "заказы", "заказом"),
        ("доставка", "доставку", "доставкой"),
        ("открывать", "открываетесь", "открывает"),
        ("1001", "250"),
    ],
)
def test_the_forms_of_a_word_have_one_stem(alike: tuple[str, ...]) -> None:
    assert len({stem(fold(each)) for each in alike}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("order", "older"),
        ("הזמנה", "החזרה"),
        ("הזמנתי", "הזמנה"),
        ("ارسال", "سفارش"),
        ("طلب", "شحن"),
        ("заказ", "возврат"),
        ("77", "1001"),
    ],
)
def test_other_words_have_other_stems(one: str, other: str) -> None:
    assert stem(fold(one)) != stem(fold(other))


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("می رسد", ["میرسد"]),
        ("نمی خواهم", ["نمیخواهم"]),
        ("سفارش های من", ["سفارشهای", "من"]),
        ("heyyy there", ["hey", "there"]),
        ("سلاااام", ["سلام"]),
        ("1000 111", ["1000", "111"]),
        ("good", ["good"]),
    ],
)
def test_words_are_read_as_they_were_meant(typed: str, read: list[str]) -> None:
    assert read == words(fold(typed))


@given(st.text(st.sampled_from("abאבסرсд5 \u200cמהות")))
def test_every_word_has_a_stem(text: str) -> None:
    assert all(stem(word) for word in words(fold(text)))


@pytest.mark.parametrize(
    ("typed", "meant", "errors"),
    [
        ("delivery", "delivery", 0),
        ("delivry", "delivery", 1),
        ("dellivery", "delivery", 1),
        ("delivary", "delivery", 1),
        ("deliveyr", "delivery", 1),
        ("delivry", "deliveryx", 2),
        ("dleivrey", "delivery", 2),
        ("", "ab", 2),
        ("abcd", "xbyd", 2),
    ],
)
def test_errors_are_letters_missing_added_wrong_or_exchanged(
    typed: str, meant: str, errors: int
) -> None:
    assert near(typed, meant, errors)
    assert near(meant, typed, errors)
    assert not errors or not near(typed, meant, errors - 1)
