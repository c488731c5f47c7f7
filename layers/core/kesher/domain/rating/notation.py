"""Patterns over the kinds of tokens, written as they are read: `^ before* score after`.

A pattern is a regular expression in which a name is a token: of that kind, or of any kind of the set of
that name. `a|b` is one token of either, `!a` one token of any other kind. Where alternatives are longer,
spaces stand around the bar.
"""

import re
from collections.abc import Iterable
from functools import cache

from kesher.domain.rating.tokens import Token
from kesher.domain.rating.vocabulary import KINDS

_QUIET = "courtesy article giving correction was would yes of_or_i up down"
SETS = {
    # Before it is known what a number is on the scale.
    "numeral": "number weak",
    "counted": "number weak fraction",
    "out_of": "of of_or_i",
    "through": "dash to tally",
    "pause": "break dash",
    # Then.
    "said": "score drawn scaled",
    "any": "score drawn scaled apart nought off",
    "denial": "no nine",
    "unknown": "other plural link stray",
    # What may stand before a score, and right behind it; and what adds nothing to it.
    "before": f"{_QUIET} is please verdict break dash span ranged faint",
    "after": f"{_QUIET} verdict opener but of per to tally single span wanting asking star stars point"
    " faint same refusal",
    "silent": f"{_QUIET} is break dash per star stars point ranged same",
    "doubtful": "no nine question if once would about stray",
}
TYPED = (
    *("number", "weak", "nine", "drawn", "percent", "stray", "link", "other", "plural"),
    *("question", "dash", "break"),
)
"""Kinds of tokens besides those of known words: `weak` is a number's word that is also another word,
`drawn` are stars, `stray` is a number that rates nothing."""
MADE = (
    *("ranged", "fraction", "starry", "starred"),
    *("score", "scaled", "apart", "nought", "off", "faint", "same", "refusal"),
)
"""Kinds that the grammar makes: "from 1 to 5", "4/5", "4 star", "4 stars"; and what a number is on the
scale. Scores are `score` and `drawn`, `scaled` from another scale, `apart` where a pause must follow,
and a `nought`. Out of range are `off`, and what is so only when it stands alone, `faint`."""
_LETTERS = {kind: chr(0x4E00 + at) for at, kind in enumerate((*KINDS, *TYPED, *MADE))}
"""One for each kind, so that the kinds of a text are a string."""
_NAMES = re.compile(r"(!?)([a-z_]+(?:\|[a-z_]+)*)")


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Once for each pattern, when it is first needed: most texts that a room reads answer no survey."""
    return re.compile(_NAMES.sub(_one_of, pattern).replace(" ", ""))


def _one_of(found: re.Match[str]) -> str:
    kinds = " ".join(SETS.get(name, name) for name in found[2].split("|")).split()
    return f"[{'^' * len(found[1])}{''.join(_LETTERS[each] for each in kinds)}]"


def kinds(tokens: Iterable[Token]) -> str:
    return "".join(_LETTERS[each.kind] for each in tokens)
