"""What `kesher shop check` says of the ladder and of how people are alerted."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from kesher.domain.shop import Shop
from local import shopfile
from local.machine import DEMO_SHOP

Change = dict[str, Any]


def written(tmp_path: Path, escalation: Change | None = None, agent: Change | None = None) -> Path:
    """The demo shop, with another ladder, or with Dana described otherwise."""
    document = yaml.safe_load(DEMO_SHOP.read_text("utf-8"))
    document["escalation"] |= escalation or {}
    document["agents"][0] |= agent or {}
    file = tmp_path / "shop.yaml"
    file.write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False), "utf-8")
    return file


def said(file: Path) -> list[tuple[str, str]]:
    """Each fault: where, and what."""
    with pytest.raises(shopfile.BadShopFile) as bad:
        shopfile.read(file)
    for fault in bad.value.faults:
        assert fault.mend.endswith(".")
    assert "shop.yaml:" in str(bad.value)
    return [(".".join(map(str, each.where)), each.what) for each in bad.value.faults]


@pytest.mark.parametrize(
    ("change", "where", "what"),
    [
        ({"rungs": []}, "rungs", "empty"),
        ({"rungs": [{"to": ["dnaa"]}]}, "rungs.0.to.0", "no agent 'dnaa'"),
        ({"rungs": [{"to": ["owner"], "minutes": 0}]}, "rungs.0.minutes", "is no time at all"),
        ({"rungs": [{"to": []}]}, "rungs.0", "there is nobody to reach"),
        ({"chat": ["discord"]}, "chat.0", "no channel 'discord'"),
        ({"email": "twilio", "chat": ["slack", "ses"]}, "email", "customers write to 'twilio'"),
        ({"on_call": [{"agent": "nobody"}]}, "on_call.0.agent", "no agent 'nobody'"),
        ({"on_call": [{"agent": "amir", "hours": {"friday": ["18-24"]}}]}, "on_call.0.hours.friday.0",
         "'18-24' is no time of day"),
        ({"on_call": []}, "urgent", "nobody is on call"),
        ({"first_minutes": 0}, "first_minutes", "is no time at all"),
        ({"next_minutes": -1}, "next_minutes", "is no time at all"),
        ({"resolution_hours": 0}, "resolution_hours", "is no time at all"),
        ({"angry": {"de": ["Betrug"]}}, "angry.de", "is not spoken"),
    ],
)  # fmt: skip
def test_a_ladder_that_leads_nowhere_is_refused(
    change: Change, where: str, what: str, tmp_path: Path
) -> None:
    assert (f"escalation.{where}", what) in said(written(tmp_path, change))


@pytest.mark.parametrize(
    ("change", "where", "what"),
    [
        ({"phone": "050-2345678"}, "phone", "'050-2345678' is no phone number"),
        ({"phone": "+97250"}, "phone", "'+97250' is no phone number"),
        ({"phone": "+972552345678"}, "phone", "is the number the shop sends from"),
        ({"id": "owner"}, "id", "'owner' is no id of an agent"),
        ({"id": "chat"}, "id", "'chat' is no id of an agent"),
    ],
)
def test_a_phone_that_cannot_be_alerted_is_refused(
    change: Change, where: str, what: str, tmp_path: Path
) -> None:
    assert (f"agents.0.{where}", what) in said(written(tmp_path, agent=change))


def test_two_agents_have_two_phones(tmp_path: Path) -> None:
    same = written(tmp_path, agent={"phone": "+972502345673"})
    assert ("agents.2.phone", "is another agent's") in said(same)


def test_a_channel_that_carries_nothing_is_refused(tmp_path: Path) -> None:
    unused = written(tmp_path, {"chat": []})
    assert ("channels.3.kind", "'slack' carries nothing") in said(unused)


def test_a_rung_of_people_without_an_address_is_refused(tmp_path: Path) -> None:
    rungs = {"rungs": [{"to": ["dana"]}, {"to": ["owner"]}]}
    mute = written(tmp_path, rungs, {"phone": None, "email": None})
    assert ("escalation.rungs.0", "there is nobody to reach") in said(mute)


def test_somebody_on_call_without_an_address_is_refused(tmp_path: Path) -> None:
    mute = written(tmp_path, {"on_call": [{"agent": "dana"}]}, {"phone": None, "email": None})
    assert ("escalation.on_call.0.agent", "cannot be reached") in said(mute)


def test_a_good_ladder_is_good(tmp_path: Path) -> None:
    good = {
        "kinds": ["waiting", "angry"],
        "rungs": [{"to": ["agent", "chat"], "minutes": 5}, {"to": ["shirin", "owner"]}],
        "resolution_hours": 48,
        "angry": {"he": ["על הפנים"]},
    }
    shop = shopfile.read(written(tmp_path, good))
    assert [each.to for each in shop.escalation.rungs] == [["agent", "chat"], ["shirin", "owner"]]


def test_a_shop_that_says_nothing_of_it_has_a_good_one(tmp_path: Path) -> None:
    document = yaml.safe_load(DEMO_SHOP.read_text("utf-8"))
    for key in ("escalation", "agents", "teams", "canned"):
        del document[key]
    document["channels"] = document["channels"][:2]
    file = tmp_path / "shop.yaml"
    file.write_text(yaml.safe_dump(document, allow_unicode=True), "utf-8")
    shop: Shop = shopfile.read(file)

    assert [each.to for each in shop.escalation.rungs] == [["agent", "chat"], ["lead"], ["owner"]]
