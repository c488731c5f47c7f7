import pytest
from bidi import get_display
from hypothesis import given, settings
from hypothesis import strategies as st

from kesher import words
from kesher.domain.language import RIGHT_TO_LEFT
from kesher.domain.render import UnknownField, fields, render

LRM, RLM = "\u200e", "\u200f"
NAMES = st.from_regex(r"[a-z_]{1,12}", fullmatch=True)
LITERALS = st.one_of(
    st.text().filter(lambda text: not set(text) & set("{}")),
    st.sampled_from(
        ["{", "}", "{}", "{0}", "{a.b}", "{a[0]}", "{a!r}", "{a:>9999999999}", "{Shop}", "{ a }"]
    ),
)
VALUES = st.one_of(st.text(), st.sampled_from(["{shop}", "{0}", "%s", "\\1", "\\g<0>", "$shop"]))
TOKENS = (
    "+972-50-234-5678",
    "050-234-5678",
    "0912-345-6789",
    "+98 912 345 6789",
    "A-1234/56",
    "#1042",
    "9:00-17:00",
    "RR123456785IL",
    "-12.50",
    "$199.90",
    "DHL Express",
    "Zayit Ltd.",
    "Toys!",
    "C++ (Haifa)",
)
IN_RTL = [
    (language, name)
    for language in sorted(RIGHT_TO_LEFT)
    for name, template in words.texts(language).items()
    if fields(template)
]


def shown(text: str) -> str:
    """The text as a phone shows it in a right-to-left paragraph, its marks invisible."""
    return str(get_display(text, base_dir="R")).replace(LRM, "").replace(RLM, "")


@pytest.mark.parametrize(
    ("template", "values", "text"),
    [
        ("{shop}: order {order}.", {"shop": "Keshet", "order": "#1042"}, "Keshet: order #1042."),
        ("{shop} {shop}", {"shop": "קשת"}, "קשת קשת"),
        ("{shop}", {"shop": "{order}", "order": "1"}, "{order}"),
        ("{shop.__class__} {0} {} {shop!r}", {"shop": "x"}, "{shop.__class__} {0} {} {shop!r}"),
        ("{shop:>1000000000}", {"shop": "x"}, "{shop:>1000000000}"),
        ("{{shop}}", {"shop": "x"}, "{x}"),
        ("{Shop}", {}, "{Shop}"),
        ("می‌رسد", {}, "می‌رسد"),
        ("", {}, ""),
    ],
)
def test_names_in_braces_and_nothing_else_are_filled(
    template: str, values: dict[str, str], text: str
) -> None:
    assert text == render(template, values)


@pytest.mark.parametrize("template", ["{price}", "{shop} {price}", "{shop}{shop_}", "{_}"])
def test_a_field_nobody_knows_is_refused(template: str) -> None:
    with pytest.raises(UnknownField):
        render(template, {"shop": "Keshet"})


def test_the_unknown_field_is_named() -> None:
    with pytest.raises(UnknownField, match=r"^coupon$"):
        render("{shop} {coupon}", {"shop": "Keshet"})


def test_fields_are_listed_once() -> None:
    assert frozenset({"shop", "order"}) == fields("{shop} {order} {shop} {0} {Order}")


@given(st.lists(st.one_of(LITERALS, st.tuples(NAMES, VALUES))))
@settings(deadline=None, max_examples=300)
def test_a_text_is_made_of_its_letters_and_its_values(
    pieces: list[str | tuple[str, str]],
) -> None:
    literal = [each for each in pieces if isinstance(each, str)]
    values = dict(each for each in pieces if isinstance(each, tuple))
    # Two braces that meet across pieces could make a field of their own.
    template = "|".join(each if isinstance(each, str) else "{" + each[0] + "}" for each in pieces)
    expected = "|".join(each if isinstance(each, str) else values[each[0]] for each in pieces)

    assert expected == render(template, values)
    assert set(expected) <= set("|").union(*literal, *values.values())


