"""What anybody may have of the desk: its frame and its assets, and how little a browser may do there."""

import hashlib
import re

import pytest

from kesher.desk.pages import shell
from local.gateway import HttpAnswer
from local.machine import Machine
from tests.desk.browser import Seen

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https:; "
    "connect-src 'self' http://127.0.0.1:8080; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


def got(machine: Machine, path: str, **headers: str) -> HttpAnswer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return machine.world.http("GET", path, named, b"")


@pytest.mark.parametrize("path", ["/desk", "/desk/2d16469ce03c580485d70e75c05e5e1f", "/desk/x"])
def test_the_frame_is_the_same_for_every_place_and_has_no_data(machine: Machine, path: str) -> None:
    frame = got(machine, path)
    assert (frame.status, frame.headers["content-security-policy"]) == (200, POLICY)
    assert frame.headers["x-content-type-options"] == "nosniff"
    assert frame.headers["referrer-policy"] == "no-referrer"
    assert frame.body == got(machine, "/desk").body
    assert machine.shop.name.encode() not in frame.body


def test_nothing_in_the_frame_is_inline(machine: Machine) -> None:
    page = Seen(got(machine, "/desk").body.decode())
    assert "style" not in page.tags
    assert all(each.get("src") for tag, each in page.elements if tag == "script")
    for _, attributes in page.elements:
        assert not [name for name in attributes if name == "style" or name.startswith("on")]


@pytest.mark.parametrize("name", sorted(each.name for each in shell.ASSETS.glob("*.js")))
def test_no_script_of_ours_asks_for_what_the_policy_forbids(name: str) -> None:
    """What others wrote can do without: htmx is told not to."""
    script = (shell.ASSETS / name).read_text(encoding="utf-8")
    if not name.endswith(".min.js"):
        assert not re.search(r"\beval\b|\bnew Function\b|innerHTML\s*=|\.style\.", script)


def test_htmx_is_told_to_evaluate_nothing(machine: Machine) -> None:
    frame = got(machine, "/desk").body.decode()
    for told in ('"allowEval": false', '"includeIndicatorStyles": false', '"historyCacheSize": 0'):
        assert told in frame
    assert '"allowScriptTags": false' in frame


@pytest.mark.parametrize(
    ("asked", "language", "direction"),
    [
        ("he-IL,he;q=0.9,en;q=0.8", "he", "rtl"),
        ("fa", "fa", "rtl"),
        ("iw", "he", "rtl"),
        ("fr,en;q=0.5", "en", "ltr"),
        ("tlh", "en", "ltr"),
        ("", "en", "ltr"),
    ],
)
def test_the_frame_speaks_the_browsers_language(
    machine: Machine, asked: str, language: str, direction: str
) -> None:
    frame = got(machine, "/desk", accept_language=asked)
    (root,) = [each for tag, each in Seen(frame.body.decode()).elements if tag == "html"]
    assert (root["lang"], root["dir"]) == (language, direction)
    assert frame.headers["vary"] == "accept-language"


def test_the_frame_says_where_people_sign_in(machine: Machine) -> None:
    told = [
        attributes
        for tag, attributes in Seen(got(machine, "/desk").body.decode()).elements
        if tag == "meta" and attributes.get("name") == "sign-in"
    ]
    assert told == [
        {
            "name": "sign-in",
            "content": "http://127.0.0.1:8080/local/issuer",
            "data-client": "DeskClient",
            "data-back": "http://127.0.0.1:8080/desk",
        }
    ]


def test_every_asset_is_there_for_ever_under_the_name_of_its_release(machine: Machine) -> None:
    page = Seen(got(machine, "/desk").body.decode())
    named = [each.get("src") or each.get("href") or "" for _, each in page.elements]
    paths = [each for each in named if each.startswith("/")]
    assert len(paths) == 5
    for path in paths:
        asset = got(machine, path)
        assert (path, asset.status) == (path, 200)
        assert asset.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert asset.headers["x-content-type-options"] == "nosniff"


def test_an_asset_of_another_release_is_not_kept(machine: Machine) -> None:
    asset = got(machine, "/desk/assets/0123456789abcdef/desk.css")
    assert (asset.status, asset.headers["cache-control"]) == (200, "no-store")


@pytest.mark.parametrize("name", ["README.md", "nothing.js", "..%2Fshell.py", "%2e%2e"])
def test_nothing_but_an_asset_is_given(machine: Machine, name: str) -> None:
    assert got(machine, f"/desk/assets/{shell.release()}/{name}").status == 404


@pytest.mark.parametrize(
    "name", ["htmx.min.js", "idiomorph-ext.min.js", "uPlot.iife.min.js", "uPlot.min.css"]
)
def test_what_others_wrote_is_what_the_readme_names(name: str) -> None:
    readme = (shell.ASSETS / "README.md").read_text(encoding="utf-8")
    digest = hashlib.sha256((shell.ASSETS / name).read_bytes()).hexdigest()
    (row,) = [line for line in readme.splitlines() if line.startswith(f"| `{name}`")]
    assert digest in row
