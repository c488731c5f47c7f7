"""One machine for every flow: the demo shop at a fixed hour of a Monday."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import settings

from local import shopfile
from local.machine import DEMO_SECRETS, DEMO_SHOP, Machine, secrets_in
from local.world import Clock
from tests.reliability import summary

MONDAY_NOON = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)

settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("dev", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


LONGEST = (
    "tests/reliability/test_crash_matrix_of_people.py",
    "tests/reliability/test_state_machine.py",
    "tests/reliability/test_crash_matrix.py",
    "tests/reliability/test_interleavings.py",
    "tests/reliability/test_bad_inputs.py",
)
"""Files that take minutes: they come first, so that no process is left alone with one at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    turns = {path: turn for turn, path in enumerate(LONGEST)}
    items.sort(key=lambda item: turns.get(item.nodeid.partition("::")[0], len(LONGEST)))


@pytest.fixture
def machine() -> Iterator[Machine]:
    shop = shopfile.read(DEMO_SHOP)
    with Machine(shop, secrets_in(DEMO_SECRETS), clock=Clock(fixed=MONDAY_NOON)) as running:
        yield running


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """A whole run that tried less than it must has failed, so that no count shrinks unnoticed. Where
    several processes share a run (`pytest -n`), each tells the first what it has counted."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["reliability"] = summary.told()
    elif exitstatus == pytest.ExitCode.OK and _whole(session) and summary.below_floor():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    summary.heard(node.workeroutput["reliability"])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if summary.line():
        terminalreporter.write_line(summary.line())
    if _whole(terminalreporter._session):
        for each in summary.below_floor():
            terminalreporter.write_line(f"reliability: too few {each}", red=True)


def _whole(session: pytest.Session | None) -> bool:
    """Whether every test of the suite was to run."""
    if session is None:
        return False
    config = session.config
    chosen = ("keyword", "markexpr", "deselect", "ignore", "lf", "collectonly", "stepwise")
    whole = config.args_source == pytest.Config.ArgsSource.TESTPATHS
    return whole and not any(config.getoption(each, None) for each in chosen)
