"""Signing in on one machine goes as it does at the user pool."""

import base64
import hashlib
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from werkzeug.test import Client, TestResponse

from local import template
from local.issuer import CODE_VALID, REFRESH_VALID
from local.machine import Machine
from local.server import Server
from tests.desk.caller import Caller, holding, said

VERIFIER = "a-verifier-that-only-the-page-knows-0123456789"
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
)


@pytest.fixture
def browser(machine: Machine) -> Client:
    return Client(Server(machine))


def asking(machine: Machine, **other: str) -> dict[str, str]:
    """The query a page sends somebody to the authorize endpoint with."""
    return {
        "response_type": "code",
        "client_id": machine.world.issuer.client,
        "redirect_uri": f"{machine.public_url}/desk",
        "state": "s 1",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    } | other


def chosen(browser: Client, query: dict[str, str], agent: str = "dana") -> TestResponse:
    path = "/local/issuer/oauth2/authorize"
    return browser.post(path, query_string=query, json={"agent": agent})


def code(browser: Client, machine: Machine) -> str:
    location = urlsplit(chosen(browser, asking(machine)).json["location"])  # type: ignore[index]
    return parse_qs(location.query)["code"][0]


def exchange(browser: Client, machine: Machine, **other: str) -> TestResponse:
    form = {
        "grant_type": "authorization_code",
        "client_id": machine.world.issuer.client,
        "redirect_uri": f"{machine.public_url}/desk",
        "code_verifier": VERIFIER,
    }
    return browser.post("/local/issuer/oauth2/token", data=form | other)


def desk(machine: Machine, tokens: Any) -> Caller:
    return holding(machine, tokens["id_token"])


def test_the_page_shows_the_people_of_the_shop(browser: Client) -> None:
    for path in ("/local/issuer", "/local/issuer/oauth2/authorize?client_id=x"):
        html = browser.get(path).text
        assert '"id": "dana"' in html
        assert '"level": "owner"' in html


def test_whoever_asks_gets_a_token_that_the_desk_takes(machine: Machine, browser: Client) -> None:
    given = browser.post("/local/issuer/tokens", json={"agent": "shirin"}).json
    assert given is not None
    assert given["expires_in"] == 900
    assert said(desk(machine, given).get("/me"))["agent"]["level"] == "lead"


def test_nobody_gets_a_token_for_who_does_not_work_here(browser: Client) -> None:
    refused = browser.post("/local/issuer/tokens", json={"agent": "yael"})
    assert refused.status_code == 400
    assert "dana, shirin, amir" in refused.text


def test_the_keys_verify_its_tokens(machine: Machine, browser: Client) -> None:
    keys = jwt.PyJWKSet.from_dict(browser.get("/local/issuer/.well-known/jwks.json").json or {})
    token = machine.world.issuer.token(machine.shop.agents[0])
    untimed: Any = {"verify_aud": False, "verify_exp": False, "verify_iat": False}
    claims = jwt.decode(token, keys.keys[0], ["RS256"], options=untimed)
    assert (claims["custom:shop"], claims["custom:agent"]) == ("demo", "dana")
    assert all("d" not in each for each in machine.world.issuer.keys()["keys"])


def test_a_page_gets_its_tokens_by_code_and_renews_them(machine: Machine, browser: Client) -> None:
    location = chosen(browser, asking(machine)).json["location"]  # type: ignore[index]
    assert location.startswith(f"{machine.public_url}/desk?code=")
    assert parse_qs(urlsplit(location).query)["state"] == ["s 1"]
    tokens = exchange(browser, machine, code=parse_qs(urlsplit(location).query)["code"][0]).json
    assert tokens is not None
    assert desk(machine, tokens).get("/me").status == 200

    machine.world.advance(timedelta(hours=1))
    assert desk(machine, tokens).get("/me").status == 401
    renewing = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    renewed = exchange(browser, machine, **renewing).json
    assert desk(machine, renewed).get("/me").status == 200
    machine.world.advance(REFRESH_VALID)
    assert exchange(browser, machine, **renewing).status_code == 400


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"client_id": "other"}, "unauthorized_client"),
        ({"redirect_uri": "https://thief.example/desk"}, "unauthorized_client"),
        ({"redirect_uri": "http://127.0.0.1:8080/desk/../x"}, "unauthorized_client"),
        ({"response_type": "token"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
    ],
)
def test_nobody_is_sent_back_with_a_code_for_a_request_that_is_wrong(
    machine: Machine, browser: Client, wrong: dict[str, str], error: str
) -> None:
    refused = chosen(browser, asking(machine, **wrong))
    assert (refused.status_code, refused.json) == (400, {"error": error})


def test_who_does_not_work_here_is_not_sent_back(machine: Machine, browser: Client) -> None:
    assert chosen(browser, asking(machine), "yael").json == {"error": "access_denied"}


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"code": "guessed"}, "invalid_grant"),
        ({"code_verifier": "another"}, "invalid_grant"),
        ({"redirect_uri": "http://127.0.0.1:8080/"}, "invalid_grant"),
        ({"client_id": "other"}, "invalid_client"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
def test_a_code_is_good_for_nobody_else(
    machine: Machine, browser: Client, wrong: dict[str, str], error: str
) -> None:
    refused = exchange(browser, machine, **{"code": code(browser, machine)} | wrong)
    assert (refused.status_code, refused.json) == (400, {"error": error})


def test_a_code_is_good_once_and_not_for_long(machine: Machine, browser: Client) -> None:
    used, old = code(browser, machine), code(browser, machine)
    assert exchange(browser, machine, code=used).status_code == 200
    assert exchange(browser, machine, code=used).status_code == 400
    machine.world.advance(CODE_VALID)
    assert exchange(browser, machine, code=old).status_code == 400


def test_people_are_sent_back_where_the_template_says() -> None:
    client = template.source()["Resources"]["DeskClient"]["Properties"]
    assert template.read("https://texts.example").callbacks == ("https://texts.example/desk",)
    assert client["CallbackURLs"] == client["LogoutURLs"]


def test_who_signs_out_is_sent_back_to_the_page(machine: Machine, browser: Client) -> None:
    back = {"client_id": machine.world.issuer.client, "logout_uri": f"{machine.public_url}/desk"}
    sent = browser.get("/local/issuer/logout", query_string=back)
    assert (sent.status_code, sent.location) == (302, f"{machine.public_url}/desk")
    for other in ({"logout_uri": "https://evil.example/desk"}, {"client_id": "another"}):
        refused = browser.get("/local/issuer/logout", query_string=back | other)
        assert refused.status_code == 400


def test_a_refresh_token_that_was_given_up_is_good_no_longer(
    machine: Machine, browser: Client
) -> None:
    given: dict[str, Any] = exchange(browser, machine, code=code(browser, machine)).json  # type: ignore[assignment]
    form = {"token": given["refresh_token"], "client_id": machine.world.issuer.client}
    for _ in range(2):
        assert browser.post("/local/issuer/oauth2/revoke", data=form).status_code == 200
    again = {"grant_type": "refresh_token", "refresh_token": given["refresh_token"]}
    refused = exchange(browser, machine, **again)
    assert (refused.status_code, refused.json) == (400, {"error": "invalid_grant"})
