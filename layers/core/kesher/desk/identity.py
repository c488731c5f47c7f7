"""Who is asking. API Gateway has verified the token before we see its claims: signature, issuer,
audience and time. Here they are held against the shop file, which says who works for the shop now.

The shop is the token's: nothing in a path, a query or a body names one. Decision 0012.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from kesher import store
from kesher.domain.shop import LEVELS, Agent, Level, Shop
from kesher.errors import Forbidden, NotFound, NotSignedIn


def signed_in(claims: Mapping[str, str], least: Level) -> tuple[Agent, Shop]:
    """Whose token it is, at the lower of the two levels that their groups and the shop file give.
    Raises NotSignedIn for what is no ID token, and Forbidden where they may not ask for this."""
    if claims.get("token_use") != "id":
        raise NotSignedIn("the desk takes an ID token of its user pool")
    try:
        shop = store.load_shop(claims.get("custom:shop", ""))
    except NotFound as error:
        raise Forbidden("there is no such shop") from error
    agent = shop.agent(claims.get("custom:agent", ""))
    if agent is None:
        raise Forbidden("you are not among the shop's agents")
    granted = _granted(claims.get("cognito:groups", ""))
    if granted is None:
        raise Forbidden(f"you are in none of the groups {', '.join(LEVELS)}")
    acting = replace(agent, level=min(agent.level, granted, key=LEVELS.index))
    if not acting.may(least):
        raise Forbidden(f"this takes the level {least}; yours is {acting.level}")
    return acting, shop


def _granted(groups: str) -> Level | None:
    """The highest level among groups. API Gateway writes a claim that is a list as `[agent lead]`."""
    named = set(re.findall(r"[^\s,\[\]]+", groups))
    return next((level for level in reversed(LEVELS) if level in named), None)
