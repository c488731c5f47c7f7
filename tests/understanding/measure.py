"""How well texts are understood, on labelled texts: `.venv/bin/python -m tests.understanding.measure`.

`tuned.tsv` and `held_out.tsv` have a language, a topic and a text a line; the topic `none` is a matter
for a person. The texts are invented in the manner of customers. Phrases, weights and thresholds were
set by the tuned ones; the mistakes made with the held-out ones are never looked at.
"""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from kesher import words
from kesher.domain.shop import Channel, Shop
from kesher.domain.text import fold
from kesher.domain.understanding import Guess

Part = Literal["tuned", "held out"]

ANY_SHOP = Shop(
    shop="any",
    name="Any",
    languages=list(words.LANGUAGES),
    country="IL",
    timezone="Asia/Jerusalem",
    channels=[Channel("simulator", "+972552345678")],
)


@dataclass(frozen=True)
class Utterance:
    part: Part
    language: str
    label: str
    text: str

    @property
    def guess(self) -> Guess:
        return words.understanding(ANY_SHOP).understand(fold(self.text))


@dataclass(frozen=True)
class Measured:
    texts: int
    meant: int
    """Texts that ask a topic: all but those labelled `none`."""
    sure: int
    right: int
    asked: int
    """Unsure texts that are asked back, with the meant topic among the options."""
    asked_in_vain: int
    """Unsure texts that are asked back, without it."""

    @property
    def precision(self) -> float:
        return self.right / self.sure

    @property
    def recall(self) -> float:
        return self.right / self.meant


def utterances() -> list[Utterance]:
    return [*_labelled("tuned", "tuned.tsv"), *_labelled("held out", "held_out.tsv")]


def _labelled(part: Part, name: str) -> list[Utterance]:
    lines = Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()
    return [Utterance(part, *line.split("\t")) for line in lines]


def measured(texts: Iterable[Utterance]) -> Measured:
    guessed = [(each.label, each.guess) for each in texts]
    asked = [(label, guess) for label, guess in guessed if guess.options]
    return Measured(
        texts=len(guessed),
        meant=sum(label != "none" for label, _ in guessed),
        sure=sum(guess.topic is not None for _, guess in guessed),
        right=sum(guess.topic == label for label, guess in guessed),
        asked=sum(label in guess.options for label, guess in asked),
        asked_in_vain=sum(label not in guess.options for label, guess in asked),
    )


def table() -> str:
    lines = [
        "| part | language | texts | precision | recall | asked back | in vain |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for part in ("tuned", "held out"):
        for language in (*words.LANGUAGES, "all"):
            found = measured(
                each
                for each in utterances()
                if each.part == part and language in {each.language, "all"}
            )
            lines.append(
                f"| {part} | {language} | {found.texts} | {found.precision:.3f} | {found.recall:.3f}"
                f" | {found.asked} | {found.asked_in_vain} |"
            )
    return "\n".join(lines)


def mistakes() -> str:
    """The texts of the tuned part that are not understood as labelled; the others stay unseen."""
    return "\n".join(
        f"{each.language} {each.label}: {each.text!r} -> {each.guess}"
        for each in utterances()
        if each.part == "tuned" and (each.guess.topic or "none") != each.label
    )


if __name__ == "__main__":
    sys.stdout.write((mistakes() if "--mistakes" in sys.argv else table()) + "\n")
