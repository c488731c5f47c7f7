"""What is wrong with a shop's canned replies, before an agent finds out."""

import re
from collections.abc import Iterator

from kesher import words
from kesher.domain import sms
from kesher.domain.canned import BLANKS
from kesher.domain.language import RIGHT_TO_LEFT
from kesher.domain.render import fields, render
from kesher.domain.shop import Canned, Shop
from local.fault import Fault, Path_
from local.scriptcheck import MOST_PARTS, NAME

EXAMPLE = {
    **{"first_name": "Maya", "agent": "Dana", "role": "customer care", "order_number": "#1001"},
    **{"tracking": "Israel Post RR123456785IL", "expected_day": "tomorrow"},
}
"""Values of the usual length, for what a reply costs; the shop's name and an order's state are known."""


def faults(shop: Shop) -> list[Fault]:
    titles = [each.title for each in shop.canned.values()]
    found: list[Fault] = []
    for n, (name, reply) in enumerate(shop.canned.items()):
        where = ("canned", name)
        if not re.fullmatch(NAME, name):
            mend = "Use lower-case letters, digits and _, such as `new_one`."
            found.append(Fault(where, "is no name for a reply", mend))
        if reply.title in titles[:n]:
            mend = "Give each its own: agents choose by it."
            found.append(Fault((*where, "title"), f"{reply.title!r} is there twice", mend))
        found += [*_team_faults(shop, reply, where), *_text_faults(shop, reply, where)]
        if reply.picture is not None and not re.fullmatch(r"https://[^\s/]+/\S+", reply.picture):
            mend = "Give its address, such as https://shop.example/map.jpg."
            found.append(Fault((*where, "picture"), "is no address of a picture", mend))
    return found or [*_cost_faults(shop)]


def told(shop: Shop) -> Iterator[tuple[Path_, str, str]]:
    """Where each reply stands, and what a customer of each of its languages may get."""
    for name, reply in shop.canned.items():
        for code, template in reply.text.items():
            yield ("canned", name, "text"), code, _filled(shop, reply, template, code)


def _filled(shop: Shop, reply: Canned, template: str, code: str) -> str:
    state = (words.texts(code) | shop.words.get(code, {}))["state_confirmed"]
    values = EXAMPLE | {"shop": shop.name, "order_state": state}
    text = render(template, values, right_to_left=code in RIGHT_TO_LEFT)
    return f"{text}\n{reply.picture}" if reply.picture else text


def _team_faults(shop: Shop, reply: Canned, where: Path_) -> Iterator[Fault]:
    known = [each.id for each in shop.teams]
    for n, team in enumerate(reply.teams):
        if team not in known:
            mend = f"The teams are {', '.join(known)}." if known else "Add it under teams."
            yield Fault((*where, "teams", n), f"no team {team!r}", mend)


def _text_faults(shop: Shop, reply: Canned, where: Path_) -> Iterator[Fault]:
    for code in _spoken(shop, reply):
        if not reply.text.get(code, "").strip():
            mend = "Say it in each language that its teams answer in."
            yield Fault((*where, "text"), f"is not said in {code!r}", mend)
    for code, text in reply.text.items():
        if code not in shop.languages:
            mend = f"The shop's languages are {', '.join(shop.languages)}."
            yield Fault((*where, "text", code), f"{code!r} is no language of the shop", mend)
        if extra := fields(text).difference(BLANKS):
            what = f"asks for {', '.join(f'{{{each}}}' for each in sorted(extra))}"
            mend = f"A canned reply is given {', '.join(f'{{{each}}}' for each in BLANKS)}."
            yield Fault((*where, "text", code), what, mend)


def _spoken(shop: Shop, reply: Canned) -> list[str]:
    """What the teams that it is for answer in, in the shop's order."""
    teams = [each for each in shop.teams if each.id in reply.teams]
    spoken = {code for each in teams for code in each.languages or shop.languages}
    return [code for code in shop.languages if not teams or code in spoken]


def _cost_faults(shop: Shop) -> Iterator[Fault]:
    for where, code, text in told(shop):
        if (parts := sms.plan(sms.plain(text)).parts) > MOST_PARTS:
            mend = f"Say it in {MOST_PARTS} parts at most."
            yield Fault((*where, code), f"costs {parts} SMS parts each time", mend)
