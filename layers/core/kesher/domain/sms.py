"""How many parts a text costs on SMS.

GSM 03.38 (3GPP TS 23.038): 128 characters of 7 bits, ten more that cost two; anything else turns
the whole text into UCS-2, counted in UTF-16 units. One part holds 160 septets or 70 units; of
several, each holds 153 or 67, since six bytes go to the header that joins them. Neither an escape
pair nor a surrogate pair may be torn apart, so parts are filled greedily, not divided.
"""

from dataclasses import dataclass
from typing import Literal

Encoding = Literal["GSM-7", "UCS-2"]

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("^{}\\[~]|€\f")
_CAPACITY: dict[Encoding, tuple[int, int]] = {"GSM-7": (160, 153), "UCS-2": (70, 67)}


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
