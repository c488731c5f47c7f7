"""Schemathesis asks the desk whatever its document allows, and what it does not."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode

from kesher import desk, store
from kesher.desk.route import BASE, Route, etag
from kesher.domain.customer import customer_id
from kesher.domain.message import Outbound
from local import shopfile
from local.machine import DEMO_SECRETS, DEMO_SHOP, Machine, secrets_in
from local.server import Server
from local.world import Clock
from tests.conftest import MONDAY_NOON
from tests.desk.caller import agent, forged, nobody_can_tell

PHONES = [f"+9725023456{n}" for n in range(10, 30)]
CUSTOMER = customer_id("demo", PHONES[0], "")
EXAMPLES = 50


@pytest.fixture(scope="module")
def asked() -> Iterator[Machine]:
    """With texts that nobody can tell about."""
    shop = shopfile.read(DEMO_SHOP)
    with Machine(shop, secrets_in(DEMO_SECRETS), clock=Clock(fixed=MONDAY_NOON)) as running:
        nobody_can_tell(running, *PHONES)
        yield running


@pytest.mark.parametrize("mode", GenerationMode, ids=lambda each: each.value)
@pytest.mark.parametrize("route", desk.ROUTES, ids=lambda each: f"{each.method} {each.path}")
def test_it_finds_nothing(asked: Machine, route: Route, mode: GenerationMode) -> None:
    """By all its checks: statuses and bodies as documented, bad data refused and good data taken,
    methods that are not there, and what is answered without a token."""
    if mode is GenerationMode.NEGATIVE and not _takes_anything(route):
        pytest.skip("it takes nothing that could be wrong")
    schema = schemathesis.openapi.from_wsgi(f"{BASE}/openapi.json", Server(asked))
    operation = schema[BASE + route.path][route.method]
    asking, who = 0, next(each.id for each in asked.shop.agents if each.may(route.least))

    @given(case=operation.as_strategy(generation_mode=mode), known=st.booleans())
    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: Case[Any], known: bool) -> None:
        nonlocal asking
        asking += 1
        _with_what_we_gave(case, known=known, opaque=mode is GenerationMode.POSITIVE)
        token = asked.world.issuer.token(agent(asked, who))
        case.call_and_validate(headers={"Authorization": f"Bearer {token}"})

    ask()
    assert asking > 0


def _with_what_we_gave(case: Case[Any], *, known: bool, opaque: bool) -> None:
    """The id of a text that is there; and, where the data shall be good, what no schema can say: a
    cursor and an ETag of ours, and a key that was never used."""
    page = store.unknown("demo", limit=1)
    if known and page.texts and "message" in case.path_parameters:
        case.path_parameters["message"] = page.texts[0].id
    if known and "customer" in case.path_parameters:
        case.path_parameters["customer"] = CUSTOMER
    if known and opaque and "customer" in case.query:
        case.query["customer"] = CUSTOMER
    if opaque and "cursor" in case.query:
        case.query["cursor"] = _cursor(case.path, page.rest)
    if opaque and "before" in case.query:
        case.query["before"] = forged(MONDAY_NOON.isoformat(), "0" * 20)
    if opaque and isinstance(case.body, dict) and case.path.endswith("/transfer"):
        case.body.setdefault("team", "care")
        case.body["team"] = case.body["team"] or "care"
    if opaque and isinstance(case.body, dict) and case.path.endswith("/snooze"):
        case.body["until"] = (MONDAY_NOON + timedelta(days=20)).isoformat()
    if opaque and "Idempotency-Key" in case.headers:
        case.headers["Idempotency-Key"] = str(uuid4())
    if opaque and "If-Match" in case.headers:
        case.headers["If-Match"] = _etag(case.path, page.texts)


def _cursor(path: str, rest: store.Place | None) -> str:
    if path.endswith("/conversations"):
        return forged(MONDAY_NOON.isoformat(), CUSTOMER)
    return forged(*map(str, rest)) if rest else ""


def _etag(path: str, texts: tuple[Outbound, ...]) -> str:
    if "{customer}" in path:
        customer, _ = store.load_customer("demo", CUSTOMER)
        return etag(customer.version) if customer else "*"
    return etag(texts[0].version) if texts else "*"


def _takes_anything(route: Route) -> bool:
    return "{" in route.path or bool(route.query.__struct_fields__) or route.takes is not None
