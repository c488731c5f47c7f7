"""What `kesher shop check` says of a bot's script: the line, the key, and the mend."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from textwrap import dedent, indent
from typing import get_args

import pytest
from typer.testing import CliRunner

from kesher import words
from kesher.domain import scene, script
from kesher.domain.conversation import Conversation
from kesher.domain.scene import Scene
from kesher.domain.shop import Bot, Condition, Deed, Step
from local import push, scriptcheck, shopfile
from local.cli import app
from local.machine import DEMO_SHOP
from local.template import ROOT
from tests.builders import NOW, customer, house, order, voice

NIGHT = NOW + timedelta(hours=12)

SHOP = """\
shop: demo
name: Zayit
languages: [he, en]
country: IL
timezone: Asia/Jerusalem
channels:
  - kind: simulator
    sender: "+972552345678"
    credentials: {secret: "env:SIMULATOR_SECRET"}
teams:
  - {id: care, name: Care}
bot:
"""
FIRST = SHOP.count("\n") + 1
"""The line after `bot:`."""
SAID = '{he: "כן?", en: "Yes?"}'
TO_A_PERSON = "{label: menu_person, go: person}"


def said(tmp_path: Path, bot: str) -> str:
    """What is wrong with a shop of this bot; nothing where nothing is."""
    file = tmp_path / "shop.yaml"
    file.write_text(SHOP + indent(dedent(bot), "  "), encoding="utf-8")
    try:
        shopfile.read(file)
    except shopfile.BadShopFile as error:
        return str(error).replace(f"{file}:", "")
    return ""


FAULTS = {
    "a key that is none": (
        "script:\n  start: {does: close}",
        1,
        "bot.script.start.does: unknown key",
        "look for its spelling",
    ),
    "a deed that is none": (
        "script:\n  start: {do: dance}",
        1,
        "bot.script.start.do: input should be 'answer', 'orders'",
        "'dance'",
    ),
    "a name that is none": (
        "script:\n  did you mean: {do: close}",
        1,
        "bot.script.did you mean: is no name for a step",
        "such as `gift_card`",
    ),
    "two kinds at once": (
        f"script:\n  start:\n    ask: {SAID}\n    choices: [{TO_A_PERSON}]\n    do: close",
        1,
        "bot.script.start: has both ask and do",
        "Make two steps of it",
    ),
    "nothing": ("script:\n  start: {}", 1, "bot.script.start: does nothing", "Give it say, ask"),
    "a question without answers": (
        f"script:\n  start: {{ask: {SAID}}}",
        1,
        "bot.script.start: has no choices",
        "needs ask and choices",
    ),
    "answers without a question": (
        f"script:\n  start: {{choices: [{TO_A_PERSON}]}}",
        1,
        "bot.script.start: has no ask",
        "needs ask and choices",
    ),
    "a condition with one side": (
        "script:\n  start:\n    when: {hours: open}\n    go: person",
        2,
        "bot.script.start.when: leads to one side only",
        "and when it does not (otherwise)",
    ),
    "a condition that says nothing": (
        "script:\n  start:\n    when: {}\n    go: person\n    otherwise: thanks",
        2,
        "bot.script.start.when: always holds",
        "Ask for hours, language or orders",
    ),
    "an hour that is none": (
        "script:\n  start:\n    when: {hours: noon}\n    go: person\n    otherwise: thanks",
        2,
        "bot.script.start.when.hours: input should be 'open' or 'closed'",
        "'noon'",
    ),
    "otherwise without a condition": (
        "script:\n  start:\n    go: person\n    otherwise: thanks",
        3,
        "bot.script.start.otherwise: is never reached",
        "use go",
    ),
    "going on from a question": (
        f"script:\n  start:\n    ask: {SAID}\n    choices: [{TO_A_PERSON}]\n    go: person",
        4,
        "bot.script.start.go: is never reached",
        "where its choices go",
    ),
    "going on after the end": (
        "script:\n  thanks:\n    do: close\n    go: start",
        3,
        "bot.script.thanks.go: is never reached",
        "the script is over",
    ),
    "an answer to nothing": (
        "script:\n  start: {do: answer}",
        1,
        "bot.script.start.topic: belongs to `do: answer`",
        "One is not without the other",
    ),
    "a topic that is not answered": (
        "script:\n  start:\n    do: close\n    topic: returns",
        3,
        "bot.script.start.topic: belongs to `do: answer`",
        "One is not without the other",
    ),
    "a question nobody has written": (
        "script:\n  start:\n    do: answer\n    topic: gifts",
        3,
        "bot.script.start.topic: no question 'gifts'",
        "The questions are opening_hours, returns, shipping.",
    ),
    "a team that is none": (
        "script:\n  person:\n    do: hand_over\n    team: cares",
        3,
        "bot.script.person.team: no team 'cares'",
        "The teams are care.",
    ),
    "a team that is never asked": (
        "script:\n  start:\n    do: orders\n    team: care",
        3,
        "bot.script.start.team: is never asked",
        "It belongs to `do: hand_over, message, return`.",
    ),
    "a language that is not the shop's": (
        "script:\n  start:\n    when: {language: [he, fa]}\n    go: person\n    otherwise: thanks",
        2,
        "bot.script.start.when.language: never holds: no customer speaks 'fa' here",
        "The shop's languages are he, en.",
    ),
    "a step that is none": (
        "script:\n  start:\n    go: beginning",
        2,
        "bot.script.start.go: no step 'beginning'",
        "The steps are start, my_orders",
    ),
    "a choice that leads nowhere": (
        f"script:\n  start:\n    ask: {SAID}\n    choices:\n      - {TO_A_PERSON}\n"
        f"      - {{label: menu_order, go: order}}",
        5,
        "bot.script.start.choices.1.go: no step 'order'",
        "The steps are start, my_orders",
    ),
    "a topic that leads nowhere": (
        "topics:\n  menu: beginning",
        1,
        "bot.topics.menu: no step 'beginning'",
        "The steps are start, my_orders",
    ),
    "a topic that nobody understands": (
        "topics:\n  weather: person",
        1,
        "bot.topics.weather: is nothing that is understood",
        "What is understood is close, greeting",
    ),
    "a step that is not reached": (
        "script:\n  gifts: {do: hand_over}",
        1,
        "bot.script.gifts: cannot be reached",
        "or from a topic under bot.topics",
    ),
    "a circle": (
        "script:\n  start:\n    go: second\n  second:\n    go: start",
        1,
        "bot.script.start: goes round for ever: start > second > start",
        "Ask something, hand over, or end it",
    ),
    "a circle through an answer": (
        "script:\n  start:\n    do: answer\n    topic: returns\n    go: start",
        1,
        "bot.script.start: goes round for ever: start > start",
        "Ask something, hand over, or end it",
    ),
    "a question without a person": (
        f"script:\n  start:\n    ask: {SAID}\n    choices:\n"
        "      - {label: menu_order, go: goodbye}",
        3,
        "bot.script.start.choices: none leads to a person",
        "goes to `person`",
    ),
    "questions without end": (
        f"script:\n  start:\n    ask: {SAID}\n    choices:\n"
        f"      - {{label: menu_order, go: start}}\n      - {TO_A_PERSON}",
        1,
        "bot.script.start: asks up to 4 questions before an answer or a person",
        "Ask at most 2",
    ),
    "one question too many after Kesher's": (
        f"script:\n  my_orders:\n    ask: {SAID}\n    choices:\n"
        f"      - {{label: menu_return, go: start_return}}\n      - {TO_A_PERSON}",
        0,
        "bot.script: Kesher's 'start' now leads to 3 questions",
        "write a 'start' of your own",
    ),
    "no person for whoever asks": (
        f"script:\n  person: {{say: {SAID}}}",
        1,
        "bot.script.person: gives no person to whoever asks for one",
        "end in `do: hand_over`",
    ),
    "no person for whoever asks by a topic": (
        "topics:\n  person: start",
        1,
        "bot.topics.person: gives no person to whoever asks for one",
        "end in `do: hand_over`",
    ),
    "a text that is missing": (
        'script:\n  thanks:\n    say: {he: "תודה!"}\n    do: close',
        2,
        "bot.script.thanks.say: is not said in 'en'",
        "each of the shop's languages",
    ),
    "a text that is blank": (
        'script:\n  thanks:\n    say:\n      he: "תודה!"\n      en: " "\n    do: close',
        2,
        "bot.script.thanks.say: is not said in 'en'",
        "each of the shop's languages",
    ),
    "a label that is missing": (
        f"script:\n  start:\n    ask: {SAID}\n    choices:\n      - {TO_A_PERSON}\n"
        '      - label: {en: "Orders"}\n        go: my_orders',
        5,
        "bot.script.start.choices.1.label: is not said in 'he'",
        "each of the shop's languages",
    ),
    "a text of Kesher's that is none": (
        "script:\n  thanks:\n    say: thank_you\n    do: close",
        2,
        "bot.script.thanks.say: there is no text 'thank_you' in 'he'",
        "Write the text itself",
    ),
    "a text of Kesher's that wants more": (
        "script:\n  thanks:\n    say: unknown_order\n    do: close",
        2,
        "bot.script.thanks.say: 'unknown_order' asks for order",
        "Name another text.",
    ),
    "a text that wants more": (
        'script:\n  thanks:\n    say:\n      he: "תודה"\n      en: "Thanks, {name}!"\n    do: close',
        4,
        "bot.script.thanks.say.en: asks for {name}",
        "A step is given {shop}.",
    ),
    "a text that is long": (
        f'script:\n  thanks:\n    say:\n      he: "{"תודה " * 60}"\n      en: "Thanks!"\n    do: close',
        3,
        "bot.script.thanks.say.he: costs 5 SMS parts each time",
        "4 parts at most",
    ),
    "a question that is long with its choices": (
        f"script:\n  start:\n    ask: {SAID}\n    choices:\n"
        + f"      - {{label: {{he: 'כן', en: '{'yes ' * 80}'}}, go: person}}\n" * 2,
        2,
        "bot.script.start.ask.en: costs 5 SMS parts each time",
        "4 parts at most",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named_with_its_line_and_its_mend(tmp_path: Path, fault: str) -> None:
    bot, line, what, mend = FAULTS[fault]
    first, *others = said(tmp_path, bot).split("\n")

    assert first.startswith(f"{FIRST + line}: {what}")
    assert mend in others[0]


def test_every_fault_is_told_in_the_order_of_the_file(tmp_path: Path) -> None:
    bot = "script:\n  start:\n    go: nowhere\n  thanks: {}\ntopics:\n  weather: person"
    lines = [int(each.split(":")[0]) for each in said(tmp_path, bot).split("\n")[::2]]

    assert lines == [FIRST + 2, FIRST + 3, FIRST + 5]


def test_a_script_without_fault_is_good(tmp_path: Path) -> None:
    bot = f"""\
        script:
          start:
            when: {{hours: open}}
            go: menu
            otherwise: note
          menu:
            say: {SAID}
            ask: menu
            choices:
              - {{label: menu_order, go: my_orders}}
              - {TO_A_PERSON}
          note: {{do: message, team: care}}
        topics: {{product: note}}
        """
    assert said(tmp_path, bot) == ""


def test_languages_that_are_not_spoken_are_told_before_texts(tmp_path: Path) -> None:
    file = tmp_path / "shop.yaml"
    own = "  script:\n    thanks: {say: welcome, do: close}\n"
    file.write_text(SHOP.replace("[he, en]", "[tlh]") + own, encoding="utf-8")
    with pytest.raises(shopfile.BadShopFile, match="'tlh' is not spoken"):
        shopfile.read(file)


def test_the_shipped_script_has_no_fault() -> None:
    """As if a shop had written it, in every language."""
    shop = voice(
        languages=[*words.LANGUAGES],
        bot=Bot(script={**script.SHIPPED}, topics={"returns": "returns"}),
    ).shop

    assert scriptcheck.faults(shop) == []
    assert len([*scriptcheck.told(shop)]) == 4 * len(words.LANGUAGES)


@pytest.mark.parametrize("file", sorted((ROOT / "examples").glob("*.yaml")), ids=lambda f: f.name)
def test_the_examples_have_no_fault(file: Path) -> None:
    assert scriptcheck.faults(shopfile.read(file)) == []


def test_what_a_script_says_is_weighed(tmp_path: Path) -> None:
    file = tmp_path / "shop.yaml"
    own = f"script:\n  start: {{ask: {SAID}, choices: [{TO_A_PERSON}]}}"
    file.write_text(SHOP + indent(own, "  "), encoding="utf-8")
    shown = CliRunner().invoke(app, ["shop", "check", str(file)])

    assert shown.exit_code == 0, shown.output
    rows = [line.split() for line in shown.output.splitlines() if "bot.script" in line]
    assert rows == [
        ["bot.script.start.ask", "he", "UCS-2", "1"],
        ["bot.script.start.ask", "en", "GSM-7", "1"],
    ]


def test_a_push_of_a_broken_script_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A running shop never sees it."""
    pushed: list[object] = []
    monkeypatch.setattr(push, "push", pushed.append)
    file = tmp_path / "shop.yaml"
    whole = DEMO_SHOP.read_text("utf-8").replace("env:", "ssm:/kesher/kesher/demo/")
    command = ["shop", "push", str(file), "--table", "t", "--parameters", "/kesher/kesher/shops"]

    file.write_text(whole + "  script:\n    start: {go: nowhere}\n", "utf-8")
    refused = CliRunner().invoke(app, command)
    assert (refused.exit_code, pushed) == (1, [])
    line = whole.count("\n") + 2
    assert f"{file}:{line}: bot.script.start.go: no step 'nowhere'" in refused.output.replace(
        "\n", ""
    )

    file.write_text(whole, "utf-8")
    assert CliRunner().invoke(app, command).exit_code == 0
    assert len(pushed) == 1


