"""What the desk asks of the table, and how much of a browser, with five thousand waiting and five
hundred texts in a thread."""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from kesher.domain.customer import customer_id
from kesher.store.load import PROFILE
from kesher.store.table import customer_key
from local.bench.happenings import warm
from local.bench.units import read_units
from local.gateway import HttpAnswer
from local.machine import Machine
from local.template import ROOT
from local.world import Call

WAITING = 5_000
TEXTS = 500
NOA = "+972502345678"
ONCE = ("whole", "figures")
"""Pages that are opened, and hardly looked at again."""
_AT_ONCE = 25
"""Rows that one BatchWriteItem takes."""


@dataclass(frozen=True)
class Opened:
    name: str
    calls: Counter[str]
    read_units: float
    bytes: int


def opened(waiting: int = WAITING, texts: int = TEXTS) -> list[Opened]:
    """Each page as a browser asks for it, once everything is warm."""
    with warm() as machine:
        machine.text(NOA, "אני רוצה נציג")
        machine.world.run()
        noa = customer_id(machine.shop.shop, NOA, "")
        crowd(machine, noa, waiting - 1)
        talk(machine, noa, texts)
        pages = (
            ("the desk as it is opened", "whole"),
            ("the queue", "conversations"),
            ("a thread", f"conversations/{noa}"),
            ("the manager's view of today", "figures"),
        )
        return [each for page in pages for each in _twice(machine, *page)]


def _twice(machine: Machine, name: str, page: str) -> list[Opened]:
    """And once more with its ETag, as a page that looks again does."""
    first, answer = _asked(machine, name, page, {})
    live = f"{page}/live" if page.startswith("conversations/") else page
    if live != page:
        answer = _asked(machine, name, live, {})[1]
    again, _ = _asked(
        machine, f"{name}, looked at again", live, {"if-none-match": answer.headers["etag"]}
    )
    return [first, again] if page not in ONCE else [first]


def _asked(
    machine: Machine, name: str, page: str, headers: dict[str, str]
) -> tuple[Opened, HttpAnswer]:
    calls: Counter[str] = Counter()

    def count(call: Call) -> None:
        calls[f"{call.service} {call.operation}"] += 1

    owner = machine.shop.agent("amir")
    assert owner
    signed = {"authorization": f"Bearer {machine.world.issuer.token(owner)}"} | headers
    machine.world.before.append(count)
    with read_units(machine.world) as read:
        answer = machine.world.http("GET", f"/desk/pages/{page}", signed, b"")
    machine.world.before.remove(count)
    assert answer.status in {200, 304}, answer.body
    return Opened(name, calls, read["desk"], len(answer.body)), answer


# --- a full shop ------------------------------------------------------------------------------------


def crowd(machine: Machine, customer: str, many: int) -> None:
    """As many more who wait as this customer does, each a second longer than the one before."""
    pk, sk = customer_key(machine.shop.shop, customer), PROFILE
    row = machine.world.stored({"pk": {"S": pk}, "sk": {"S": sk}})
    since = datetime.fromisoformat(row["due_at"]["S"])
    rows = []
    for n in range(1, many + 1):
        number = f"+97253{n:07}"
        there = customer_id(machine.shop.shop, number, "")
        became = {customer: there, NOA: number}
        waits = {"due_at": {"S": (since - timedelta(seconds=n)).isoformat()}}
        rows.append(_renamed(row, became) | waits)
    _put(machine, rows)


def talk(machine: Machine, customer: str, many: int) -> None:
    """As many texts in all as this customer's last one, one a minute before the other."""
    pk = customer_key(machine.shop.shop, customer)
    asked = {":pk": {"S": pk}, ":message": {"S": "message#"}}
    condition = "pk = :pk AND begins_with(sk, :message)"
    rows = machine.world.unwatched(
        "Query",
        TableName=machine.world.table_name,
        KeyConditionExpression=condition,
        ExpressionAttributeValues=asked,
    )["Items"]
    row = next(each for each in rows if "-" not in each["sk"]["S"])
    said: dict[str, Any] = json.loads(row["body"]["S"])
    at = datetime.fromisoformat(said["at"])
    copies = []
    for n in range(many - len(rows)):
        earlier = (at - timedelta(minutes=n + 1)).isoformat()
        copies.append(_renamed(row, {said["id"]: f"{n:020x}", said["at"]: earlier}))
    _put(machine, copies)


def _renamed(row: dict[str, Any], became: dict[str, str]) -> dict[str, Any]:
    written = json.dumps(row)
    for was, becomes in became.items():
        written = written.replace(was, becomes)
    renamed: dict[str, Any] = json.loads(written)
    return renamed


def _put(machine: Machine, rows: list[dict[str, Any]]) -> None:
    puts = [{"PutRequest": {"Item": row}} for row in rows]
    for n in range(0, len(puts), _AT_ONCE):
        some = {machine.world.table_name: puts[n : n + _AT_ONCE]}
        machine.world.unwatched("BatchWriteItem", RequestItems=some)


# --- size -------------------------------------------------------------------------------------------


def package_bytes() -> int:
    """What the desk's function has beyond the layers that all have."""
    return _bytes(ROOT / "functions" / "desk")


def pages_bytes() -> int:
    """What is in the layer for the desk's pages alone."""
    return _bytes(ROOT / "layers" / "core" / "kesher" / "desk")


def _bytes(folder: Path) -> int:
    files = (each for each in folder.rglob("*") if "__pycache__" not in each.parts)
    return sum(each.stat().st_size for each in files if each.is_file())
