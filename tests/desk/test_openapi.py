"""The document, the code and the template name the same routes."""

import importlib
import json
import re
from typing import Any

from openapi_spec_validator import validate

from kesher import desk
from kesher.desk import openapi
from kesher.desk.pages import BASE as BASE_OF_PAGES
from kesher.desk.route import BASE
from local.machine import Machine
from tests.desk.caller import holding, said

DOCUMENT = openapi.document(desk.ROUTES)
OPERATIONS: dict[tuple[str, str], Any] = {
    (method.upper(), path): operation
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}


def test_the_document_is_openapi() -> None:
    validate(DOCUMENT)
    assert DOCUMENT["openapi"].startswith("3.1.")


def test_everybody_may_read_the_document(machine: Machine) -> None:
    served = holding(machine, None).get("/openapi.json")
    assert served.status == 200
    assert said(served) == json.loads(json.dumps(DOCUMENT))


def test_the_room_serves_what_the_document_names_itself_and_the_pages() -> None:
    api = importlib.import_module("functions.desk.app").api
    served = {
        (method, re.sub(r"\(\?P<(\w+)>.*?\\w\]\+\)", r"{\1}", route.rule.pattern.strip("^$")))
        for route in (*api._static_routes, *api._dynamic_routes)
        for method in ([route.method] if isinstance(route.method, str) else route.method)
    }
    public = {(each.method, each.path) for each in desk.PUBLIC}
    pages = {(each.route.method, BASE_OF_PAGES + each.route.path) for each in desk.PAGES}
    assert served == {*OPERATIONS, *public, *pages}
    assert ("GET", openapi.PATH) in public


def test_the_template_routes_all_of_it_to_the_desk_and_asks_for_a_token(machine: Machine) -> None:
    """Only one of its routes matches each path, so which one API Gateway takes is no question."""
    public = {(each.method, each.path) for each in desk.PUBLIC}
    for each in desk.ENDPOINTS:
        matching = [
            route
            for route in machine.world.cloud.routes
            if route.method in (each.method, "ANY") and route.pattern.match(each.path)
        ]
        assert {route.function for route in matching} == {"DeskFunction"}
        without_token = (each.method, each.path) in public
        assert (matching[0].authorizer is None) is without_token, each.path
        assert len(matching) == 1 or each.path == openapi.PATH


def test_every_operation_has_a_name_of_its_own_a_level_and_a_word_on_every_refusal() -> None:
    names = [each["operationId"] for each in OPERATIONS.values()]
    assert len(set(names)) == len(names) == len(desk.ROUTES)
    for (method, path), operation in OPERATIONS.items():
        assert path.startswith(f"{BASE}/")
        assert operation["x-least-level"] in ("agent", "lead", "owner")
        assert {"200", "400", "401", "403", "405", "429", "500"} <= set(operation["responses"])
        if method == "POST":
            (key,) = [e for e in operation["parameters"] if e["name"] == "Idempotency-Key"]
            assert key["required"]
            assert {"409", "413", "422"} <= set(operation["responses"])


def test_what_is_answered_may_grow_and_what_is_taken_may_not() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    taken = {each.takes.__name__ for each in desk.ROUTES if each.takes}
    closed = {name for name, each in schemas.items() if each.get("additionalProperties") is False}
    assert closed == taken
