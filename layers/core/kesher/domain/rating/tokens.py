"""A customer's answer cut into tokens: numbers, stars, thumbs, signs, and words by what they do.

What nobody needs to read an answer is not there at all: marks of direction, joiners, points, emoji. So
they change no reading. Every token knows where it stands in the text as it was typed.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from kesher.domain.numerals import written
from kesher.domain.rating.forms import is_plural
from kesher.domain.rating.vocabulary import known, longest
from kesher.domain.stem import words
from kesher.domain.text import fold

_FULL, _EMPTY, _UP, _DOWN = "⭐🌟★✭✮✯✪", "☆✩✰", "👍", "👎"
_ALIKE = str.maketrans("؟？،，٫．／∕⁄–—−‑－٪％！：；＊", "??,,..///-----%%!:;*", "\u0640")
_KEPT = frozenset(_FULL + _EMPTY + _UP + _DOWN)
_BLANK = frozenset({"So", "Sk", "Cn", "Co", "Cs"})
_NOTHING = frozenset({"Mn", "Mc", "Me", "Cf"})

_SIGNS = {"/": "per", "?": "question", "-": "dash", "*": "stars", _UP: "up", _DOWN: "down"}
# The tokeniser: at each place the first that fits. A number of no rating is stray.
_TOKENS = re.compile(
    rf"""
    (?P<link>https?://\S+)
  | (?P<stray>
        \+?(?=(?:[ ()-]?\d){{7,}})\d[\d ()-]*\d       # a telephone number, or an order's
      | \d+(?P<mark>[./-])\d+(?:(?P=mark)\d+)+       # a date
      | \d+:\d+(?::\d+)*                              # a time
      | [$€£₪][ ]?\d+(?:[.,]\d+)*                     # money
      | \d+(?:[.,]\d+)*[ ]?[$€£₪]
      | [#№][ ]?\d+
      | \d+[.,]\d{{2,}}
      | (?!100(?!\d))\d{{3,}}(?:[.,]\d+)*
    )
  | (?P<percent>\d+(?:[.,]\d)?[ ]?%)
  | (?P<number>(?<![^\s(:,;])-\d{{1,3}}(?!\d) | \d{{1,3}}(?:½|[.,]\d(?!\d))?)
  | (?P<drawn>[{_FULL}](?:\s*[{_FULL}])*(?:\s*[{_EMPTY}])* | [{_EMPTY}](?:\s*[{_EMPTY}])*)
  | (?P<word>[^\W\d_]+(?:['’"״׳][^\W\d_]+)*)
  | (?P<sign>[/?{_UP}{_DOWN}-] | (?<=\d)\s*\*)
  | (?P<break>[^\w\s/?{_FULL}{_EMPTY}{_UP}{_DOWN}-]+ | \n)
    """,
    re.VERBOSE,
)


@dataclass(frozen=True)
class Token:
    kind: str
    start: int
    end: int
    """In the text as it was typed."""
    value: Fraction = Fraction(0)
    top: int = 0
    """Of stars with empty ones among them, how many there are; of a span, where it ends."""
    word: str = ""
    rescaled: bool = False
    glued: bool = False
    """A word and a number with nothing between them, such as "A5"."""


def tokenised(text: str) -> list[Token]:
    plain, places = _plain(text)
    found: list[Token] = []
    for match in _TOKENS.finditer(plain):
        start = places[match.end() - len(match[0].lstrip(" "))]
        end = places[match.end() - 1] + 1
        glued = bool(found) and match.start() > 0 and plain[match.start() - 1].isalnum()
        found.append(_token(match, start, end, glued))
    return list(_phrased(_unglued(found)))


def named(tokens: Sequence[Token], names: frozenset[str]) -> list[Token]:
    """A name that nobody listed says as little as a greeting does."""
    strange = {"other", "plural"}
    return [
        replace(each, kind="courtesy") if each.kind in strange and each.word in names else each
        for each in tokens
    ]


def _plain(text: str) -> tuple[str, list[int]]:
    """The text with its numbers in ASCII and without what is not read; and where each of its
    characters stood."""
    chars: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        for each in _shown(char):
            chars.append(each)
            places.append(place)
    return "".join(chars), places


def _shown(char: str) -> str:
    number = written(char)
    if number is not None or char in _KEPT:
        return number or char
    category = unicodedata.category(char)
    if category in _NOTHING:
        return ""
    arrow = category == "Sm" and char > "\u2100"
    if category in _BLANK or arrow or (category in {"Cc", "Zs"} and char != "\n"):
        return " "
    return char.translate(_ALIKE)


def _token(match: re.Match[str], start: int, end: int, glued: bool) -> Token:
    kind, said = str(match.lastgroup), match[0]
    if kind == "number":
        value = Fraction(said.replace(",", ".").replace("½", ".5"))
        return Token(kind, start, end, value, glued=glued)
    if kind == "drawn":
        empty = sum(said.count(each) for each in _EMPTY)
        full = sum(said.count(each) for each in _FULL)
        return Token(kind, start, end, Fraction(full), top=full + empty if empty else 0)
    if kind == "word":
        return Token("other", start, end, word=" ".join(words(fold(said))), glued=glued)
    return Token(_SIGNS.get(said.strip(), kind), start, end)


def _unglued(tokens: Sequence[Token]) -> list[Token]:
    """A number that is part of a code ("A5", "12x") is stray; "5stars" and "ל4" are two words."""
    kinds = [each.kind for each in tokens]
    for at, pair in enumerate(pairwise(tokens)):
        if pair[1].glued and _is_code(*pair):
            kinds[at] = kinds[at + 1] = "stray"
    return [replace(each, kind=kind) for each, kind in zip(tokens, kinds, strict=True)]


def _is_code(one: Token, other: Token) -> bool:
    word = one.word or other.word
    apart = word in known() and (len(word) > 1 or not word.isascii())
    return {one.kind, other.kind} == {"number", "other"} and not apart


def _phrased(tokens: Sequence[Token]) -> Iterator[Token]:
    """Each word or phrase with its kind, the longest known phrase first."""
    at = 0
    while at < len(tokens):
        size = next(_known_sizes(tokens[at : at + longest()]), 0)
        yield _known(tokens[at : at + size]) if size else _unknown(tokens[at])
        at += size or 1


def _known_sizes(tokens: Sequence[Token]) -> Iterator[int]:
    together = next((n for n, each in enumerate(tokens) if not each.word), len(tokens))
    for size in range(together, 0, -1):
        if " ".join(each.word for each in tokens[:size]) in known():
            yield size


def _known(tokens: Sequence[Token]) -> Token:
    word = " ".join(each.word for each in tokens)
    kind, value = known()[word]
    return Token(kind, tokens[0].start, tokens[-1].end, Fraction(value or 0), word=word)


def _unknown(token: Token) -> Token:
    return replace(token, kind="plural") if is_plural(token.word) else token
