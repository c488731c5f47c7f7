"""Somebody at the desk, as their browser asks its API."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from types import MappingProxyType
from typing import Any

import requests

from kesher import store
from kesher.desk.route import BASE
from kesher.domain.message import Outbound
from kesher.domain.shop import Agent
from local.gateway import HttpAnswer
from local.machine import Machine
from local.outside.answers import answer

NOA = "+972502345678"
MINUTE = timedelta(minutes=1)
Names = Mapping[str, str]
NONE: Names = MappingProxyType({})
_keys = count(1)


@dataclass
class Caller:
    machine: Machine
    token: Callable[[], str | None]
    """Asked for with each request, as a page renews its own."""
    base: str = BASE

    def get(self, path: str, query: str = "", **headers: str) -> HttpAnswer:
        return self.ask("GET", path, query=query, headers=headers)

    def post(self, path: str, said: Any, key: str | None = None, **headers: str) -> HttpAnswer:
        """With a key of its own, unless given."""
        given = {"idempotency_key": key or f"key-{next(_keys)}", "content_type": "application/json"}
        return self.ask("POST", path, json.dumps(said).encode(), headers=given | headers)

    def ask(
        self, method: str, path: str, body: bytes = b"", *, query: str = "", headers: Names = NONE
    ) -> HttpAnswer:
        """Names of headers with underscores, since mostly they are arguments."""
        token = self.token()
        signed = {"authorization": f"Bearer {token}"} if token is not None else {}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.machine.world.http(method, self.base + path, signed | named, body, query)


def signed_in(machine: Machine, id: str = "dana") -> Caller:
    return Caller(machine, lambda: machine.world.issuer.token(agent(machine, id)))


def holding(machine: Machine, token: str | None) -> Caller:
    return Caller(machine, lambda: token)


def agent(machine: Machine, id: str) -> Agent:
    found = machine.shop.agent(id)
    assert found is not None
    return found


def said(answer: HttpAnswer) -> Any:
    return json.loads(answer.body)


def nobody_can_tell(machine: Machine, *phones: str) -> list[Outbound]:
    """Texts to these phones that their provider may have taken and cannot be asked about."""
    hosts = dict(machine.world.hosts)
    machine.world.hosts.update(dict.fromkeys(hosts, no_answer))
    for phone in phones or (NOA,):
        machine.text(phone, "When are you open?")
        machine.world.run()
        machine.world.advance(MINUTE)
    machine.world.advance(60 * MINUTE)
    machine.world.hosts.update(hosts)
    return list(store.unknown(machine.shop.shop).texts)


def no_answer(request: requests.PreparedRequest) -> requests.Response:
    """It breaks when it is sent to, and will not say what it has."""
    return answer(403 if request.method == "GET" else 502, {})


def forged(*said: str) -> str:
    """A cursor that says so."""
    return base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")
