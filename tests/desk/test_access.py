"""Who gets in: each route, with everything that is no good token for it."""

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache, partial
from typing import Any
from urllib.parse import urlencode

import jwt
import pytest

from kesher import calendars, desk, store, words
from kesher.desk.route import Route
from kesher.domain import attend
from kesher.domain.attend import Case, Ending
from kesher.domain.decision import Decision
from kesher.domain.scene import House
from kesher.domain.shop import LEVELS, Agent, Level
from kesher.store.table import table
from local.gateway import HttpAnswer
from local.issuer import VALID, Key
from local.machine import Machine
from local.world import Call
from tests.desk.caller import Caller, agent, holding, nobody_can_tell, said, signed_in

TokenOf = Callable[[Machine, Agent], str | None]


@lru_cache(maxsize=1)
def stranger(kid: str) -> Key:
    return Key.made(kid)


def token(claims: dict[str, Any]) -> TokenOf:
    return lambda machine, who: machine.world.issuer.token(who, claims)


def signed_by_a_stranger(kid: str) -> TokenOf:
    return lambda machine, who: machine.world.issuer.token(who, key=stranger(kid))


def unsigned(machine: Machine, who: Agent) -> str:
    good = machine.world.issuer.token(who)
    return jwt.encode(_claims(good), "", algorithm="none", headers={"kid": "local-1"})


def signed_with_the_public_key(machine: Machine, who: Agent) -> str:
    """The old trick: HMAC, and what everybody may read as its secret."""
    (public,) = machine.world.issuer.keys()["keys"]
    head = {"kid": public["kid"]}
    secret = public["n"].encode()
    return jwt.encode(_claims(machine.world.issuer.token(who)), secret, "HS256", headers=head)


def promoted_by_themselves(machine: Machine, who: Agent) -> str:
    """Another claim under the old signature."""
    head, _, signature = machine.world.issuer.token(who).split(".")
    claims = _claims(machine.world.issuer.token(who)) | {"cognito:groups": ["owner"]}
    raw = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"{head}.{raw}.{signature}"


def without_kid(machine: Machine, who: Agent) -> str:
    _, claims, signature = machine.world.issuer.token(who).split(".")
    bare = base64.urlsafe_b64encode(b'{"alg":"RS256"}').decode().rstrip("=")
    return f"{bare}.{claims}.{signature}"


def timed(**seconds: int) -> TokenOf:
    def made(machine: Machine, who: Agent) -> str:
        now = int(machine.clock.now().timestamp())
        return machine.world.issuer.token(who, {k: now + v for k, v in seconds.items()})

    return made


def _claims(good: str) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(good, options={"verify_signature": False})
    return claims


NO_TOKENS: dict[str, TokenOf] = {
    "no token": lambda *_: None,
    "nothing after Bearer": lambda *_: "",
    "garbage": lambda *_: "nonsense",
    "three parts of garbage": lambda *_: "a.b.c",
    "not ASCII": lambda *_: "שלום",
    "expired this second": timed(exp=0),
    "expired": timed(exp=-3600, iat=-7200),
    "not valid yet": timed(nbf=60),
    "issued tomorrow": timed(iat=86400),
    "without an end": token({"exp": None}),
    "an end that is no time": token({"exp": "tomorrow"}),
    "another key under our kid": signed_by_a_stranger("local-1"),
    "another key under its own kid": signed_by_a_stranger("theirs"),
    "no kid": without_kid,
    "alg none": unsigned,
    "HMAC with the public key": signed_with_the_public_key,
    "a claim changed": promoted_by_themselves,
    "another pool": token(
        {"iss": "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Other"}
    ),
    "no issuer": token({"iss": None}),
    "another client": token({"aud": "another-client"}),
    "another client, ours among lists": token({"aud": ["a", "b"]}),
    "no audience": token({"aud": None}),
    "an access token of ours": lambda machine, who: machine.world.issuer.access_token(who),
    "of no use": token({"token_use": None}),
}
NOT_ALLOWED: dict[str, TokenOf] = {
    "in no group": token({"cognito:groups": None}),
    "in groups of another kind": token({"cognito:groups": ["agents", "admin", "agentlead"]}),
    "of no shop": token({"custom:shop": None}),
    "of a shop that is not here": token({"custom:shop": "nobody"}),
    "of a shop that is none": token({"custom:shop": "demo#customer#x"}),
    "no agent": token({"custom:agent": None}),
    "an agent who has left": token({"custom:agent": "yael"}),
}


