"""What `kesher shop check` says of a shop file."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kesher import words
from kesher.domain.render import fields
from local import shopfile
from local.cli.shop import commands
from local.machine import DEMO_SHOP


@pytest.mark.parametrize("days", [0, -1])
def test_texts_are_kept_for_a_day_at_least(days: int, tmp_path: Path) -> None:
    file = tmp_path / "shop.yaml"
    kept = f"\nretention: {{messages_days: {days}}}\n"
    file.write_text(DEMO_SHOP.read_text("utf-8") + kept, "utf-8")

    with pytest.raises(shopfile.BadShopFile, match="less than a day"):
        shopfile.read(file)


def checked(tmp_path: Path, more: str) -> dict[str, str]:
    """What is said of each text of the demo shop and of what is added to its `bot`."""
    file = tmp_path / "shop.yaml"
    file.write_text(DEMO_SHOP.read_text("utf-8") + more, "utf-8")
    told = CliRunner().invoke(commands, ["check", str(file)], env={"COLUMNS": "200"})
    assert told.exit_code == 0, told.output
    lines = [line.split(maxsplit=2) for line in told.output.splitlines() if line.startswith(" ")]
    costs = {f"{where} {language}": " ".join(rest.split()) for where, language, rest in lines}
    dear = re.findall(r"^(\S+) \((..)\): (.+)$", told.output, flags=re.MULTILINE)
    return costs | {
        f"{where} {code}": f"{costs[f'{where} {code}']} {why}" for where, code, why in dear
    }


def test_every_text_of_the_file_shows_its_parts(tmp_path: Path) -> None:
    own = """
words:
  he:
    added: "רשמנו, {shop}."
    notice_shipped: "{shop}: שלחנו לכם היום את הזמנה {order}, והיא תגיע אליכם בתוך שלושה ימי עסקים."
"""
    told = checked(tmp_path, own)

    assert told["bot.answers.opening_hours en"] == "GSM-7 1"
    assert told["bot.questions.gift_wrapping he"] == "UCS-2 1"
    assert told["words.added he"] == "UCS-2 1"
    assert told["words.notice_shipped he"] == "UCS-2 2"


def test_the_texts_of_the_script_show_their_parts(tmp_path: Path) -> None:
    step = """\
  script:
    start:
      ask: {he: "מה?", fa: "چه؟", en: "What is it about?", ar: "ماذا؟", ru: "Что?"}
      choices:
        - {label: menu_person, go: person}
"""
    told = checked(tmp_path, step)

    assert told["bot.script.start.ask en"] == "GSM-7 1"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a" * 159 + "ç", "UCS-2 3 one ç makes this 3 parts instead of 1"),
        ("Garçon, ça va? " * 8, "UCS-2 2 ç makes this 2 parts instead of 1"),
        ("a" * 158 + "\u200d", "UCS-2 3 one U+200D makes this 3 parts instead of 1"),
        ("a" * 159 + "’", "GSM-7 1"),
        ("a" * 20 + "ç", "UCS-2 1"),
        ("Garçon ☺ " * 12, "UCS-2 2 ç ☺ make this 2 parts instead of 1"),
        ("[/] " + "a" * 100 + "☺", "UCS-2 2 one ☺ makes this 2 parts instead of 1"),
    ],
)
def test_the_character_that_makes_a_text_dear_is_named(
    text: str, told: str, tmp_path: Path
) -> None:
    own = f'\nwords:\n  en:\n    added: "{text}"\n'

    assert told == checked(tmp_path, own)["words.added en"]


def test_the_guide_lists_every_text_with_its_fields() -> None:
    guide = (DEMO_SHOP.parent.parent / "docs" / "shop-file.md").read_text("utf-8")
    part = guide.partition("\n## `words`\n")[2].partition("\n## ")[0]
    rows = [line.split("|")[1:3] for line in part.splitlines() if line.startswith("| `")]
    listed = {
        name: set() if not given.strip() else fields(given)
        for names, given in rows
        for name in re.findall("`([a-z_]+)`", names)
    }
    paired = {"notice_carrier": {"carrier"}, "notice_tracking": {"tracking"}}
    known = {name: set(fields(text)) - {"shop"} for name, text in words.texts("en").items()}

    assert known == listed | paired


SHOP = """\
shop: demo
name: Zayit
languages: [en]
country: IL
timezone: Asia/Jerusalem
teams: [{id: care, name: Care}]
channels:
  - kind: simulator
    sender: "%s"
    credentials: {secret: "env:SIMULATOR_SECRET"}
survey: %s
"""


@pytest.mark.parametrize(
    ("sender", "survey", "what", "mend"),
    [
        ("Zayit", "{}", "channels.0.sender: 'Zayit' gets no answers", "nobody can answer a name"),
        ("+972552345678", "{teams: {gifts: nps}}", "survey.teams.gifts: is no team", "are care"),
        ("+972552345678", "{wait_minutes: 0}", "survey.wait_minutes: 0 is too little", "1 or more"),
        ("+972552345678", "{scale: five}", "survey.scale", "It is 'five' now."),
    ],
)
def test_a_survey_that_cannot_work_is_refused(
    tmp_path: Path, sender: str, survey: str, what: str, mend: str
) -> None:
    file = tmp_path / "shop.yaml"
    file.write_text(SHOP % (sender, survey), "utf-8")
    with pytest.raises(shopfile.BadShopFile) as refused:
        shopfile.read(file)

    assert what in str(refused.value)
    assert mend in str(refused.value)


def test_a_survey_that_asks_a_team_otherwise_is_a_good_one(tmp_path: Path) -> None:
    file = tmp_path / "shop.yaml"
    file.write_text(SHOP % ("+972552345678", "{teams: {care: nps}}"), "utf-8")

    assert shopfile.read(file).survey is not None
