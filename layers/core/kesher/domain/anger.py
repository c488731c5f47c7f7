"""Whether a text is angry: by words that hardly anybody writes who is not. A complaint is no anger, and
most complaints are calm; a wrong alarm at night costs more than a missed one by day.

Words are compared by their stems, as `understanding.py` does it, but in their order and side by side.
A phrase that is taken back by the word before it ("not angry"), or in Persian behind it, is none.
docs/escalations.md has what was measured.
"""

from collections.abc import Iterable

from kesher.domain.stem import stem, words
from kesher.domain.text import fold


class Anger:
    """The phrases of a shop's languages, ready to be looked for."""

    def __init__(
        self, phrases: Iterable[str], before: Iterable[str] = (), behind: Iterable[str] = ()
    ) -> None:
        """Phrases of anger, and the words that take one back."""
        self._phrases = {_stems(each) for each in phrases} - {()}
        self._longest = max(map(len, self._phrases), default=0)
        self._before = {each for word in before for each in _stems(word)}
        self._behind = {each for word in behind for each in _stems(word)}

    def is_in(self, text: str) -> bool:
        said = _stems(text)
        return any(
            said[start : start + length] in self._phrases
            and not self._is_denied(said, start, start + length)
            for start in range(len(said))
            for length in range(1, self._longest + 1)
        )

    def _is_denied(self, said: tuple[str, ...], start: int, end: int) -> bool:
        before, behind = said[max(start - 1, 0) : start], said[end : end + 1]
        return not (self._before.isdisjoint(before) and self._behind.isdisjoint(behind))


def _stems(text: str) -> tuple[str, ...]:
    return tuple(stem(each) for each in words(fold(text)))