BODIES: dict[str, dict[str, object]] = {
    "settle": {"outcome": "arrived"},
    "reply": {"text": "We will see to it"},
    "note": {"text": "Handle with care"},
    "snooze": {"until": "2026-11-25T09:00:00+02:00"},
    "transfer": {"team": "persian"},
    "close": {"farewell": True},
    "judge": {"verdict": "dismissed"},
    "/escalations/{escalation}/close": {},
}
BEFORE: dict[str, Callable[[Case], Decision]] = {
    "snooze": attend.take,
    "give-back": attend.take,
    "transfer": attend.take,
    "reopen": partial(attend.close, cause="before", ending=Ending()),
}
"""What Dana has done before, so that a route can do what it does."""


def asked(caller: Caller, route: Route, text: str) -> HttpAnswer:
    """About a text that nobody can tell about, its customer, or what they are alerted of."""
    named = route.path.replace("{message}", text).replace("{escalation}", text)
    named = named.replace("{figure}", "csat")
    path, deed = named.replace("{customer}", text.partition("-")[0]), route.path.rpartition("/")[2]
    if route.method == "POST":
        return caller.post(path, BODIES.get(route.path, BODIES.get(deed)))
    return caller.get(path, wanted(route, text))


def wanted(route: Route, text: str) -> str:
    """The query that a route cannot do without."""
    known = {"customer": text.partition("-")[0], "q": "1001"}
    names: tuple[str, ...] = route.query.__struct_fields__
    return urlencode({name: known[name] for name in names if name in known})


def prepared(machine: Machine, text: str, route: Route) -> None:
    deed = BEFORE.get(route.path.rpartition("/")[2])
    if deed:
        customer, _ = store.load_customer("demo", text.partition("-")[0])
        assert customer is not None
        house = House(words.voice(machine.shop), calendars.calendar(machine.shop))
        case = Case(customer, agent(machine, "dana"), house, machine.clock.now())
        store.commit(deed(case), machine.shop)


ROUTES = pytest.mark.parametrize(
    "route", desk.ROUTES, ids=lambda each: f"{each.method} {each.path}"
)


def reaching_the_room(machine: Machine) -> list[Call]:
    calls: list[Call] = []
    machine.world.before.append(lambda call: calls.append(call) if call.room == "desk" else None)
    return calls


@ROUTES
def test_with_a_good_token_every_route_answers(machine: Machine, text: str, route: Route) -> None:
    prepared(machine, text, route)
    who = next(each.id for each in machine.shop.agents if each.may(route.least))
    assert asked(signed_in(machine, who), route, text).status == 200


@ROUTES
def test_without_a_good_token_no_route_answers(machine: Machine, text: str, route: Route) -> None:
    before, calls = table().count(), reaching_the_room(machine)
    for name, made in NO_TOKENS.items():
        refused = asked(holding(machine, made(machine, agent(machine, "amir"))), route, text)
        assert (name, refused.status) == (name, 401)
        assert refused.headers["www-authenticate"] == "Bearer"
    assert calls == []
    assert before == table().count()
    assert store.unknown("demo").texts


@ROUTES
def test_who_does_not_work_here_is_refused(machine: Machine, text: str, route: Route) -> None:
    before = table().count()
    for name, made in NOT_ALLOWED.items():
        refused = asked(holding(machine, made(machine, agent(machine, "amir"))), route, text)
        assert (name, refused.status, said(refused)["code"]) == (name, 403, "forbidden")
    assert before == table().count()
    assert store.unknown("demo").texts


