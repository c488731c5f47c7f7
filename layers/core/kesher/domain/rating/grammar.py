"""Which tokens belong together, and what a number is on the scale.

`TOGETHER` makes "5 out of 5", "5 days", "from 1 to 5" one token each; then each number is ranked, as a
score or as something off the scale; then `SETTLED` says what depends on that.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from math import floor

from kesher.domain.rating.forms import is_uncounted
from kesher.domain.rating.notation import SETS, compiled, kinds
from kesher.domain.rating.tokens import Token
from kesher.domain.scale import NPS, THUMBS, Scale

Made = Callable[[Sequence[Token], Scale], Sequence[Token]]
"""What becomes of the tokens that a pattern found."""
Rewriting = tuple[str, Made]

_WHOLES = frozenset({5, 10, 100})
"""Where scales end that customers think of."""


def settled(tokens: Sequence[Token], scale: Scale) -> Sequence[Token]:
    """The tokens of a text as the rules read them."""
    tokens = _rewritten(tokens, TOGETHER, scale)
    named = next((each.top for each in tokens if each.kind == "ranged"), scale.top)
    ranked = [_RANKS[each.kind](each, scale, named) for each in tokens]
    return _rewritten(_without_repeats(ranked), SETTLED, scale)


def _rewritten(
    tokens: Sequence[Token], rewritings: Sequence[Rewriting], scale: Scale
) -> Sequence[Token]:
    for pattern, made in rewritings:
        result: list[Token] = []
        done = 0
        for found in compiled(pattern).finditer(kinds(tokens)):
            result += [*tokens[done : found.start()], *made(tokens[slice(*found.span())], scale)]
            done = found.end()
        tokens = [*result, *tokens[done:]]
    return tokens


def _one(kind: str) -> Made:
    return lambda found, _: [_joined(found, kind, found[0].value)]


def _joined(found: Sequence[Token], kind: str, value: Fraction, top: int = 0) -> Token:
    return Token(kind, found[0].start, found[-1].end, value, top)


def _numbers(found: Sequence[Token]) -> list[Token]:
    return [each for each in found if each.kind in {"number", "weak", "nine"}]


def _half_more(found: Sequence[Token], _: Scale) -> Sequence[Token]:
    return [_joined(found, "number", found[0].value + Fraction(1, 2))]


def _ranged(found: Sequence[Token], _: Scale) -> Sequence[Token]:
    """ "From 1 to 5" names the scale; "from 3 to 4" does not."""
    low, top = (int(each.value) for each in _numbers(found))
    names = low in {0, 1} and top in _WHOLES
    return [_joined(found, "ranged", Fraction(low), top)] if names else found


def _fraction(found: Sequence[Token], _: Scale) -> Sequence[Token]:
    """4/5 is one, 12/5 a day in May."""
    part, whole = (each.value for each in _numbers(found))
    if part > whole or whole not in _WHOLES:
        return [_joined(found, "stray", part)]
    return [_joined(found, "fraction", part, int(whole))]


def _starred(found: Sequence[Token], _: Scale) -> Sequence[Token]:
    """One star beside a number stands for the word: "5⭐"."""
    drawn = next((each for each in found if each.kind == "drawn"), None)
    if drawn and (drawn.value != 1 or drawn.top):
        return found
    number = _numbers(found)[0].value
    describes = number != 1 and any(each.kind == "star" for each in found)
    return [_joined(found, "starry" if describes else "starred", number)]


def _stray_if_one(found: Sequence[Token], _: Scale) -> Sequence[Token]:
    return [_joined(found, "stray", found[0].value)] if found[0].value == 1 else found


TOGETHER: tuple[Rewriting, ...] = (
    ("numeral half", _half_more),
    ("(span | out_of dash?)? numeral through numeral (?! unit|left|plural)", _ranged),
    ("numeral|nine star|stars|point? out_of|per dash? numeral", _fraction),
    # A number that counts, times or pays for something: "5 days", "2-3 items", "2 bad plates".
    ("(counted through)? counted (verdict|other|plural){0,2} unit", _one("stray")),
    ("(counted through)? counted (was|stars? left | verdict? plural)", _one("stray")),
    ("article dash? counted (?! silent* $)", _one("stray")),
    ("counted tally (?! numeral)", _one("stray")),
    ("counted single", _stray_if_one),
    ("numeral star|stars|drawn | star|stars break? numeral | drawn numeral", _starred),
    ("numeral point | point break? numeral", _one("number")),
    ("numeral out_of (?! dash opener)", _one("stray")),
    ("no verdict", _one("verdict")),
)

Rank = Callable[[Token, Scale, int], Token]
"""A token as it is on the scale; with the end of the scale that the customer names, if they do."""


def _number(token: Token, scale: Scale, named: int) -> Token:
    if scale is THUMBS:
        return _thumb_by_number(token)
    if named != scale.top:
        return _of_another(token, scale, named, "scaled")
    return _within(token, scale, "score" if token.value else "nought")


def _thumb_by_number(token: Token) -> Token:
    if token.value not in {1, 2}:
        return replace(token, kind="off")
    return replace(token, kind="apart", value=2 - token.value)


def _within(token: Token, scale: Scale, kind: str) -> Token:
    return replace(token, kind=kind if scale.low <= token.value <= scale.top else "off")


def _of_another(token: Token, scale: Scale, top: int, kind: str) -> Token:
    """A score on a scale that ends at `top`, brought to ours, and never below its lowest."""
    if token.value > top:
        return replace(token, kind="off")
    value = max(token.value * scale.top / top, Fraction(scale.low))
    return replace(token, kind=kind, value=value, rescaled=True)


def _weak(token: Token, scale: Scale, named: int) -> Token:
    ranked = _number(token, scale, named)
    return replace(ranked, kind="faint" if ranked.kind == "off" else "apart")


def _part(token: Token, scale: Scale, _: int) -> Token:
    return replace(token, kind="off") if scale is THUMBS else _number(token, scale, token.top)


def _stars(token: Token, scale: Scale, _: int) -> Token:
    """Up to five stars, with no empty one among them, say nothing where ten are possible."""
    if scale is THUMBS or not token.value or (scale is NPS and not token.top and token.value <= 5):
        return replace(token, kind="off")
    kind = "score" if token.kind == "starry" else "drawn"
    if token.top not in {0, scale.top}:
        return _of_another(token, scale, token.top, kind)
    return _within(token, scale, kind)


def _thumb(token: Token, scale: Scale, _: int) -> Token:
    """A drawn one, or words for one, which are also ordinary words: "I would like to ask"."""
    if scale is not THUMBS:
        return token
    kind = "apart" if token.word else "drawn"
    return replace(token, kind=kind, value=Fraction(token.kind == "up"))


class _Ranks(dict[str, Rank]):
    def __missing__(self, kind: str) -> Rank:
        return lambda token, *_: token


_RANKS = _Ranks(
    number=_number,
    weak=_weak,
    fraction=_part,
    starred=_stars,
    starry=_stars,
    drawn=_stars,
    up=_thumb,
    down=_thumb,
    percent=lambda token, *_: replace(token, kind="faint"),
)


def _without_repeats(tokens: Sequence[Token]) -> Sequence[Token]:
    """ "5, 5, 5" says 5 once."""
    scored = {"score", "drawn", "scaled", "apart", "nought"}
    first = next((each for each in tokens if each.kind in scored), None)
    return [
        replace(each, kind="same")
        if first and first is not each and each.kind in scored and each.value == first.value
        else each
        for each in tokens
    ]


def _whole_nine(found: Sequence[Token], scale: Scale) -> Sequence[Token]:
    """The Persian نه, alone: nine where there is a nine, no where that is an answer."""
    kind, value = {"nps": ("apart", 9), "thumbs": ("apart", 0)}.get(scale.name, ("off", 0))
    return [_joined(found, kind, Fraction(value))]


def _thumb_by_word(up: int) -> Made:
    return lambda found, scale: (
        [_joined(found, "apart", Fraction(up))] if scale is THUMBS else found
    )


def _refused(found: Sequence[Token], scale: Scale) -> Sequence[Token]:
    """A "not" behind a score speaks against it if it is a good one ("5 you do not deserve"), and
    with it if it is not."""
    score, denial = found[0], found[-1]
    if scale.is_satisfied(floor(score.value)):
        return found
    return [score, *found[1:-1], replace(denial, kind="refusal")]


def _of_one(found: Sequence[Token], _: Scale) -> Sequence[Token]:
    """ "5 Dana was lovely": one person, so no five of anything."""
    if found[0].value < 2:
        return found
    return [found[0], *(replace(each, kind="opener") for each in found[1:])]


def _uncounted(found: Sequence[Token], _: Scale) -> Sequence[Token]:
    score, word = found
    opens = is_uncounted(word.word, floor(score.value))
    return [score, replace(word, kind="opener")] if opens else found


def _supposed(found: Sequence[Token], _: Scale) -> Sequence[Token]:
    return [found[0], *(replace(each, kind="opener") for each in found[1:])]


def _supposed_more(found: Sequence[Token], _: Scale) -> Sequence[Token]:
    """Not so "5 if you send the other 2"."""
    return _supposed(found, _) if found[-1].value > found[0].value else found


SETTLED: tuple[Rewriting, ...] = (
    ("^ pause* nine pause* $", _whole_nine),
    ("^ silent* yes silent* $", _thumb_by_word(1)),
    ("^ pause* no pause* $", _thumb_by_word(0)),
    # "3, sorry 4" says 4.
    (
        "^ .* any !any* correction (silent|denial|verdict)* (?= any silent* $)",
        _one("correction"),
    ),
    # "4, would be 5 if it had come on time" says 4.
    ("any !any* (once|would) !any* any", _supposed),
    ("any !any* no courtesy|article|giving+ any", _supposed),
    ("any courtesy|pause* if !any* any", _supposed_more),
    ("(said|apart|nought) pause* no|once (?! pause* $) | drawn no", _refused),
    ("score other{1,2} is|was", _of_one),
    ("score other", _uncounted),
)
SAYS_NOTHING = frozenset(SETS["silent"].split()) | {"span"}