FLORIST = shopfile.read(ROOT / "examples" / "florist-shop.yaml")


@pytest.mark.parametrize(
    ("said", "orders", "now", "step", "team"),
    [
        (["hello", "2"], 1, NOW, scene.MESSAGE, None),
        (["hello", "2", "The roses are brown"], 1, NOW, None, "bouquets"),
        (["hello", "wilted"], 0, NOW, None, "counter"),
        (["I want to return it", "They are brown"], 1, NOW, None, "bouquets"),
        (["שלום", "4"], 0, NOW, None, "counter"),
        (["agent"], 0, NIGHT, scene.MESSAGE, None),
        (["agent", "A bouquet for Friday"], 0, NIGHT, None, "counter"),
    ],
)
def test_the_florists_script_does_what_its_file_says(
    said: list[str], orders: int, now: datetime, step: str | None, team: str | None
) -> None:
    speech = words.voice(FLORIST)
    talk = Conversation("c1", opened_at=now, state="scripted", last_text_at=now)
    for each in said:
        theirs = (order("delivered"),) * orders
        turn = script.hear(Scene(customer(), talk, theirs, 0, house(speech), now), each)
        talk = turn.conversation

    assert (talk.step, turn.team) == (step, team)


def test_the_script_that_the_page_prints_is_good(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "shop-file.md").read_text(encoding="utf-8")
    printed = page.split("### `bot.script`")[1].split("```yaml\n")[1].split("```")[0]
    file = tmp_path / "shop.yaml"
    head = SHOP.removesuffix("bot:\n").replace("id: care", "id: bouquets")
    file.write_text(head + printed, encoding="utf-8")

    assert "wilted" in shopfile.read(file).bot.script


def test_the_page_names_every_key_and_every_step() -> None:
    page = (ROOT / "docs" / "shop-file.md").read_text(encoding="utf-8")
    section = page.split("### `bot.script`")[1].split("## `service`")[0]
    told = {*re.findall(r"[a-z_]+", section.split("```")[2])}
    keys = {*Step.__dataclass_fields__, *Condition.__dataclass_fields__, *get_args(Deed)}

    assert {*keys, *script.SHIPPED, *script.ROUTES} <= told