@ROUTES
@pytest.mark.parametrize("least", LEVELS[1:])
def test_a_lower_level_than_a_route_takes_is_refused(
    machine: Machine, text: str, route: Route, least: Level, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lower of two counts: what their groups give, and what the shop file does."""
    monkeypatch.setitem(vars(route), "least", least)
    owner, all_groups = agent(machine, "amir"), {"cognito:groups": list(LEVELS)}
    lower = LEVELS[: LEVELS.index(least)]
    tokens = [machine.world.issuer.token(owner, {"cognito:groups": [each]}) for each in lower]
    tokens += [
        machine.world.issuer.token(each, all_groups)
        for each in machine.shop.agents
        if each.level in lower
    ]
    for made in tokens:
        refused = asked(holding(machine, made), route, text)
        assert (refused.status, said(refused)["code"]) == (403, "forbidden")
    assert store.unknown("demo").texts
    prepared(machine, text, route)
    assert asked(signed_in(machine, "amir"), route, text).status == 200


def test_nothing_of_one_shop_is_there_for_another(
    machine: Machine, text: str, neighbour: Caller
) -> None:
    before = table().count()
    assert said(neighbour.get("/me"))["shop"]["id"] == "keshet"
    assert said(neighbour.get("/unknown"))["items"] == []
    assert said(neighbour.get("/conversations"))["items"] == []
    for route in (each for each in desk.ROUTES if _names_somebody(each)):
        assert asked(neighbour, route, text).status == 404, route.path
    assert before == table().count()
    assert [each.id for each in store.unknown("demo").texts] == [text]


def _names_somebody(route: Route) -> bool:
    """Their path or query; a figure is everybody's."""
    named = any(each in route.path for each in ("{customer}", "{message}", "{escalation}"))
    return named or "customer" in route.query.__struct_fields__


def test_a_cursor_of_one_shop_shows_nothing_of_it_to_another(
    machine: Machine, neighbour: Caller
) -> None:
    nobody_can_tell(machine, "+972502345678", "+972523456789")
    mine = said(signed_in(machine).get("/unknown", "limit=1"))["next"]
    assert said(neighbour.get("/unknown", f"cursor={mine}")) == {"items": [], "next": None}


def test_the_same_key_of_another_agent_is_another_request(machine: Machine, text: str) -> None:
    path, arrived = f"/unknown/{text}/settle", {"outcome": "arrived"}
    assert signed_in(machine, "dana").post(path, arrived, key="k").status == 200
    not_so = signed_in(machine, "shirin").post(path, {"outcome": "did-not-arrive"}, key="k")
    assert not_so.status == 409


def test_a_token_is_good_for_a_quarter_of_an_hour(machine: Machine) -> None:
    dana = holding(machine, machine.world.issuer.token(agent(machine, "dana")))
    machine.world.advance(VALID - timedelta(seconds=1))
    assert dana.get("/me").status == 200
    machine.world.advance(timedelta(seconds=1))
    assert dana.get("/me").status == 401


@pytest.mark.parametrize("header", ["Bearer {}", "bearer {}", "{}"])
def test_a_token_may_come_as_api_gateway_takes_it(machine: Machine, header: str) -> None:
    token = machine.world.issuer.token(agent(machine, "dana"))
    given = holding(machine, None).get("/me", authorization=header.format(token))
    assert given.status == 200


def test_a_path_that_is_nobodys_is_404_and_a_method_that_is_not_taken_405(machine: Machine) -> None:
    dana = signed_in(machine)
    for path in ("/", "/nothing", "/unknown/a/b/c", "/me/x"):
        assert (path, dana.get(path).status) == (path, 404)
    for method in ("PUT", "DELETE", "PATCH", "POST", "OPTIONS"):
        refused = dana.ask(method, "/me")
        assert (refused.status, refused.headers["allow"]) == (405, "GET")
    assert holding(machine, None).get("/nothing").status == 401


def test_what_breaks_is_a_problem_that_says_nothing_of_why(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Call) -> None:
        raise RuntimeError("row +972502345678")

    dana = signed_in(machine)
    machine.world.before.append(broken)
    answer = dana.get("/unknown")
    assert (answer.status, said(answer)["code"]) == (500, "broken")
    assert b"972" not in answer.body
    assert answer.headers["Content-Type"] == "application/problem+json"
