"""What a customer's text asks, found in the phrases by which it may be asked: no model, no network.

A text and a phrase are compared by their stems (`kesher.domain.stem`), in any order. A stem weighs
the more, the fewer topics use it; words of courtesy and grammar weigh next to nothing; a long word
with a typing error counts for the word it resembles. A topic's score is how much of its best phrase
the text holds, times how much of the text the topic's words explain: "what are your hours" is
explained, "the hours on the watch I bought are wrong" is not. A phrase that the text holds to the
letter counts for more. A word of trouble that the phrases do not have themselves makes the text a
matter for a person. docs/understanding.md has the measured result.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from math import log

from kesher.domain.stem import near, stem, words
from kesher.domain.text import contains

# Set by the tuned part of tests/understanding; which way they go matters more than how far.
SURE = 0.5
MARGIN = 0.1
"""By how much the likeliest topic leads."""
WORTH_ASKING = 0.3
LONGEST_QUESTION = 40
"""In words. What is longer is a story, and a story is for a person."""

COURTESY = frozenset({"greeting", "thanks", "yes", "no", "close"})
"""Topics whose words surround every other topic, and mean themselves only when alone."""
OPEN = frozenset({"product", "person", "returns", "start_return", "shipping"})
"""Topics asked with words that nobody can list beforehand, such as a product's name."""

# Weights of words that are in no phrase, and of words that say nothing. A word that only one of a
# dozen topics uses weighs 2.6.
_UNKNOWN = 1.0
_UNKNOWN_IN_OPEN = 0.3
_FILLER = 0.05
# A mistyped word counts a little less than it would; half a phrase less than half.
_MISTYPED = 0.97
_PART = 1.5
# What a text gains that is a phrase to the letter.
_TO_THE_LETTER = 0.4


@dataclass(frozen=True)
class Guess:
    topic: str | None = None
    """What the text asks, if that is sure."""
    options: tuple[str, ...] = ()
    """If it is not: up to three topics to ask about, the likeliest first. None of either: a person."""
    troubled: bool = False
    """It speaks of trouble that the script has no answer to."""
    scores: tuple[tuple[str, float], ...] = ()
    """Topics with their scores, the highest first."""


@dataclass(frozen=True)
class _Phrase:
    topic: str
    folded: str
    stems: frozenset[str]
    telling: frozenset[str]
    """Its stems without the words that say nothing, unless it has no others."""
    weight: float
    needed: frozenset[str]
    """Its stems of trouble: "has not arrived" is not asked by "has arrived"."""


@dataclass
class _Evidence:
    """What speaks for a topic."""

    part: float = 0.0
    """How much of its best phrase was heard."""
    to_the_letter: float = 0.0
    """How much of the text is one of its phrases."""
    in_words: bool = False
    """Whether such a phrase has several words."""
    whole: frozenset[str] = frozenset()
    """The stems of all its phrases that were heard whole."""
    telling: frozenset[str] = frozenset()
    """Of those, the ones that say something."""


