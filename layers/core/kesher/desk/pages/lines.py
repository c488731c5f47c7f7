"""What stands in a thread, from the oldest to the newest: days, texts, and what happened between."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Literal

from kesher.desk.conversations import ConversationShown, TextShown, WholeConversation
from kesher.desk.outcome import RatingGiven
from kesher.desk.pages import rated
from kesher.desk.pages.speech import Speech


@dataclass(frozen=True)
class Line:
    kind: Literal["day", "happened", "customer", "agent", "script", "note"]
    id: str
    """The same each time it is shown."""
    at: datetime
    said: str = ""
    """A day or what happened, in words; who wrote a text."""
    text: TextShown | None = None
    rating: RatingGiven | None = None
    """What the text rates us with, or may rate us with."""
    turn: int = 1
    """Of one instant: a beginning comes before the text that began it, an end after the last."""


def lines(whole: WholeConversation, speech: Speech) -> list[Line]:
    ratings = rated.by_text(whole)
    texts = [
        replace(_text(each, whole, speech), rating=ratings.get(each.id)) for each in whole.texts
    ]
    happened = [each for each in _happenings(whole, speech) if _is_among(each, whole)]
    in_order = sorted([*happened, *texts], key=lambda each: (each.at, each.turn))
    return list(_by_day(in_order, speech))


def _by_day(in_order: list[Line], speech: Speech) -> Iterator[Line]:
    for day, of_day in groupby(in_order, lambda each: speech.day_id(each.at)):
        listed = list(of_day)
        yield Line("day", f"day-{day}", listed[0].at, speech.day(listed[0].at))
        yield from listed


def _text(text: TextShown, whole: WholeConversation, speech: Speech) -> Line:
    id = f"text-{text.id}"
    if text.direction == "in":
        who = whole.customer.name or speech.say("customer")
        return Line("customer", id, text.at, who, text)
    if text.direction == "note":
        who = speech.person(text.written_by or "")
        return Line("note", id, text.at, speech.say("noted", who=who), text)
    if text.written_by:
        return Line("agent", id, text.at, speech.person(text.written_by), text)
    return Line("script", id, text.at, speech.say("script"), text)


def _happenings(whole: WholeConversation, speech: Speech) -> Iterator[Line]:
    """When conversations began and ended; the last one is among the closed, if people closed it."""
    talks = [*whole.closed, *([whole.conversation] if whole.conversation else [])]
    for talk in {each.id: each for each in talks}.values():
        began = min([talk.opened_at, *(e.at for e in whole.texts if e.conversation == talk.id)])
        yield Line("happened", f"began-{talk.id}", began, speech.say("began"), turn=0)
    for talk in {(each.id, each.closed_at): each for each in talks}.values():
        if talk.closed_at:
            id = f"closed-{talk.id}-{talk.closed_at.timestamp():.0f}"
            yield Line("happened", id, talk.closed_at, _closed(talk, speech), turn=2)


def _closed(talk: ConversationShown, speech: Speech) -> str:
    if talk.closed_by is None:
        return speech.say("closed_itself")
    return speech.say("closed_by", who=speech.person(talk.closed_by))


def _is_among(line: Line, whole: WholeConversation) -> bool:
    """Not before the first text, where there are texts before it that are not shown."""
    return not whole.before or line.at >= whole.texts[0].at
