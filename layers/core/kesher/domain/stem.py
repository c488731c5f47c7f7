"""Words without their endings, so that "returns", "returning" and "returned" are one word.

Light on purpose: the beginnings and endings that customers' questions differ by, none of a language's
grammar. Phrases and texts are cut alike, so a cut in the wrong place matters only where it makes two
words one. Words come folded (`kesher.domain.text.fold`).
"""

import re

_HEBREW_FINALS = str.maketrans("ךםןףץ", "כמנפצ")
_HEBREW_ENDING = re.compile("(?<=...)(?:ימ|ות|ה|ת)$")
_HEBREW_BEGINNING = re.compile("[הובלמשכ](?=....)")
_ARABIC_BEGINNING = re.compile("(?:و?(?:ال|بال|عال)|لل)(?=...)|[وبل](?=....)")
_ARABIC_ENDING = re.compile(
    "(?<=...)(?:های|هایم|هام|هات|هاتون|ها|تون|مون|شون|کم|نا|ات|ین|ون|ام|ه|ی|ت|م)$"
)
_CYRILLIC_REFLEXIVE = re.compile("(?<=....)(?:ся|сь)$")
_CYRILLIC_ENDING = re.compile(
    "(?<=...)(?:ами|ями|ого|его|ому|ему|ыми|ими|аете|аешь|ает|аем|ают|ать|ять|ить|еть|уть|ите|ете|ишь"
    "|ешь|ет|ит|ут|ют|ат|ят|ов|ев|ей|ой|ий|ый|ая|яя|ое|ее|ые|ие|ую|юю|ах|ях|ам|ям|ом|ем|ью|а|я|о|е|у|ю|ы|и|ь"
    "|й)$"
)
_LATIN_ENDING = re.compile("(?<=...)(?:ing|ed|es|s|e)$")
_LINGERING = re.compile(r"([^\W\d])\1{2,}")
_NUMBER = re.compile(r"\d{3,}")
_PERSIAN_APART = re.compile(r"\b(ن?می) (?=\w)|(?<=\w) (?=(?:ها|های|هایم|هایی)\b)")


def words(folded: str) -> list[str]:
    """The words of a folded text. The Persian parts of a word that are often typed apart are joined,
    and a letter that lingers ("heyyy") is written once."""
    joined = _PERSIAN_APART.sub(lambda found: found[1] or "", folded)
    return _LINGERING.sub(r"\1", joined).split()


def stem(word: str) -> str:
    """A number of three digits or more has the stem `#`, since one order's is as good as another's."""
    if _NUMBER.fullmatch(word):
        return "#"
    first = word[0]
    if "\u05d0" <= first <= "\u05ea":
        return _hebrew(word)
    if "\u0620" <= first <= "\u06d5":
        return _arabic_script(word)
    if "\u0400" <= first <= "\u04ff":
        return _CYRILLIC_ENDING.sub("", _CYRILLIC_REFLEXIVE.sub("", word))
    return _latin(word)


def _hebrew(word: str) -> str:
    """Without plural and feminine endings, and without ה ו ב ל מ ש כ at its beginning."""
    word = _HEBREW_ENDING.sub("", word.translate(_HEBREW_FINALS))
    while found := _HEBREW_BEGINNING.match(word):
        word = word[found.end() :]
    return word


def _arabic_script(word: str) -> str:
    """Persian and Arabic alike, since a word in this script does not say which it is."""
    if found := _ARABIC_BEGINNING.match(word):
        word = word[found.end() :]
    for _ in range(3):
        word = _ARABIC_ENDING.sub("", word)
    return word


def _latin(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("ss"):
        return word
    word = re.sub("(?<=...)s$", "", word)
    word = _LATIN_ENDING.sub("", word)
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "ls" else word


def near(one: str, other: str, errors: int) -> bool:
    """Whether at most so many letters too many, too few, wrong or exchanged with their neighbour
    lie between two words (the optimal string alignment distance)."""
    if one == other:
        return True
    if not errors or abs(len(one) - len(other)) > errors:
        return False
    if one[:1] == other[:1]:
        return near(one[1:], other[1:], errors)
    left = errors - 1
    return (
        near(one[1:], other[1:], left)
        or near(one[1:], other, left)
        or near(one, other[1:], left)
        or (one[:2] == other[1::-1] and near(one[2:], other[2:], left))
    )
