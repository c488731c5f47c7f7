"""What `kesher shop check` says of canned replies, and of keys that stand twice."""

from pathlib import Path

import pytest

from local import shopfile
from local.shopfile import BadShopFile

SHOP = """\
shop: keshet
name: קשת
languages: [he, fa]
country: IL
timezone: Asia/Jerusalem
channels:
  - {kind: simulator, sender: "+972552345678", credentials: {secret: "env:SIMULATOR_SECRET"}}
teams:
  - {id: care, name: Care, languages: [he]}
  - {id: all, name: All}
canned:
"""
GOOD = """\
  new_one:
    title: A new one
    text: {he: "שלום {first_name}, כאן {agent}.", fa: "سلام {first_name}، سفارش {order_number}."}
"""


def read(tmp_path: Path, canned: str) -> list[tuple[str, str]]:
    """What is said, and how to mend it, each on a line of its own."""
    file = tmp_path / "shop.yaml"
    file.write_text(SHOP + canned, "utf-8")
    try:
        shopfile.read(file)
    except BadShopFile as error:
        lines = str(error).replace(f"{file}:", "").splitlines()
        return [*zip(lines[::2], [each.strip() for each in lines[1::2]], strict=True)]
    return []


def one(name: str = "new_one", title: str = "New", text: str = "", more: str = "") -> str:
    said = text or '{he: "שלום", fa: "سلام"}'
    return f"  {name}:\n    title: {title}\n    text: {said}\n{more}"


@pytest.mark.parametrize(
    "canned",
    [
        GOOD,
        one(text='{he: "שלום"}', more="    teams: [care]\n"),
        one(more="    teams: [care, all]\n    picture: https://keshet.example/a.jpg\n"),
    ],
)
def test_a_good_reply_is_taken(tmp_path: Path, canned: str) -> None:
    assert read(tmp_path, canned) == []


@pytest.mark.parametrize(
    ("canned", "fault", "mend"),
    [
        (
            one(text='{he: "{name} {order}", fa: "سلام"}'),
            "14: canned.new_one.text.he: asks for {name}, {order}",
            "A canned reply is given {first_name}, {agent}, {role}, {shop}, {order_number},"
            " {order_state}, {expected_day}, {tracking}.",
        ),
        (
            one(text='{he: "שלום"}'),
            "14: canned.new_one.text: is not said in 'fa'",
            "Say it in each language that its teams answer in.",
        ),
        (
            one(text='{he: "שלום", fa: " "}', more="    teams: [care, all]\n"),
            "14: canned.new_one.text: is not said in 'fa'",
            "Say it in each language that its teams answer in.",
        ),
        (
            one(text='{he: "שלום", fa: "سلام", en: "Hi"}'),
            "14: canned.new_one.text.en: 'en' is no language of the shop",
            "The shop's languages are he, fa.",
        ),
        (
            one(more="    teams: [care, night]\n"),
            "15: canned.new_one.teams.1: no team 'night'",
            "The teams are care, all.",
        ),
        (
            one(more="    picture: http://keshet.example/a.jpg\n"),
            "15: canned.new_one.picture: is no address of a picture",
            "Give its address, such as https://shop.example/map.jpg.",
        ),
        (
            one(name="New-One"),
            "12: canned.New-One: is no name for a reply",
            "Use lower-case letters, digits and _, such as `new_one`.",
        ),
        (
            one() + one(name="other"),
            "16: canned.other.title: 'New' is there twice",
            "Give each its own: agents choose by it.",
        ),
        (
            one(text=f'{{he: "{"שלום " * 60}", fa: "سلام"}}'),
            "14: canned.new_one.text.he: costs 5 SMS parts each time",
            "Say it in 4 parts at most.",
        ),
        (
            one() + one(title="Other"),
            "15: canned.new_one: is there twice",
            "Remove one, or give it another name.",
        ),
        (
            one(text='{he: "שלום", fa: "سلام", he: "היי"}'),
            "14: canned.new_one.text.he: is there twice",
            "Remove one, or give it another name.",
        ),
    ],
)
def test_a_bad_reply_is_refused_with_its_line_and_its_mend(
    tmp_path: Path, canned: str, fault: str, mend: str
) -> None:
    assert read(tmp_path, canned) == [(fault, mend)]


def test_an_anchor_that_is_named_again_stands_there_once(tmp_path: Path) -> None:
    twice = one(text='&said {he: "שלום", fa: "سلام"}') + one("other", "Other", "*said")

    assert read(tmp_path, twice) == []
