"""What the words around a rating do to it, one file a language.

A customer answers in whatever language they like, so all of them are known at once. Only a word that is
known may stand between the beginning of a text and its number, or open what is said behind it: so a noun
that nobody thought of ("3 lampshades") makes no rating.
"""

from collections.abc import Iterable, Mapping
from functools import cache

from kesher.domain.numerals import AMBIGUOUS, CARDINALS, DUALS, MARKS, NINE_OR_NO
from kesher.domain.rating.vocabulary import ar, en, fa, he, ru
from kesher.domain.text import fold

KINDS: Mapping[str, str] = {
    "half": "4 *and a half*",
    "of": "5 *out of* 5; 2 *of* them",
    "of_or_i": "من: of in Arabic, I in Persian",
    "per": "5 *on* 5, where a fraction may be meant; otherwise it opens a comment",
    "star": "5 *star*, which may also describe a thing",
    "stars": "5 *stars*, which may not",
    "point": "5 *points*",
    "unit": "what is counted, timed or paid: 5 *days*, 3 new *items*",
    "left": "what stands right behind a number that counts: 2 *missing*",
    "single": "what only 1 counts: 1 *item*; behind another number it opens a comment",
    "span": "*between* 1 and 5, *on a scale of* 1 to 5",
    "to": "1 *to* 5, 4 *or* 5",
    "tally": "the Persian تا: 1 *to* 5, and 5 *pieces*",
    "correction": "3, *sorry* 4",
    "no": "*not* 5",
    "yes": "*yes*",
    "asking": "*where* is it",
    "wanting": "4 *call me*",
    "is": "said of one: 5 Dana *is* a star",
    "was": "the same, and may open a comment: 5 *was* fine",
    "article": "*the* 3 I ordered; otherwise says nothing",
    "please": "*please*: a number in front of it is asked for",
    "giving": "I *give* 5; not so 5 you do not *deserve*",
    "courtesy": "says nothing: *hi*, *my rating*, 5, *thanks*",
    "verdict": "praise and blame, as good before a number as behind it: *great* 5",
    "opener": "what a comment begins with: 4 *because* of the box",
    "but": "4 *but* late",
    "if": "5 *if* you come today",
    "once": "what would have been: it *would have been* a 5",
    "would": "what would be: I *would give* 5, but",
    "about": "*more than* 5, *almost* 5",
    "up": "*thumbs up*",
    "down": "*thumbs down*",
}

_LANGUAGES = (en, he, fa, ar, ru)


def _phrases() -> Iterable[tuple[str, tuple[str, int]]]:
    for language in _LANGUAGES:
        for kind, phrases in language.WORDS.items():
            yield from ((fold(phrase), (kind, 0)) for phrase in phrases)


def _numbers() -> Iterable[tuple[str, tuple[str, int]]]:
    for table in (*CARDINALS.values(), MARKS, DUALS):
        for value, said in table.items():
            for word in said:
                yield fold(word), ("weak" if word in AMBIGUOUS else "number", value)
    yield fold(NINE_OR_NO), ("nine", 9)


@cache
def known() -> Mapping[str, tuple[str, int]]:
    """Folded word or phrase to its kind, and to its value where it is a number."""
    return {**dict(_phrases()), **dict(_numbers())}


@cache
def longest() -> int:
    """In words, of all that is known."""
    return max(len(phrase.split()) for phrase in known())
