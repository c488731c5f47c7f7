"""Whoever asks for `heard` has every room's logs, metrics and exceptions listened to; a `stranger`
posts bad inputs while they are."""

import importlib
import logging
from collections.abc import Iterator

import pytest

from kesher import telemetry
from local.machine import Machine
from tests.reliability.heard import ROOMS, Heard
from tests.reliability.stranger import Stranger


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Heard]:
    monkeypatch.setenv("POWERTOOLS_LOG_LEVEL", "DEBUG")
    heard = Heard(capsys)
    for room in ROOMS:
        app = importlib.import_module(f"functions.{room}.app")
        monkeypatch.setattr(app, "lambda_handler", heard.listening(app.lambda_handler))
    monkeypatch.setattr(telemetry.logger.registered_handler, "stream", heard.logs)
    everyone_else = logging.StreamHandler(heard.logs)
    logging.getLogger().addHandler(everyone_else)
    yield heard
    logging.getLogger().removeHandler(everyone_else)


@pytest.fixture
def stranger(machine: Machine, heard: Heard) -> Iterator[Stranger]:
    someone = Stranger(machine, heard)
    yield someone
    someone.leaves()
