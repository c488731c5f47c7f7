"""The texts Kesher ships, one file a language: `TEXTS` by name, `ASKS`, the phrases by which customers
ask a standard question, `WEEKDAYS` from Monday, as they stand in `when_weekday`, and `DATE`, the pattern
of a day without its year (Persian has its own calendar). A shop overrides any text in its file."""

import importlib
from datetime import date
from functools import cache, lru_cache

from kesher.domain.order import Money
from kesher.domain.shop import Shop
from kesher.domain.text import fold
from kesher.domain.voice import Voice
from kesher.domain.when import When

LANGUAGES = ("en", "he", "fa", "ar", "ru")
_PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


def texts(language: str) -> dict[str, str]:
    shipped: dict[str, str] = importlib.import_module(f"kesher.words.{language}").TEXTS
    return shipped


def asks(language: str) -> dict[str, tuple[str, ...]]:
    phrases: dict[str, tuple[str, ...]] = importlib.import_module(f"kesher.words.{language}").ASKS
    return phrases


@lru_cache(maxsize=64)
def voice(shop: Shop) -> Voice:
    """What this shop says, and how its customers ask. A customer may ask in any of its languages."""
    spoken = {code: texts(code) | shop.words.get(code, {}) for code in shop.languages}
    standard = tuple(pair for code in shop.languages for pair in _standard(code))
    own = tuple(
        (fold(phrase), topic)
        for topic, question in shop.bot.questions.items()
        for phrases in question.ask.values()
        for phrase in phrases
    )
    return Voice(shop, spoken, standard + own, money, moment)


@cache
def _standard(language: str) -> tuple[tuple[str, str], ...]:
    return tuple((fold(ask), topic) for topic, each in asks(language).items() for ask in each)


def money(amount: Money, language: str) -> str:
    """As the language writes it: ₪199.90 in English, with the sign after the number in Russian."""
    from babel.numbers import format_currency  # noqa: PLC0415 (30 ms that few texts need)

    return str(format_currency(amount.amount, amount.currency, locale=language))


def moment(when: When, language: str) -> dict[str, str]:
    """What the texts `when_*` are given: the time on a clock of 24 hours, and a weekday or a date."""
    time = f"{when.time.hour}:{when.time.minute:02}"
    values = {"time": time.translate(_PERSIAN_DIGITS) if language == "fa" else time}
    if when.kind == "weekday":
        weekdays: tuple[str, ...] = importlib.import_module(f"kesher.words.{language}").WEEKDAYS
        values["weekday"] = weekdays[when.weekday]
    if when.kind == "date":
        values["date"] = _jalali(when.date) if language == "fa" else _date(when.date, language)
    return values


def _date(day: date, language: str) -> str:
    from babel.dates import format_date  # noqa: PLC0415 (40 ms that few texts need)

    pattern: str = importlib.import_module(f"kesher.words.{language}").DATE
    return format_date(day, pattern, locale=language)


def _jalali(day: date) -> str:
    from persiantools.jdatetime import MONTH_NAMES_FA, JalaliDate  # noqa: PLC0415 (30 ms, as above)

    there = JalaliDate.to_jalali(day.year, day.month, day.day)
    return f"{there.day} {MONTH_NAMES_FA[there.month]}".translate(_PERSIAN_DIGITS)
