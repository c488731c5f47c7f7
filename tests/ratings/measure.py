"""How well answers to surveys are read, on labelled ones: `.venv/bin/python -m tests.ratings.measure`.

`tuned.tsv` and `held_out.tsv` have a language, a scale, a label and a text a line. The label is the
score that counts (`up` and `down` of thumbs), `~4` a score that a person would hear and that does not
count, `again` an answer that has to be asked for again, or `none`. The texts are invented in the manner
of customers and were labelled before anything read them. Words and rules were made by the tuned ones;
the mistakes made with the held-out ones are never looked at.
"""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal, cast

from kesher.domain.rating import SCALES, Reading, ScaleName, read
from kesher.words import LANGUAGES

Part = Literal["tuned", "held out"]
_THUMBS = {"up": "1", "down": "0"}
_KINDS = {"ask again": "again", "not an answer": "none"}


@dataclass(frozen=True)
class Answer:
    part: Part
    language: str
    scale: ScaleName
    label: str
    text: str

    @cached_property
    def reading(self) -> Reading:
        return read(self.text, SCALES[self.scale])

    @property
    def meant(self) -> int | None:
        """The score that counts."""
        label = _THUMBS.get(self.label, self.label)
        return int(label) if label.isdigit() else None

    @property
    def right(self) -> bool:
        """Whether it is read as it is labelled, to the last difference."""
        return _THUMBS.get(self.label, self.label) == self._read

    @property
    def _read(self) -> str:
        if self.reading.score is not None:
            return str(self.reading.score)
        # A guess where there is nothing to guess harms nobody, and "none" is the label for it.
        if self.reading.guess is not None and self.label != "none":
            return f"~{self.reading.guess}"
        return _KINDS[self.reading.kind]


@dataclass(frozen=True)
class Measured:
    answers: int
    meant: int
    """Answers that have a score."""
    read: int
    """Answers that a score is read from."""
    correct: int
    """Of those, the ones with the right score."""
    right: int
    """Answers that are read as labelled, whatever the label."""

    @property
    def precision(self) -> float:
        return self.correct / self.read

    @property
    def recall(self) -> float:
        return self.correct / self.meant


def answers() -> list[Answer]:
    return [*_labelled("tuned", "tuned.tsv"), *_labelled("held out", "held_out.tsv")]


def _labelled(part: Part, name: str) -> list[Answer]:
    lines = Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()
    return [_answer(part, *line.replace("\\n", "\n").split("\t")) for line in lines]


def _answer(part: Part, language: str, scale: str, label: str, text: str) -> Answer:
    return Answer(part, language, SCALES[cast("ScaleName", scale)].name, label, text)


def measured(labelled: Iterable[Answer]) -> Measured:
    listed = list(labelled)
    scored = [each for each in listed if each.reading.score is not None]
    return Measured(
        answers=len(listed),
        meant=sum(each.meant is not None for each in listed),
        read=len(scored),
        correct=sum(each.reading.score == each.meant for each in scored),
        right=sum(each.right for each in listed),
    )


def table() -> str:
    lines = [
        "| part | language | answers | scores | precision | recall | all read as labelled |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for part in ("tuned", "held out"):
        for language in (*LANGUAGES, "all"):
            found = measured(
                each
                for each in answers()
                if each.part == part and language in {each.language, "all"}
            )
            lines.append(
                f"| {part} | {language} | {found.answers} | {found.meant} | {found.precision:.3f}"
                f" | {found.recall:.3f} | {found.right / found.answers:.3f} |"
            )
    return "\n".join(lines)


def mistakes() -> str:
    """The answers of the tuned part that are not read as labelled; the others stay unseen."""
    return "\n".join(
        f"{each.language} {each.scale} {each.label}: {each.text!r} -> {each.reading}"
        for each in answers()
        if each.part == "tuned" and not each.right
    )


if __name__ == "__main__":
    sys.stdout.write((mistakes() if "--mistakes" in sys.argv else table()) + "\n")
