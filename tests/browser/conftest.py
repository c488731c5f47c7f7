"""The system as `make run` starts it, and a browser to use it with."""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).parents[2]
START_SECONDS = 60
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("/usr/bin/chromium")
    if chromium is None:
        pytest.skip("install Debian's chromium: apt-get install chromium")
    expect.set_options(timeout=15_000)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def kesher_url() -> Iterator[str]:
    port = _free_port()
    command = [sys.executable, "-m", "local.cli", "run", "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as kesher:
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_until_healthy(url, kesher)
            yield url
        finally:
            kesher.terminate()


@pytest.fixture
def page(browser: Browser, kesher_url: str) -> Iterator[Page]:
    """The simulator page, as somebody sees it who opens it for the first time."""
    with browser.new_context(viewport={"width": 1440, "height": 900}) as context:
        opened = context.new_page()
        broken: list[str] = []
        opened.on("pageerror", lambda error: broken.append(str(error)))
        opened.goto(kesher_url)
        yield opened
        assert broken == []


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_healthy(url: str, kesher: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if kesher.poll() is not None:
            pytest.fail(f"kesher ended with {kesher.returncode}")
        try:
            if requests.get(f"{url}/health", timeout=5).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.1)
    pytest.fail(f"kesher was not healthy after {START_SECONDS} s")
