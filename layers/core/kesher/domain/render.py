"""Texts with `{name}` in them. Shop-edited text never meets `str.format`: a format string can read
attributes, and allocate a gigabyte with one width."""

import re

_FIELD = re.compile(r"\{([a-z_]+)\}")
_LRM, _RLM = "\u200e", "\u200f"
_MARKS = frozenset({_LRM, _RLM})
_RTL_LETTER = re.compile("[\u0590-\u065f\u066e-\u06ef\u06fa-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_LTR_TOKEN = re.compile("[0-9A-Za-z\u06f0-\u06f9\u0660-\u0669]")


class UnknownField(ValueError):
    """The text asks for a value that its kind does not have."""


def fields(template: str) -> frozenset[str]:
    return frozenset(_FIELD.findall(template))


def render(template: str, values: dict[str, str], *, right_to_left: bool = False) -> str:
    """The template with its values in place; raises UnknownField. Braces around anything but a
    lower-case name are ordinary characters. In right-to-left text one mark (U+200E) goes before
    each left-to-right value, or "+972-50" would show its plus at the wrong end, and one after a value
    that ends in a sign, or "Zayit Ltd." would lose its dot to the other end; and one (U+200F) before
    a text that begins from the left, with a letter or such a mark, or phones would lay out all of
    that line from the left."""

    def value(match: re.Match[str]) -> str:
        if match[1] not in values:
            raise UnknownField(match[1])
        return _steadied(values[match[1]]) if right_to_left else values[match[1]]

    text = _FIELD.sub(value, template)
    return _turned(text) if right_to_left else text


def _turned(text: str) -> str:
    first = next((char for char in text if char.isalpha() or char in _MARKS), "")
    return text if not first or first == _RLM or _RTL_LETTER.match(first) else _RLM + text


def _steadied(value: str) -> str:
    if _stands_alone(value) or _RTL_LETTER.search(value) or not _LTR_TOKEN.search(value):
        return value
    return _LRM + value if value[-1].isalnum() else _LRM + value + _LRM


def _stands_alone(value: str) -> bool:
    """A link, which has a line to itself, or what has its marks already, such as an amount."""
    return value.startswith(("http", *_MARKS))
