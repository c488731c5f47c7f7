"""Numbers that customers say: the one they choose from a menu, and an order's; and what they say with
a sign alone.

Numbers are read narrowly. "5 days late" chooses nothing, and 250 shekels are no order.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from kesher.domain.stem import near, stem, words
from kesher.domain.text import fold

SIGNS = {
    **dict.fromkeys("👍👌✅✔🆗", "yes"),
    **dict.fromkeys("👎❌", "no"),
    **dict.fromkeys("🙏❤🌹💐", "thanks"),
}
"""Emoji to the topic of a text that has no words besides."""

_DIGITS = re.compile(r"0*\d{1,2}")

# The noun, what may stand between it and the number, and the number: "my order no. is 1001".
_NOUN = (
    r"(?<!to )(?<!can i )(?<!we )(?<!\bi )order|[בלוהמש]{0,2}הזמנ[הת]|سفارش\w{0,4}"
    r"|(?:ال)?(?:طلب(?:ی|یه|یتی)?|اوردر)|заказ(?:а|у|ом|е)?"
)
_BETWEEN = (
    r"no|nr|num|number|id|is|my|its|מספר|מס|שלי|שמספרה|היא|رقم|رقمه|رقمها|شماره|شمارهی|من"
    r"|номер|мой|моего"
)
_NUMBER = r"(?P<number>\d{3,10})\b(?![./:-]*\d)"
_COUNTED = (
    r"nis|ils|usd|eur|shekels?|dollars?|pieces|pcs|שח|שקל\w*|חלקים|יחידות|تومن|تومان|ریال|شکل|شیکل|عدد|تا"
    r"|قطع\w*|руб\w*|шек\w*|шт\w*"
)
_NAMED = re.compile(
    rf"\b(?:{_NOUN})(?:[ :.#-]|\b(?:{_BETWEEN})\b)*{_NUMBER}(?! ?(?:[₪$€]|(?:{_COUNTED})\b))"
)
_MARKED = re.compile(rf"# ?{_NUMBER}")
_ALONE = re.compile(r"(?P<number>\d{4,7})")
_KEPT = re.compile(r"([#./:₪$€-])")


@dataclass(frozen=True)
class Numbers:
    """The number words of a shop's languages, folded."""

    cardinal: Mapping[str, int]
    ordinal: Mapping[str, int]
    around: frozenset[str]
    """Words that may stand around a choice: "option 2 please"."""

    def choice(self, folded: str, count: int, labels: Sequence[str] = ()) -> int | None:
        """Which of `count` numbered options, from 1, a folded text chooses: by a digit, by a number's
        word, or by the words of one option's label. None where it says anything else."""
        said = [word for word in words(folded) if word not in self.around]
        chosen = self._numbered(said)
        if chosen is None:
            return _labelled(said, labels[:count])
        return chosen if 1 <= chosen <= count else None

    def _numbered(self, said: Sequence[str]) -> int | None:
        """The one number that is all that was said. Of "the second one", the second."""
        ordinals: set[int | None] = {self.ordinal[each] for each in said if each in self.ordinal}
        others = {self._cardinal(each) for each in said if each not in self.ordinal}
        numbers = ordinals if others <= {1} and ordinals else ordinals | others
        return numbers.pop() if len(numbers) == 1 else None

    def _cardinal(self, word: str) -> int | None:
        return int(word) if _DIGITS.fullmatch(word) else self.cardinal.get(word)


def _labelled(said: Sequence[str], labels: Sequence[str]) -> int | None:
    """The one option that every word said belongs to: a word of its label, or its number."""
    fitting = [
        place
        for place, label in enumerate(labels, start=1)
        if said and all(_among(each, (str(place), *words(fold(label)))) for each in said)
    ]
    return fitting[0] if len(fitting) == 1 else None


def _among(word: str, known: Collection[str]) -> bool:
    errors = 1 if len(word) >= 5 else 0
    if word.isdigit():
        return word in known
    return any(
        stem(word) == stem(each) or (word[0] == each[0] and near(word, each, errors))
        for each in known
    )


def sign(text: str) -> str | None:
    """The topic that a text without words stands for; of several signs the first one's."""
    return SIGNS.get(text.strip()[:1])


def order_number(text: str) -> str | None:
    """The digits of the order's number that a text names: after `#` or `№`, after the word for an
    order, or alone. Telephone and tracking numbers, dates and amounts are none."""
    plain = _plain(text)
    found = _MARKED.search(plain) or _NAMED.search(plain) or _ALONE.fullmatch(plain.strip(" .:-"))
    return found["number"] if found else None


def _plain(text: str) -> str:
    """The text folded, but with the signs that mark a number or part it from another."""
    return " ".join(
        "".join(each if _KEPT.fullmatch(each) else fold(each) for each in _KEPT.split(word))
        for word in text.replace("№", "#").split()
    )
