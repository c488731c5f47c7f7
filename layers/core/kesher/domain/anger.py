"""Whether a text is angry: by words that hardly anybody writes who is not. A complaint is no anger, and
most complaints are calm; a wrong alarm at night costs more than a missed one by day.

Words are compared by their stems, as `understanding.py` does it, but in their order and side by side.
A word that is taken back by the one before it ("not angry") is none. docs/escalations.md has what
was measured.
"""

from collections.abc import Iterable

from kesher.domain.stem import stem, words
from kesher.domain.text import fold


class Anger:
    """The phrases of a shop's languages, ready to be looked for."""

    def __init__(self, phrases: Iterable[str], denials: Iterable[str]) -> None:
        self._phrases = {_stems(each) for each in phrases} - {()}
        self._longest = max(map(len, self._phrases), default=0)
        self._denials = {stem(each) for phrase in denials for each in words(fold(phrase))}

    def is_in(self, text: str) -> bool:
        said = _stems(text)
        return any(
            said[start : start + length] in self._phrases and not self._is_denied(said, start)
            for start in range(len(said))
            for length in range(1, self._longest + 1)
        )

    def _is_denied(self, said: tuple[str, ...], start: int) -> bool:
        return start > 0 and said[start - 1] in self._denials


def _stems(text: str) -> tuple[str, ...]:
    return tuple(stem(each) for each in words(fold(text)))