class Understanding:
    """The phrases of one shop, ready to be compared with."""

    def __init__(
        self, asks: Mapping[str, Iterable[str]], filler: Iterable[str], trouble: Iterable[str]
    ) -> None:
        """Topic to its phrases, words that say nothing, and phrases of trouble; all of them folded."""
        self._filler = frozenset(filler)
        self._stem_of: dict[str, str] = {word: word for word in self._filler}
        self._trouble: dict[str, list[frozenset[str]]] = defaultdict(list)
        for phrase in trouble:
            together = self._learnt(phrase)
            self._trouble[min(together)].append(together)
        said = [
            (topic, phrase, self._learnt(phrase)) for topic, each in asks.items() for phrase in each
        ]
        self._vocabulary: dict[str, set[str]] = {topic: set() for topic in asks}
        for topic, _, its_stems in said:
            self._vocabulary[topic] |= its_stems
        self._weights = self._weighed()
        self._known = {*self._stem_of.values(), *self._weights}
        self._phrases: dict[str, list[_Phrase]] = defaultdict(list)
        for each in said:
            asked = self._phrase(*each)
            for its_stem in asked.telling:
                self._phrases[its_stem].append(asked)
        self._alike: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for word, its_stem in self._stem_of.items():
            self._alike[word[0]].add((word, its_stem))
            self._alike[its_stem[0]].add((its_stem, its_stem))

    def understand(self, folded: str) -> Guess:
        """What a folded text asks."""
        heard = dict(self._heard(word) for word in words(folded))
        if not heard or len(folded.split()) > LONGEST_QUESTION:
            return Guess()
        evidence = self._evidence(heard, folded)
        scores = sorted(
            ((topic, self._score(topic, each, heard)) for topic, each in evidence.items()),
            key=lambda each: (-each[1], each[0]),
        )
        return replace(self._decided(heard, evidence, scores), scores=tuple(scores))

    def _decided(
        self,
        heard: Mapping[str, float],
        evidence: Mapping[str, _Evidence],
        scores: Iterable[tuple[str, float]],
    ) -> Guess:
        worth = {topic: score for topic, score in scores if score >= WORTH_ASKING}
        troubles = self._troubles(heard)
        if not worth:
            return Guess(troubled=bool(troubles))
        likeliest, *others = worth
        if self._allows(troubles, likeliest, evidence[likeliest]):
            clear = all(worth[likeliest] - worth[each] >= MARGIN for each in others)
            apart = any(self._asked_apart(evidence[each], likeliest) for each in others)
            if worth[likeliest] >= SURE and clear and not apart:
                return Guess(likeliest)
        options = [each for each in worth if each not in COURTESY]
        return Guess(troubled=True) if troubles else Guess(options=tuple(options[:3]))

    def _allows(self, troubles: Iterable[frozenset[str]], topic: str, evidence: _Evidence) -> bool:
        """Whether the topic is asked by all the trouble there is. Whoever asks for a person in so
        many words is heard in any case."""
        outspoken = topic == "person" and evidence.to_the_letter > 0
        return outspoken or all(together <= evidence.whole for together in troubles)

    def _asked_apart(self, evidence: _Evidence, topic: str) -> bool:
        """Whether it was asked besides the topic: in whole phrases that share no word with it."""
        return bool(evidence.telling) and evidence.telling.isdisjoint(self._vocabulary[topic])

    def _learnt(self, phrase: str) -> frozenset[str]:
        """The stems of a phrase, whose words are known from now on. Words that say nothing are left
        whole: "wanted" says nothing, and "want" does."""
        return frozenset(
            self._stem_of.get(word) or self._stem_of.setdefault(word, stem(word))
            for word in words(phrase)
        )

    def _weighed(self) -> dict[str, float]:
        topics: dict[str, set[str]] = defaultdict(set)
        for topic, vocabulary in self._vocabulary.items():
            for each in vocabulary:
                topics[each].add(topic)
        weights = dict.fromkeys(map(stem, self._filler), _FILLER)
        for each, its_topics in topics.items():
            weights[each] = log(1 + len(self._vocabulary) / len(its_topics))
            if its_topics <= COURTESY:
                weights[each] = _FILLER
        return weights | dict.fromkeys(self._filler, _FILLER)

    def _phrase(self, topic: str, phrase: str, its_stems: frozenset[str]) -> _Phrase:
        telling = (
            frozenset(each for each in its_stems if self._weights[each] > _FILLER) or its_stems
        )
        weight = sum(self._weights[each] for each in telling)
        needed = frozenset[str]().union(*self._troubles(its_stems))
        return _Phrase(topic, phrase, its_stems, telling, weight, needed)

    def _troubles(self, heard: Collection[str]) -> list[frozenset[str]]:
        """The phrases of trouble that are among these stems."""
        return [
            together
            for each in heard
            for together in self._trouble.get(each, ())
            if all(other in heard for other in together)
        ]

    def _heard(self, word: str) -> tuple[str, float]:
        """The stem of a word, or that of the known word it is mistyped for; and how well it is known."""
        exact = self._stem_of.get(word) or stem(word)
        if len(word) < 5 or not word.isalpha() or exact in self._known:
            return exact, 1.0
        for errors in (1, 2) if len(word) >= 9 else (1,):
            alike = [
                (form in self._stem_of, self._weights.get(its_stem, 0), its_stem)
                for form, its_stem in self._alike.get(word[0], ())
                if len(its_stem) >= 4 and near(word, form, errors)
            ]
            if alike:
                return max(alike)[2], _MISTYPED
        return exact, 1.0

    def _evidence(self, heard: Mapping[str, float], folded: str) -> dict[str, _Evidence]:
        found: dict[str, _Evidence] = defaultdict(_Evidence)
        for phrase in self._touched(heard):
            topic = found[phrase.topic]
            got = sum(self._weights[each] * heard.get(each, 0) for each in phrase.telling)
            topic.part = max(topic.part, got / phrase.weight)
            if phrase.telling <= heard.keys():
                topic.whole |= phrase.stems
                topic.telling |= phrase.telling
                if contains(folded, phrase.folded):
                    share = len(phrase.folded) / len(folded)
                    topic.to_the_letter = max(topic.to_the_letter, share)
                    topic.in_words |= " " in phrase.folded
        return found

    def _touched(self, heard: Mapping[str, float]) -> Iterable[_Phrase]:
        """The phrases that may have been asked: which have a telling word that was heard, and no word
        of trouble that was not."""
        touched = {id(each): each for word in heard for each in self._phrases.get(word, ())}
        return (each for each in touched.values() if each.needed <= heard.keys())

    def _score(self, topic: str, evidence: _Evidence, heard: Iterable[str]) -> float:
        unknown = _UNKNOWN
        if topic in OPEN:
            unknown = _FILLER if evidence.in_words else _UNKNOWN_IN_OPEN
        explained = self._explained(topic, heard, unknown)
        part: float = evidence.part**_PART
        return part * explained + _TO_THE_LETTER * evidence.to_the_letter**2

    def _explained(self, topic: str, heard: Iterable[str], unknown: float) -> float:
        """How much of what was heard is in the topic's vocabulary. Numbers are in every one."""
        vocabulary = self._vocabulary[topic]
        known = rest = 0.0
        for each in heard:
            if each in vocabulary:
                known += self._weights[each]
            else:
                rest += _FILLER if _is_number(each) else self._weights.get(each, unknown)
        return known / (known + rest)


def _is_number(each: str) -> bool:
    return each == "#" or each.isdigit()
