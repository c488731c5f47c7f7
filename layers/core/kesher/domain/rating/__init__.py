"""What a customer's answer to a survey means: a score on its scale, or why it is none.

The text is cut into tokens, each of a kind (`tokens`, with the words of `vocabulary`); those that belong
together are made one, and numbers ranked on the scale (`grammar`); then the first of `RULES` that fits
reads it. Rules are patterns over kinds of tokens (`notation`).

Whether the text is a wish to stop or a call for help is asked before, and not here. A text that is read
as a score is still a text: it stays in the inbox.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import floor
from typing import Literal

from kesher.domain.rating.grammar import SAYS_NOTHING, settled
from kesher.domain.rating.notation import SETS, compiled, kinds
from kesher.domain.rating.tokens import Token, named, tokenised
from kesher.domain.scale import CSAT, NPS, SCALES, THUMBS, Scale, ScaleName

__all__ = ["CSAT", "NPS", "RULES", "SCALES", "THUMBS", "Reading", "Scale", "ScaleName", "read"]

Kind = Literal["score", "ask again", "not an answer"]
Confidence = Literal["exact", "leading", "inferred"]


@dataclass(frozen=True)
class Reading:
    kind: Kind
    score: int | None = None
    """The score that counts, on its scale; of the kind `score` only."""
    guess: int | None = None
    """A likely score, inferred, that does not count until a person confirms it."""
    confidence: Confidence | None = None
    raw: str = ""
    """The score as it was typed: "4.5", "٥ من ٥", "★★★★☆"."""
    comment: str = ""
    """What was said besides."""
    asks: bool = False
    """The text asks or wants something, so it is for the conversation as well."""
    rescaled: bool = False
    """The score was given on another scale: "10/10" is a 5."""


@dataclass(frozen=True)
class Rule:
    name: str
    pattern: str
    kind: Kind = "not an answer"
    confidence: Confidence | None = None


# The first that fits.
RULES = (
    Rule("the scale is asked about", "any silent* question | ^ before* any asking question"),
    Rule(
        "the scale is asked about",
        "^ (before|asking)* any (silent|verdict|to|any)* question",
    ),
    Rule("a score denied", "denial (courtesy|article|giving|is|was|would)* any"),
    Rule("a score denied", "any .* denial courtesy|article|would* giving"),
    Rule("a score denied", "any silent* denial silent* $"),
    Rule("a score supposed", "if|once .* any | any silent* if | would .* any .* but|if"),
    Rule(
        "more or less than a score",
        "^ before* about silent* any | ^ before* any pause* about silent* $",
        "ask again",
    ),
    Rule(
        "several scores",
        "^ before* any ((!unknown* | .* pause|but|to (courtesy|article|opener|verdict)*) said"
        " | courtesy|pause|to|but* off)",
        "ask again",
    ),
    Rule(
        "off the scale",
        "^ before* (off (silent* $ | after|pause) | faint|ranged silent* $)",
        "ask again",
    ),
    Rule(
        "a score and nothing else",
        "^ before* said|apart|nought silent* $",
        "score",
        "exact",
    ),
    Rule(
        "a score, then words",
        "^ before* (score after|pause | drawn !denial)",
        "score",
        "leading",
    ),
    # "One" and "zero" are other words too, and 8/10 may be a day.
    Rule(
        "a score, then a pause",
        "^ before* (scaled|apart|nought pause|but|refusal | scaled|nought verdict)",
        "score",
        "leading",
    ),
    Rule(
        "words, then a score",
        "^ !doubtful|any* said !doubtful|any* $",
        confidence="inferred",
    ),
)
_ANYTHING_ELSE = Rule("anything else", "")
_ASKS = "question | wanting | (^ | pause|but|any) courtesy|article|opener* asking"
_SCORED = frozenset(SETS["any"].split()) - {"off"}
_EDGES = " \t\r\n.,;:!-–—…،؛()\u200e\u200f\ufe0f\u20e3"


def read(text: str, scale: Scale, names: frozenset[str] = frozenset()) -> Reading:
    """What a text means as an answer on this scale. Folded `names` are those of who is rated: a number
    before one counts nothing."""
    tokens = settled(named(tokenised(text), names), scale)
    seen = kinds(tokens)
    rule = next((each for each in RULES if compiled(each.pattern).search(seen)), _ANYTHING_ELSE)
    asks = compiled(_ASKS).search(seen) is not None
    if rule.confidence is None:
        return Reading(rule.kind, comment=text, asks=asks)
    return _scored(text, tokens, rule, asks)


def _scored(text: str, tokens: Sequence[Token], rule: Rule, asks: bool) -> Reading:
    at = next(place for place, each in enumerate(tokens) if each.kind in _SCORED)
    number = tokens[at]
    score = floor(number.value)
    before = text[: number.start] if _says(tokens[:at]) else ""
    after = text[number.end :] if _says(tokens[at + 1 :]) else ""
    return Reading(
        rule.kind,
        score=score if rule.kind == "score" else None,
        guess=None if rule.kind == "score" else score,
        confidence=rule.confidence,
        raw=text[number.start : number.end],
        comment=" ".join(each for each in (before.strip(_EDGES), after.strip(_EDGES)) if each),
        asks=asks,
        rescaled=number.rescaled,
    )


def _says(tokens: Iterable[Token]) -> bool:
    return any(each.kind not in SAYS_NOTHING for each in tokens)
