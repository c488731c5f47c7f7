"""The texts Kesher ships and the words it knows, one file a language: `TEXTS` by name; `ASKS`, the
phrases by which customers ask a standard question, and what surrounds them; `GONE`, what a page says
that is not there, whoever's it was; `WEEKDAYS` from Monday, as they stand in `when_tomorrow`,
`when_weekday` and `day_weekday`; and `DATE`, the pattern of a day without its year (Persian has its own
calendar). A shop overrides any text in its file."""

import importlib
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from types import ModuleType

from kesher.domain.anger import Anger
from kesher.domain.numerals import CARDINALS
from kesher.domain.order import Money
from kesher.domain.shop import Shop
from kesher.domain.spoken import Numbers
from kesher.domain.text import fold
from kesher.domain.understanding import Understanding
from kesher.domain.voice import Voice
from kesher.domain.when import Day, When

LANGUAGES = ("en", "he", "fa", "ar", "ru")
_PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


def texts(language: str) -> dict[str, str]:
    shipped: dict[str, str] = _of(language).TEXTS
    return shipped


def gone(language: str) -> str:
    said: str = _of(language).GONE
    return said


def asks(language: str) -> dict[str, tuple[str, ...]]:
    phrases: dict[str, tuple[str, ...]] = _of(language).ASKS
    return phrases


def topics() -> frozenset[str]:
    """What a text may be understood to ask, in any shop."""
    return frozenset(asks(LANGUAGES[0]))


def _of(language: str) -> ModuleType:
    return importlib.import_module(f"kesher.words.{language}")


@lru_cache(maxsize=64)
def voice(shop: Shop) -> Voice:
    """What this shop says, and how its customers ask. A customer may ask in any of its languages."""
    spoken = {code: texts(code) | shop.words.get(code, {}) for code in shop.languages}
    heard = understanding(shop), numbers(tuple(shop.languages))
    people = anger(shop), taking(tuple(shop.languages))
    return Voice(shop, spoken, *heard, money, moment, date_of, *people)


@lru_cache(maxsize=64)
def anger(shop: Shop) -> Anger:
    """The words of its languages, and its own."""
    known = [_of(code) for code in shop.languages]
    own = [phrase for each in shop.escalation.angry.values() for phrase in each]
    return Anger(
        phrases=[*(phrase for each in known for phrase in each.ANGRY), *own],
        before=[word for each in known for word in each.DENIALS],
        behind=[word for each in known for word in each.DENIALS_AFTER],
    )


@lru_cache(maxsize=64)
def taking(languages: tuple[str, ...]) -> frozenset[str]:
    """By which an alert is taken; the English words in any shop."""
    known = {_of(code) for code in (*languages, LANGUAGES[0])}
    return frozenset(fold(word) for each in known for word in each.TAKEN)


@lru_cache(maxsize=64)
def understanding(shop: Shop) -> Understanding:
    """How this shop's customers ask: the standard topics in its languages, and its own questions."""
    phrases: dict[str, list[str]] = {}
    for code in shop.languages:
        for topic, each in asks(code).items():
            phrases.setdefault(topic, []).extend(map(fold, each))
    for topic, question in shop.bot.questions.items():
        asked = [phrase for each in question.ask.values() for phrase in each]
        phrases.setdefault(topic, []).extend(map(fold, asked))
    known = [_of(code) for code in shop.languages]
    return Understanding(
        phrases,
        filler=[fold(word) for each in known for word in each.FILLER],
        trouble=[fold(phrase) for each in known for phrase in each.TROUBLE],
    )


@lru_cache(maxsize=64)
def numbers(languages: tuple[str, ...]) -> Numbers:
    known = [_of(code) for code in languages]
    return Numbers(
        cardinal=_valued(CARDINALS[code] for code in languages),
        ordinal=_valued(each.ORDINALS for each in known),
        around=frozenset(fold(word) for each in known for word in each.CHOOSING),
    )


def _valued(tables: Iterable[Mapping[int, tuple[str, ...]]]) -> dict[str, int]:
    return {fold(word): value for table in tables for value, said in table.items() for word in said}


def money(amount: Money, language: str) -> str:
    """As the language writes it: ₪199.90 in English, with the sign after the number in Russian, in
    Persian digits in Persian."""
    from babel.numbers import format_currency  # noqa: PLC0415 (30 ms that few texts need)

    numbers = "default" if language == "fa" else "latn"
    written = str(
        format_currency(amount.amount, amount.currency, locale=language, numbering_system=numbers)
    )
    return digits(written, language)


def moment(when: When, language: str) -> dict[str, str]:
    """What the texts `when_*` are given: the time on a clock of 24 hours, and a weekday or a date."""
    time = f"{when.time.hour}:{when.time.minute:02}"
    return {"time": digits(time, language), **date_of(when, language)}


def date_of(day: Day, language: str) -> dict[str, str]:
    """What the texts `day_*` are given."""
    if day.kind in {"tomorrow", "weekday"}:
        weekdays: tuple[str, ...] = importlib.import_module(f"kesher.words.{language}").WEEKDAYS
        return {"weekday": weekdays[day.weekday]}
    if day.kind == "date":
        return {"date": _jalali(day.date) if language == "fa" else _date(day.date, language)}
    return {}


def digits(written: str, language: str) -> str:
    """In those of the language."""
    return written.translate(_PERSIAN_DIGITS) if language == "fa" else written


def _date(day: date, language: str) -> str:
    from babel.dates import format_date  # noqa: PLC0415 (40 ms that few texts need)

    pattern: str = importlib.import_module(f"kesher.words.{language}").DATE
    return format_date(day, pattern, locale=language)


def _jalali(day: date) -> str:
    from persiantools.jdatetime import MONTH_NAMES_FA, JalaliDate  # noqa: PLC0415 (30 ms, as above)

    there = JalaliDate.to_jalali(day.year, day.month, day.day)
    return f"{there.day} {MONTH_NAMES_FA[there.month]}".translate(_PERSIAN_DIGITS)
