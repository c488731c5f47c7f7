"""`kesher shop check`: what is wrong with the people of a shop, with line and mend."""

from pathlib import Path

import pytest

from local import shopfile
from local.machine import DEMO_SHOP

PEOPLE = """\
teams:
  - {id: care, name: Care, languages: [he]}
agents:
  - {id: dana, name: Dana, role: Care, teams: [care], email: dana@zayit.example}
  - {id: amir, name: Amir, role: Owner, level: owner}
"""


def faults(tmp_path: Path, people: str) -> str:
    """What is said of the demo shop with these people, from the line where they begin."""
    whole = DEMO_SHOP.read_text(encoding="utf-8")
    head = whole[: whole.index("teams:")]
    file = tmp_path / "shop.yaml"
    ladder = "\nescalation: {email: ses, chat: [slack]}\n"
    file.write_text(head + people + ladder, encoding="utf-8")
    with pytest.raises(shopfile.BadShopFile) as bad:
        shopfile.read(file)
    return str(bad.value).replace(f"{file}:", "")


def test_the_people_of_the_demo_shop_are_as_its_file_has_them() -> None:
    shop = shopfile.read(DEMO_SHOP)
    assert [(each.id, each.level) for each in shop.agents] == [
        ("dana", "agent"),
        ("shirin", "lead"),
        ("amir", "owner"),
    ]
    assert [each.id for each in shop.teams] == ["care", "persian"]


@pytest.mark.parametrize(
    ("old", "new", "line", "where", "what"),
    [
        ("id: dana", "id: Dana H", 4, "agents.0.id", "'Dana H' is no id"),
        ("id: amir", "id: dana", 5, "agents.1.id", "'dana' is there twice"),
        ("id: care", "id: care#1", 2, "teams.0.id", "'care#1' is no id"),
        ("teams: [care]", "teams: [cares]", 4, "agents.0.teams.0", "no team 'cares'"),
        ("languages: [he]", "languages: [he, xx]", 2, "teams.0.languages.1", "'xx' is no language"),
        ("dana@zayit.example", "dana at zayit", 4, "agents.0.email", "is no e-mail address"),
        ("level: owner", "level: boss", 5, "agents.1.level", "input should be 'agent', 'lead'"),
        ("role: Care, ", "", 4, "agents.0.role", "missing"),
        ("role: Owner", "role: Owner, pay: 1", 5, "agents.1.pay", "unknown key"),
    ],
)
def test_a_fault_is_named_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, where: str, what: str
) -> None:
    whole = DEMO_SHOP.read_text(encoding="utf-8")
    before = whole[: whole.index("teams:")].count("\n")
    said = faults(tmp_path, PEOPLE.replace(old, new))
    assert said.startswith(f"{before + line}: {where}: {what}")


def test_two_agents_may_not_sign_in_by_one_address(tmp_path: Path) -> None:
    same = PEOPLE.replace("level: owner", "email: Dana@Zayit.example")
    assert "agents.1.email: is another agent's" in faults(tmp_path, same)
