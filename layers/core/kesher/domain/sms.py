"""How many parts a text costs on SMS.

GSM 03.38 (3GPP TS 23.038): 128 characters of 7 bits, ten more that cost two; anything else turns
the whole text into UCS-2, counted in UTF-16 units. One part holds 160 septets or 70 units; of
several, each holds 153 or 67, since six bytes go to the header that joins them. Neither an escape
pair nor a surrogate pair may be torn apart, so parts are filled greedily, not divided.

A curly quote or a long dash that an editor puts in by itself can triple the price, so such
typography is made plain (`plain`), but only where that makes the whole text GSM-7: in one that stays
UCS-2 it would save nothing, and "..." takes three units where "\u2026" takes one. What carries
meaning is never touched: no letter, and not U+200C, with which Persian is spelt.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

Encoding = Literal["GSM-7", "UCS-2"]

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("^{}\\[~]|€\f")
_CAPACITY: dict[Encoding, tuple[int, int]] = {"GSM-7": (160, 153), "UCS-2": (70, 67)}

_INVISIBLE = str.maketrans({**dict.fromkeys("\ufeff\u200b\u2060\u00ad"), "\u00a0": " "})
_FRACTIONS = {
    **{"\u00bd": "1/2", "\u2153": "1/3", "\u2154": "2/3", "\u00bc": "1/4", "\u00be": "3/4"},
    **{"\u2155": "1/5", "\u2156": "2/5", "\u2157": "3/5", "\u2158": "4/5", "\u2159": "1/6"},
    **{"\u215a": "5/6", "\u215b": "1/8", "\u215c": "3/8", "\u215d": "5/8", "\u215e": "7/8"},
}
_WHOLE_AND_FRACTION = re.compile(f"(?<=[0-9])(?=[{''.join(_FRACTIONS)}])")
_FULL_WIDTH = {chr(code + 0xFEE0): chr(code) for code in range(ord("!"), ord("~") + 1)}
_PLAIN = str.maketrans(
    {
        **_FULL_WIDTH,
        **dict.fromkeys(
            "\u2018\u2019\u201a\u201b\u2032\u2035\u2039\u203a\u02b9\u02bc\u00b4`\uff40", "'"
        ),
        **dict.fromkeys(
            "\u201c\u201d\u201e\u201f\u2033\u2036\u00ab\u00bb\u275d\u275e\u301d\u301e", '"'
        ),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2022\u2043\ufe58\ufe63", "-"),
        **dict.fromkeys([*map(chr, range(0x2000, 0x200B)), *"\t\u202f\u205f\u3000"], " "),
        **dict.fromkeys("\u2028\u2029", "\n"),
        **dict.fromkeys("\u2044\u2215", "/"),
        **{"\u2026": "...", "\u2025": "..", "\u00d7": "x", "\u02dc": "~", "\u02c6": "^"},
        **{"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl"},
        # It marks a direction that a text of GSM-7 has anyway.
        "\u200e": None,
        **_FRACTIONS,
    }
)
_FEW = 3


@dataclass(frozen=True)
class Plan:
    """A text as the network will carry it; `units` are septets or UTF-16 units."""

    encoding: Encoding
    parts: int
    units: int
    beyond_gsm: frozenset[str]


def plan(text: str) -> Plan:
    beyond_gsm = frozenset(text) - _BASIC - _EXTENSION
    encoding: Encoding = "UCS-2" if beyond_gsm else "GSM-7"
    widths = [_width(char, encoding) for char in text]
    return Plan(encoding, _parts(widths, *_CAPACITY[encoding]), sum(widths), beyond_gsm)


def plain(text: str) -> str:
    """The text as it is sent: without invisible characters that mean nothing, composed (NFC), and
    its typography made plain if all of it is GSM-7 then. It never costs more parts than it did."""
    kept = _tidied(text)
    spelt = _made_plain(kept)
    told = plan(spelt)
    return spelt if told.encoding == "GSM-7" and told.parts <= plan(kept).parts else kept


@dataclass(frozen=True)
class Dear:
    """A text of Latin letters that few other characters make dearer than it would be without."""

    characters: tuple[str, ...]
    """In the order they stand in, each as often as it does."""
    parts: int
    without: int


def dear(text: str) -> Dear | None:
    """What is left of a text's typography that makes it UCS-2, if it is few characters and costs
    parts."""
    spelt = _made_plain(_tidied(text))
    beyond = plan(spelt).beyond_gsm
    if not 1 <= len(beyond) <= _FEW:
        return None
    rest = "".join(char for char in spelt if char not in beyond)
    parts, without = plan(plain(text)).parts, plan(rest).parts
    found = tuple(char for char in spelt if char in beyond)
    return Dear(found, parts, without) if without < parts else None


def _tidied(text: str) -> str:
    """Composed unless that costs more: a few letters, of Hebrew with points among them, have no
    composed form, and are taken apart by it."""
    kept = text.translate(_INVISIBLE)
    composed = unicodedata.normalize("NFC", kept)
    return composed if plan(composed).parts <= plan(kept).parts else kept


def _made_plain(text: str) -> str:
    return _WHOLE_AND_FRACTION.sub(" ", text).translate(_PLAIN)


def _width(char: str, encoding: Encoding) -> int:
    if encoding == "UCS-2":
        return 2 if ord(char) > 0xFFFF else 1
    return 2 if char in _EXTENSION else 1


def _parts(widths: list[int], single: int, each: int) -> int:
    if sum(widths) <= single:
        return 1
    parts, used = 1, 0
    for width in widths:
        if used + width > each:
            parts, used = parts + 1, 0
        used += width
    return parts
