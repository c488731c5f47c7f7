"""Numbers from nought to ten as people write them: words, and the characters that are numbers."""

import unicodedata
from collections.abc import Mapping

CARDINALS: Mapping[str, Mapping[int, tuple[str, ...]]] = {
    "en": {
        0: ("zero",),
        1: ("one",),
        2: ("two",),
        3: ("three",),
        4: ("four",),
        5: ("five",),
        6: ("six",),
        7: ("seven",),
        8: ("eight",),
        9: ("nine",),
        10: ("ten",),
    },
    "he": {
        0: ("אפס",),
        1: ("אחת", "אחד"),
        2: ("שתיים", "שניים", "שתים", "שנים", "שתי", "שני"),
        3: ("שלוש", "שלושה"),
        4: ("ארבע", "ארבעה"),
        5: ("חמש", "חמישה", "חמשה"),
        6: ("שש", "שישה", "ששה"),
        7: ("שבע", "שבעה"),
        8: ("שמונה",),
        9: ("תשע", "תשעה"),
        10: ("עשר", "עשרה"),
    },
    "fa": {
        0: ("صفر",),
        1: ("یک", "یه", "یکی"),
        2: ("دو", "دوتا"),
        3: ("سه",),
        4: ("چهار", "چار"),
        5: ("پنج",),
        6: ("شش", "شیش"),
        7: ("هفت",),
        8: ("هشت",),
        9: ("نه",),
        10: ("ده",),
    },
    "ar": {
        0: ("صفر",),
        1: ("واحد", "واحدة", "وحدة"),
        2: ("اثنان", "اثنين", "اتنين", "تنين", "ثنتين", "اثنتان", "اثنتين"),
        3: ("ثلاثة", "ثلاث", "تلاتة", "تلات"),
        4: ("أربعة", "أربع"),
        5: ("خمسة", "خمس"),
        6: ("ستة", "ست"),
        7: ("سبعة", "سبع"),
        8: ("ثمانية", "ثماني", "تمانية", "تمنية", "ثمان"),
        9: ("تسعة", "تسع"),
        10: ("عشرة", "عشر"),
    },
    "ru": {
        0: ("ноль", "нуль"),
        1: ("один", "одна", "одно", "раз"),
        2: ("два", "две"),
        3: ("три",),
        4: ("четыре",),
        5: ("пять",),
        6: ("шесть",),
        7: ("семь",),
        8: ("восемь",),
        9: ("девять",),
        10: ("десять",),
    },
}
"""By language and value. Both genders, and the forms of speech."""

MARKS: Mapping[int, tuple[str, ...]] = {
    1: ("единица", "единицу", "единичка", "единичку", "кол", "кол вам"),
    2: ("двойка", "двойку", "двоечка", "двоечку"),
    3: ("тройка", "тройку", "троечка", "троечку"),
    4: ("четвёрка", "четвёрку", "четвёрочка", "четвёрочку"),
    5: ("пятёрка", "пятёрку", "пятёрочка", "пятёрочку", "пяти", "пятак"),
    6: ("шестёрка", "шестёрку"),
    7: ("семёрка", "семёрку"),
    8: ("восьмёрка", "восьмёрку"),
    9: ("девятка", "девятку"),
    10: ("десятка", "десятку", "десяточка", "десяточку", "десяти"),
}
"""Russian names of marks, and the cases of "five of five" and "ten of ten"."""

DUALS: Mapping[int, tuple[str, ...]] = {2: ("نجمتين", "نجمتان")}
"""Arabic says "two stars" in one word."""

AMBIGUOUS = frozenset(
    {"zero", "one", "אפס", "אחת", "אחד", "שתי", "שני", "שנים", "یک", "یه", "یکی", "ده", "صفر"}
    | {"واحد", "واحدة", "وحدة", "ست", "ноль", "нуль", "один", "одна", "одно", "раз", "кол"}
)
"""Words that mean something else where more is said: an article ("one of them"), another word ("שני"
is Monday, the Egyptian ده "this"), or nothing at all ("zero help")."""

NINE_OR_NO = "نه"
"""Persian: nine, and no."""


def written(char: str) -> str | None:
    """A character that is a number, in ASCII digits: those of any script as they are, a circled or
    Roman one apart from its neighbours; any fraction as a half. None of any other character."""
    digit = unicodedata.decimal(char, None)
    if digit is not None:
        return str(digit)
    if char == "🔟":
        return " 10 "
    number = unicodedata.numeric(char, None) if unicodedata.category(char) in {"No", "Nl"} else None
    if number is None:
        return None
    return f" {int(number)} " if number.is_integer() else "½"
