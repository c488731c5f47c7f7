"""What the shop's people are alerted of, the oldest first; taken and closed. Of a low rating also what
may be answered, and whether its customer was won back."""

from dataclasses import replace
from typing import Annotated, get_args

from msgspec import Meta

from kesher.desk import escalations
from kesher.desk.escalations import EscalationsWanted, ListedEscalations, WholeEscalation
from kesher.desk.pages.canned import readable
from kesher.desk.pages.page import Page, View, done
from kesher.desk.pages.speech import Speech
from kesher.desk.route import Asked
from kesher.domain.escalation import WonBack

LIST, READ, *DEEDS = escalations.ROUTES


class Wanted(EscalationsWanted, frozen=True):
    limit: Annotated[int, Meta(ge=1, le=100)] = 100
    """What was raised last is seen without turning a page."""


def matters(listed: ListedEscalations, asked: Asked, speech: Speech) -> View:  # noqa: ARG001
    values = {"items": listed.items, "next": listed.next, "cursor": asked.query.cursor}
    return View("escalations.html", values | {"agent_id": asked.agent.id})


def answers(whole: WholeEscalation, asked: Asked, speech: Speech) -> View:  # noqa: ARG001
    items = [(each, readable(each, speech)) for each in whole.replies]
    return View("answers.html", {"whole": whole, "items": items})


def ending(whole: WholeEscalation, asked: Asked, speech: Speech) -> View:  # noqa: ARG001
    return View("ending.html", {"matter": whole.escalation, "choices": get_args(WonBack)})


PAGES = (
    Page(replace(LIST, query=Wanted), matters),
    Page(replace(READ, path=f"{READ.path}/answers"), answers),
    Page(replace(READ, path=f"{READ.path}/close"), ending),
    *(Page(each, done) for each in DEEDS),
)