@given(VALUES)
@settings(deadline=None, max_examples=200)
def test_from_right_to_left_a_value_gains_one_mark_at_either_end_at_most(value: str) -> None:
    text = render("א{x}", {"x": value}, right_to_left=True)

    assert text in {f"א{value}", f"א{LRM}{value}", f"א{LRM}{value}{LRM}"}
    assert not (value[-1:].isalnum() and text.endswith(LRM))


@given(VALUES, st.text())
@settings(deadline=None, max_examples=200)
def test_from_right_to_left_a_text_gains_one_mark_of_its_own_at_most(
    value: str, after: str
) -> None:
    bare = f"{value}|{after}"
    text = render("{x}|{y}", {"x": value, "y": after}, right_to_left=True)

    assert text.replace(LRM, "").removeprefix(RLM) == bare.replace(LRM, "").removeprefix(RLM)
    assert len(text) <= len(bare) + 5


@pytest.mark.parametrize(
    ("shop", "begins"),
    [
        *(("Keshet Toys", RLM), ("קשת", "ק"), ("Петров", RLM), ("🎁 Keshet", RLM), ("قوس", "ق")),
        *(("7-11", RLM), (RLM + "קשת", RLM)),
    ],
)
def test_a_text_that_begins_with_a_latin_name_still_runs_from_the_right(
    shop: str, begins: str
) -> None:
    text = render("{shop}: הזמנה {order} יצאה", {"shop": shop, "order": "#1"}, right_to_left=True)

    assert text.startswith(begins)
    assert render("{shop}", {"shop": shop}) == shop


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("+972-50-234-5678", LRM + "+972-50-234-5678"),
        ("#1042", LRM + "#1042"),
        ("Zayit Ltd.", LRM + "Zayit Ltd." + LRM),
        (LRM + "₪ ۱۹۹", LRM + "₪ ۱۹۹"),
        (RLM + "199 ₪", RLM + "199 ₪"),
        ("DHL", LRM + "DHL"),
        ("۱۲۳-۴", LRM + "۱۲۳-۴"),
        ("דואר ישראל", "דואר ישראל"),
        ("צעצועי קשת 7", "צעצועי קשת 7"),
        ("پست", "پست"),
        ("https://post.example/RR1", "https://post.example/RR1"),
        ("", ""),
        ("…", "…"),
    ],
)
def test_only_a_left_to_right_value_needs_the_mark(value: str, text: str) -> None:
    assert f"א{text}" == render("א{x}", {"x": value}, right_to_left=True)


def test_a_text_from_left_to_right_pays_for_no_marks() -> None:
    assert render("Order {x}", {"x": "#1042"}) == "Order #1042"


@pytest.mark.parametrize("token", TOKENS)
@pytest.mark.parametrize(("language", "name"), IN_RTL)
def test_every_value_shows_as_it_was_given(language: str, name: str, token: str) -> None:
    template = words.texts(language)[name]

    for field in fields(template):
        neighbours = dict.fromkeys(fields(template), "קשת" if language == "he" else "قوس")
        text = render(template, {**neighbours, field: token}, right_to_left=True)

        assert template.count("{" + field + "}") == shown(text).count(token)


@pytest.mark.parametrize("token", ["0912-345-6789", "+98 912 345 6789", "9:00-17:00"])
def test_without_the_mark_a_persian_phone_shows_numbers_backwards(token: str) -> None:
    """Should this fail one day, the mark is needed no more."""
    assert token not in shown(render("تماس {x}", {"x": token}))


@given(st.from_regex(r"[+#]?[A-Z0-9]([A-Z0-9 ./:-]?[A-Z0-9]){0,20}", fullmatch=True))
@settings(deadline=None, max_examples=300)
def test_any_number_or_code_shows_as_it_was_given(token: str) -> None:
    for template in ("הזמנה {x} יצאה לדרך", "سفارش {x} ارسال شد.", "الطلب {x}: أُلغي"):
        assert token in shown(render(template, {"x": token}, right_to_left=True))
