"""The texts Kesher ships, one file a language: `TEXTS` by name, and `ASKS`, the phrases by which
customers ask a standard question. A shop overrides any text in its file."""

import importlib
from functools import cache, lru_cache

from kesher.domain.order import Money
from kesher.domain.shop import Shop
from kesher.domain.text import fold
from kesher.domain.voice import Voice

LANGUAGES = ("en", "he", "fa", "ar", "ru")


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
    return Voice(shop, spoken, standard + own, money)


@cache
def _standard(language: str) -> tuple[tuple[str, str], ...]:
    return tuple((fold(ask), topic) for topic, each in asks(language).items() for ask in each)


def money(amount: Money, language: str) -> str:
    """As the language writes it: ₪199.90 in English, with the sign after the number in Russian."""
    from babel.numbers import format_currency  # noqa: PLC0415 (30 ms that few texts need)

    return str(format_currency(amount.amount, amount.currency, locale=language))
