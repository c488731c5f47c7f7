"""The page that asks who somebody is."""

import hashlib
import re
from base64 import urlsafe_b64encode
from urllib.parse import urlencode

from playwright.sync_api import Browser, expect

VERIFIER = "a-verifier-that-only-the-page-knows-0123456789"


def test_who_chooses_a_name_is_shown_how_to_ask_the_desk(browser: Browser, kesher_url: str) -> None:
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        page.goto(f"{kesher_url}/local/issuer")
        expect(page.locator("#people button")).to_have_count(3)
        page.get_by_role("button", name="שירות לקוחות").click()
        expect(page.locator("#given-name")).to_have_text("דנה")
        command = page.locator("#given-command").text_content() or ""
        token = re.search(r"Bearer ([\w.-]+)", command)
        assert token is not None
        asked = page.request.get(
            f"{kesher_url}/desk/api/v1/me", headers={"Authorization": f"Bearer {token[1]}"}
        )
        assert asked.json()["agent"]["id"] == "dana"


def test_who_was_sent_here_by_a_page_is_sent_back_with_a_code(
    browser: Browser, kesher_url: str
) -> None:
    challenge = urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
    query = urlencode(
        {
            "response_type": "code",
            "client_id": "DeskClient",
            "redirect_uri": f"{kesher_url}/desk",
            "state": "here",
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
    )
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{kesher_url}/local/issuer/oauth2/authorize?{query}")
        page.get_by_role("button", name="Amir").click()
        page.wait_for_url(re.compile(rf"^{kesher_url}/desk\?code=[\w-]+&state=here$"))
