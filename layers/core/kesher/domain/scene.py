"""Where the bot's script finds itself, and what it makes of a text. `script.py` finds its way from step
to step by this, `deeds.py` does what steps do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from kesher.domain import conversation as talks
from kesher.domain.calendar import Calendar
from kesher.domain.conversation import Conversation, Lost
from kesher.domain.customer import Customer
from kesher.domain.order import Order
from kesher.domain.proof import CodeText, Sought
from kesher.domain.voice import Voice

MOST_QUESTIONS = 2
"""Between two answers."""
MEANT, WHICH_ORDER, MESSAGE, CODE = "did you mean", "which order", "a message", "a code"
"""Steps that are not written down: their questions are made for the moment, and the last awaits what
was texted to another's phone. No shop's step has a space in its name."""


@dataclass(frozen=True)
class House:
    """The shop as a conversation meets it: how it speaks, and when its people are there."""

    voice: Voice
    calendar: Calendar


@dataclass(frozen=True)
class Scene:
    """Where the script finds itself: nobody but it answers."""

    customer: Customer
    conversation: Conversation
    orders: tuple[Order, ...]
    """The customer's own, newest first."""
    ahead: int
    """How many customers wait for a person already."""
    house: House
    now: datetime
    sought: Sought | None = None
    """The order of a number that none of their own has, where the text turns on one."""
    code: str | None = None
    """Drawn for this text, should it need one."""

    @property
    def voice(self) -> Voice:
        return self.house.voice

    @property
    def speech(self) -> str:
        """The language to answer in."""
        return self.voice.language(self.customer.language)

    def say(self, word: str, **values: str) -> str:
        return self.voice.say(word, self.speech, **values)

    def in_language(self, texts: Mapping[str, str]) -> str | None:
        """Of a shop's texts the one in the customer's language, or else in the shop's own."""
        return texts.get(self.speech) or texts.get(self.voice.shop.languages[0])


@dataclass(frozen=True)
class Turn:
    """What the script makes of a text: sentences, and what becomes of the conversation."""

    conversation: Conversation
    says: tuple[str, ...] = ()
    wants: Literal["more", "person", "end"] = "more"
    team: str | None = None
    insists: bool = False
    """The customer has asked for a person in so many words: who waits already is told again."""
    seeks: str | None = None
    """The number of the order, not among the customer's newest, that it turns on."""
    asks_code: bool = False
    code: CodeText | None = None
    """To be texted to the phone of that order."""
    promises: bool = False
    """It says by when a person answers."""
    lost: Lost | None = None
    """Why the script gives up, where nothing asked for a person."""


def answered(scene: Scene, *said: str) -> Turn:
    return Turn(talks.answered(scene.conversation), said)


def asked(scene: Scene, name: str, offered: tuple[str, ...], question: str) -> Turn:
    if scene.conversation.asked >= MOST_QUESTIONS:
        return replace(person(scene, team=scene.conversation.team), lost="words")
    return Turn(talks.asked(scene.conversation, name, offered), (question,))


def menu(question: str, labels: Sequence[str]) -> str:
    """A question with its answers below it, each with its number."""
    return "\n".join([question, *(f"{n}. {label}" for n, label in enumerate(labels, start=1))])


def person(
    scene: Scene,
    words: tuple[str, ...] = (),
    team: str | None = None,
    *,
    said: tuple[str, ...] = (),
) -> Turn:
    says = (*said, *(scene.say(word) for word in words))
    return Turn(talks.answered(scene.conversation), says, "person", team)
