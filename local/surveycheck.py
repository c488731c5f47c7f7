"""The `survey` of a shop file, complained about."""

import re
from collections.abc import Iterator

from kesher.domain.shop import Shop, SurveyRules
from local.fault import Fault

_NAME = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 _&+-]{1,11}")
"""A sender of letters, which GSM allows 11 of: nobody can reply to it."""
_LEAST = {"wait_minutes": 1, "every_days": 0, "expires_hours": 1}


def faults(shop: Shop) -> list[Fault]:
    if shop.survey is None:
        return []
    return [*_senders(shop), *_teams(shop, shop.survey), *_numbers(shop.survey)]


def _senders(shop: Shop) -> Iterator[Fault]:
    for n, channel in enumerate(shop.channels):
        if _NAME.fullmatch(channel.sender):
            mend = "Send from a number, or remove `survey`: nobody can answer a name."
            yield Fault(("channels", n, "sender"), f"{channel.sender!r} gets no answers", mend)


def _teams(shop: Shop, rules: SurveyRules) -> Iterator[Fault]:
    known = [each.id for each in shop.teams]
    mend = f"The teams are {', '.join(known)}." if known else "Add it under teams."
    for team in rules.teams:
        if team not in known:
            yield Fault(("survey", "teams", team), "is no team", mend)


def _numbers(rules: SurveyRules) -> Iterator[Fault]:
    for name, least in _LEAST.items():
        given = getattr(rules, name)
        if given < least:
            yield Fault(("survey", name), f"{given} is too little", f"Give {least} or more.")
