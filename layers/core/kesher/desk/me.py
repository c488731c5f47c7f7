"""Who am I?"""

from typing import Annotated

from msgspec import Meta

from kesher.desk.route import Answered, Asked, Body, Route
from kesher.domain.shop import Level


class TeamShown(Body, frozen=True):
    id: str
    name: str
    languages: list[str]


class AgentShown(Body, frozen=True):
    """The person whose token it is."""

    id: str
    name: str
    role: str
    level: Annotated[
        Level, Meta(description="The lower of what the shop file and their sign-in say.")
    ]
    languages: list[str]
    teams: list[TeamShown]


class ShopShown(Body, frozen=True):
    id: str
    name: str
    languages: list[str]
    timezone: str


class Me(Body, frozen=True):
    agent: AgentShown
    shop: ShopShown


def me(asked: Asked) -> Answered:
    agent, shop = asked.agent, asked.shop
    teams = [
        TeamShown(each.id, each.name, each.languages or shop.languages)
        for each in shop.teams
        if each.id in agent.teams
    ]
    languages = agent.languages or shop.languages
    who = AgentShown(agent.id, agent.name, agent.role, agent.level, languages, teams)
    return Answered(Me(who, ShopShown(shop.shop, shop.name, shop.languages, shop.timezone)))


ROUTES = (Route("GET", "/me", "agent", "Who I am, and what I may do", me, Me),)
