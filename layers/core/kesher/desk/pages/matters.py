"""What the shop's people are alerted of, the oldest first; taken and closed."""

from kesher.desk import escalations
from kesher.desk.escalations import ListedEscalations
from kesher.desk.pages.page import Page, View, done
from kesher.desk.pages.speech import Speech
from kesher.desk.route import Asked

LIST, *DEEDS = escalations.ROUTES


def matters(listed: ListedEscalations, asked: Asked, speech: Speech) -> View:  # noqa: ARG001
    values = {"items": listed.items, "next": listed.next, "cursor": asked.query.cursor}
    return View("escalations.html", values | {"agent_id": asked.agent.id})


PAGES = (Page(LIST, matters), *(Page(each, done) for each in DEEDS))
