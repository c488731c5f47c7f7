"""What the form of a word that nobody listed tells: whether a number before it can be counting it.

Languages count in forms of their own, so a word in another form begins a comment: "5 Дана супер" is a
score, "5 тарелок" five plates. Arabic and bare Persian words do not tell, nor does what stands behind a
one.
"""

import re
from typing import NamedTuple

_PLURAL = re.compile("[a-z]{2,}[a-rt-z]s")


class _Form(NamedTuple):
    least: int
    """The smallest number that does not count such words."""
    word: re.Pattern[str]


_UNCOUNTED = (
    # With the article: "3 המחירים", "٣ الأسعار".
    _Form(0, re.compile("ה[א-ת]{3,}|[وبفک]?ال[ء-ی]{3,}|لل[ء-ی]{3,}")),
    # Hebrew counts plurals; מ is "of the", and a verb in the plural has lost its noun.
    _Form(2, re.compile("(?!מ)[א-ת]{3,}(?<!ים)(?<!ין)(?<!ות)(?<!ו)")),
    # Persian counts singulars that are nobody's.
    _Form(0, re.compile("[ء-ی]{2,}(?:ها|های|هاش|هاتون|هاشون|تون|شون|مون)")),
    _Form(0, re.compile("[ء-ی]{2,}(?:ردید|دادید|ردین|بودید|هستید|ردن|ردند)")),
    # Arabic: what you all did.
    _Form(0, re.compile("[ء-ی]{2,}تو(?:ا|نا|نی)")),
    _Form(0, re.compile("(?!خ)[ء-ی]{3,}تم")),
    # Russian: behind 2, 3 and 4 the genitive singular, from 5 on that of the plural.
    _Form(2, re.compile("[а-я]{2,}(?:[ую]|[^ыи]е|(?<!л)о)")),
    _Form(5, re.compile("[а-я]{2,}(?<!л)[аяыи]")),
)


def is_plural(word: str) -> bool:
    """Whether it looks like an English plural, which any number before it counts."""
    return _PLURAL.fullmatch(word) is not None


def is_uncounted(word: str, number: int) -> bool:
    """Whether the number before this folded word cannot be counting it."""
    return any(number >= form.least and form.word.fullmatch(word) for form in _UNCOUNTED)
