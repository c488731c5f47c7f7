"""The words of the desk's pages, one file a language: `WORDS` by name. What customers are told is in
`kesher.words`."""

import importlib
from functools import lru_cache

from kesher.domain import text
from kesher.domain.render import render

LANGUAGES = ("en", "he", "fa")
_ISOLATE, _END = "\u2068", "\u2069"
"""What stands between them has its own direction, and turns nothing around it."""


@lru_cache(maxsize=len(LANGUAGES))
def words(language: str) -> dict[str, str]:
    shipped: dict[str, str] = importlib.import_module(f"kesher.desk.words.{language}").WORDS
    return shipped


def say(language: str, word: str, **values: str) -> str:
    isolated = {name: _ISOLATE + text.line(value) + _END for name, value in values.items()}
    return render(words(language)[word], isolated)
