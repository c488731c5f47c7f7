"""Channels that carry alerts and bring nothing back."""

from dataclasses import replace

import pytest

from kesher import channels
from kesher.domain.outbox import CannotTell
from kesher.domain.shop import Channel
from kesher.errors import NotFound
from local.machine import Machine
from tests.builders import KESHET
from tests.channels.runner import TEXT


@pytest.mark.parametrize("name", sorted(channels.NAMES))
def test_what_only_sends_has_nothing_else(name: str) -> None:
    has = {part for part in ("verify", "parse", "answer", "find", "recent") if part in dir(
        channels.sender(name)
    )}  # fmt: skip
    assert bool(has) == (name not in channels.ONLY_SEND)


@pytest.mark.parametrize("name", sorted(channels.ONLY_SEND))
def test_nobody_writes_to_us_through_it(name: str, machine: Machine) -> None:
    with pytest.raises(NotFound):
        channels.adapter(name)
    for path in ("", f"/receipts/{'0' * 32}-{'0' * 20}"):
        answer = machine.world.http("POST", f"/hooks/demo/channels/{name}{path}", {}, b"{}")
        assert answer.status == 404


@pytest.mark.parametrize("name", sorted(channels.ONLY_SEND))
def test_it_cannot_tell_what_became_of_an_alert(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBHOOK", "https://rooms.example/secret")
    channel = Channel(name, "#care", credentials={"webhook": "env:WEBHOOK"})
    door = replace(KESHET.door, channels=[channel])

    asked = channels.ask("find", door, replace(TEXT, channel=name), "")
    assert asked == CannotTell("it answers no such question")
