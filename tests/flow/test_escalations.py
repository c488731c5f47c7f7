"""Matters that reach the shop's people: on their phones, in their mailboxes and rooms; up the ladder,
until somebody has them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kesher import calendars, queues, store
from kesher.domain.customer import customer_id
from kesher.domain.decision import Decision
from kesher.domain.escalation import Escalation, Occasion, raised
from kesher.domain.shop import Channel, Ladder, Rung
from kesher.store.load import read
from kesher.store.table import Row, table
from kesher.telemetry import metrics
from local import push, shopfile
from local.machine import DEMO_SECRETS, DEMO_SHOP, Machine, secrets_in
from local.outside.answers import answer
from local.world import Clock
from tests.conftest import MONDAY_NOON
from tests.desk.caller import said, signed_in

NOA, DANIEL, GALI = "+972502345678", "+972523456789", "+972541111111"
DANA, SHIRIN, AMIR = "+972502345671", "+972502345672", "+972502345673"
MINUTE = timedelta(minutes=1)
NIGHT = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)


def matters(machine: Machine) -> list[Escalation]:
    """All of the demo shop's, as they are stored, the oldest first."""
    rows = list(table().scan(Row.sk.startswith("escalation#")))
    return sorted((read(row, Escalation) for row in rows), key=lambda each: each.raised_at)


def only_matter(machine: Machine) -> Escalation:
    (matter,) = matters(machine)
    return matter


def alerts(machine: Machine, phone: str) -> list[str]:
    """Without the marks that keep numbers in their place."""
    got = machine.phones.got.get(phone, [])
    return [re.sub("[\u200e\u200f]", "", each.text) for each in got]


def writes(machine: Machine, phone: str, words: str) -> None:
    machine.text(phone, words)
    machine.world.run()


def wants_a_person(machine: Machine, phone: str = NOA) -> None:
    writes(machine, phone, "I want to talk to a person")


def taken_at_the_desk(machine: Machine, phone: str = NOA, agent: str = "dana") -> None:
    id = customer_id("demo", phone, "")
    assert signed_in(machine, agent).post(f"/conversations/{id}/take", None).status == 200


@contextmanager
def changed(machine: Machine, **ladder: Any) -> Iterator[None]:
    """The shop's file with another ladder."""
    rules = replace(machine.shop.escalation, **ladder)
    push.push(replace(machine.shop, escalation=rules))
    yield


@contextmanager
def metered() -> Iterator[list[str]]:
    counted: list[str] = []
    add = metrics.add_metric
    with pytest.MonkeyPatch.context() as patched:

        def adding(name: str, **more: Any) -> None:
            counted.append(name)
            add(name=name, **more)

        patched.setattr(metrics, "add_metric", adding)
        yield counted


def test_a_wait_over_target_climbs_until_the_owner_takes_it(machine: Machine) -> None:
    """Of the agent who had the customer, the lead and the owner, the last one answers."""
    wants_a_person(machine)
    taken_at_the_desk(machine)

    machine.world.advance(59 * MINUTE)
    assert matters(machine) == []
    machine.world.advance(2 * MINUTE)
    (alert,) = alerts(machine, DANA)
    assert alert.splitlines()[0] == "Zayit: 5678: עדיין אין מענה לפנייה שהגיעה היום בשעה 12:00."
    assert alert.splitlines()[-1] == 'כדי לקחת את הטיפול, השיבו "עליי".'
    assert f"/desk/{customer_id('demo', NOA, '')}" in alert
    assert [each.where for each in machine.posts.got] == ["slack"]

    machine.world.advance(15 * MINUTE)
    (alert,) = alerts(machine, SHIRIN)
    assert "5678 هنوز جوابی نگرفته است." in alert
    assert [each.where for each in machine.posts.got] == ["slack", "shirin@zayit.example"]
    assert alerts(machine, AMIR) == []

    machine.world.advance(15 * MINUTE)
    assert len(alerts(machine, AMIR)) == 1
    writes(machine, AMIR, "Taken!")
    assert alerts(machine, AMIR)[-1] == "תודה, הטיפול אצלכם: 5678."
    matter = only_matter(machine)
    assert (matter.state, matter.taken_by, matter.how) == ("taken", "amir", "text")

    before = [len(alerts(machine, each)) for each in (DANA, SHIRIN, AMIR)]
    machine.world.advance(timedelta(hours=4))
    assert [len(alerts(machine, each)) for each in (DANA, SHIRIN, AMIR)] == before
    assert only_matter(machine).state == "taken"


def test_what_nobody_takes_ends_with_nobody_and_is_counted(machine: Machine) -> None:
    with metered() as counted:
        wants_a_person(machine)
        machine.world.advance(timedelta(hours=4))

    assert only_matter(machine).state == "nobody"
    assert counted.count("Alerted") == 3
    assert counted.count("NobodyTook") == 1
    (listed,) = said(signed_in(machine).get("/escalations"))["items"]
    assert (listed["kind"], listed["state"], listed["who"]) == ("waiting", "nobody", "5678")
    assert listed["alerted"] == ["slack", "shirin", "amir"]
    assert (listed["rung"], listed["rungs"], listed["next_at"]) == (3, 3, None)


def test_who_is_answered_in_time_is_no_matter(machine: Machine) -> None:
    wants_a_person(machine)
    id = customer_id("demo", NOA, "")
    machine.world.advance(30 * MINUTE)
    signed_in(machine).post(f"/conversations/{id}/reply", {"text": "שלום, אני כאן"})
    machine.world.advance(timedelta(hours=4))

    assert matters(machine) == []


def test_an_answer_closes_the_matter_and_stops_the_ladder(machine: Machine) -> None:
    wants_a_person(machine)
    machine.world.advance(62 * MINUTE)
    id = customer_id("demo", NOA, "")
    signed_in(machine).post(f"/conversations/{id}/reply", {"text": "סליחה על ההמתנה"})

    assert (only_matter(machine).state, only_matter(machine).closed_by) == ("closed", "dana")
    machine.world.advance(timedelta(hours=4))
    assert alerts(machine, AMIR) == []
    assert said(signed_in(machine).get("/escalations"))["items"] == []


def test_of_two_who_take_it_the_second_is_told_who_has_it(machine: Machine) -> None:
    wants_a_person(machine)
    taken_at_the_desk(machine)
    machine.world.advance(80 * MINUTE)
    writes(machine, SHIRIN, "برداشتم")
    writes(machine, DANA, "לוקחת")

    assert alerts(machine, SHIRIN)[-1] == "سپاس، رسیدگی با شماست: 5678."
    assert alerts(machine, DANA)[-1] == "הטיפול כבר אצל شیرین."
    writes(machine, SHIRIN, "با من")
    assert alerts(machine, SHIRIN)[-1] == "سپاس، رسیدگی با شماست: 5678."
    key = only_matter(machine).key
    refused = signed_in(machine, "dana").post(f"/escalations/{key}/take", None)
    assert (refused.status, said(refused)["code"]) == (409, "held")
    assert "شیرین (shirin)" in said(refused)["detail"]


def test_taken_and_closed_at_the_desk(machine: Machine) -> None:
    wants_a_person(machine)
    machine.world.advance(62 * MINUTE)
    key, amir = only_matter(machine).key, signed_in(machine, "amir")

    for _ in range(2):
        taken = said(amir.post(f"/escalations/{key}/take", None))
        assert (taken["state"], taken["taken_by"]) == ("taken", "amir")
    writes(machine, DANA, "TAKEN")
    assert "amir" not in " ".join(alerts(machine, DANA)), "she was never alerted"
    for _ in range(2):
        assert said(amir.post(f"/escalations/{key}/close", {}))["state"] == "closed"
    assert amir.post(f"/escalations/{key}/take", None).status == 409
    assert amir.post(f"/escalations/{'0' * 32}-{'0' * 20}/take", None).status == 404
    assert amir.post("/escalations/whatever/take", None).status == 404


def test_three_who_wait_at_once_are_one_text_after_the_first(machine: Machine) -> None:
    for phone in (NOA, DANIEL, GALI):
        wants_a_person(machine, phone)
        taken_at_the_desk(machine, phone)
    machine.world.advance(70 * MINUTE)

    first, rest = alerts(machine, DANA)
    assert "5678" in first
    assert rest.splitlines()[0] == "לקוחות שממתינים לטיפול: 2"
    assert {line[:7] for line in rest.splitlines()[1:3]} == {"- 6789:", "- 1111:"}
    writes(machine, DANA, "עליי")
    assert {"6789", "1111"} <= set(re.findall(r"\d+", alerts(machine, DANA)[-1]))
    states = {each.who: each.state for each in matters(machine)}
    assert states == {"5678": "open", "6789": "taken", "1111": "taken"}


def test_anger_wakes_who_is_on_call_and_everything_else_waits_for_the_morning() -> None:
    shop = shopfile.read(DEMO_SHOP)
    with Machine(shop, secrets_in(DEMO_SECRETS), clock=Clock(fixed=NIGHT)) as machine:
        writes(machine, NOA, "You are thieves, give me my money back!!")
        wants_a_person(machine, DANIEL)
        (alert,) = alerts(machine, AMIR)
        assert '"You are thieves, give me my money back!!"' in alert
        machine.world.advance(timedelta(hours=2))
        assert len(alerts(machine, AMIR)) == 1
        assert alerts(machine, SHIRIN) == []

        machine.world.advance(timedelta(hours=6))
        assert '"You are thieves' in "".join(each.text for each in machine.posts.got)
        assert [each.kind for each in matters(machine)] == ["angry"]
        machine.world.advance(timedelta(hours=1))
        assert [each.kind for each in matters(machine)] == ["angry", "waiting"]


def test_one_who_is_angry_twice_is_one_matter_and_whoever_attends_has_it(
    machine: Machine,
) -> None:
    for _ in range(2):
        writes(machine, NOA, "נוכלים! נמאס לי")
    taken_at_the_desk(machine)

    matter = only_matter(machine)
    assert (matter.kind, matter.state, matter.taken_by) == ("angry", "taken", "dana")
    assert matter.how == "conversation"


def test_a_text_that_did_not_arrive_is_one_matter_a_customer_and_day(machine: Machine) -> None:
    for words in ("When are you open?", "How do I return?"):
        writes(machine, NOA, words)
    for id in [each.id for each in machine.phones.got[NOA]]:
        path = f"/hooks/demo/channels/simulator/receipts/{id}"
        machine.simulator._post(path, {"receipt": "undelivered", "id": "phone-1"})
    machine.world.run()
    assert matters(machine) == [], "what was delivered cannot be undelivered"

    machine.world.hosts["simulator.localhost"] = lambda _: answer(400, {})
    for words in ("When are you open?", "How do I return?"):
        writes(machine, NOA, words)
    matter = only_matter(machine)
    assert (matter.kind, matter.about[:12]) == ("undeliverable", "We are here ")


def test_a_script_that_loses_a_customer_twice_in_a_week_is_a_matter(machine: Machine) -> None:
    writes(machine, NOA, "qwrt zxpl")
    assert matters(machine) == []
    id = customer_id("demo", NOA, "")
    signed_in(machine).post(f"/conversations/{id}/close", {"farewell": False})
    machine.world.advance(timedelta(hours=75))
    writes(machine, NOA, "vbnm kjhg")

    assert [each.kind for each in matters(machine)] == ["script_failing"]


def test_a_low_rating_is_raised_by_whoever_reads_it(machine: Machine) -> None:
    """As surveys do: one more record in the write of the answer, and one more queue message."""
    writes(machine, NOA, "When are you open?")
    customer, _ = store.load_customer("demo", customer_id("demo", NOA, ""))
    assert customer is not None
    occasion = Occasion("low_rating", "survey-7", "2, the bottle came late")
    new = raised(
        occasion, customer, machine.shop, calendars.calendar(machine.shop), machine.clock.now()
    )
    decision = Decision(new)
    store.commit(decision, machine.shop)
    assert store.unraised(new) == ()
    queues.announce(decision)
    machine.world.run()

    (post,) = machine.posts.got
    assert '"2, the bottle came late"' in post.text
    (kept,) = store.load_person("demo", customer.id).escalations
    assert (kept.kind, kept.state) == ("low_rating", "open")


TEAMS = "https://msteams.localhost/workflows/7/run?sig=a-secret"


@pytest.mark.parametrize("is_on", [True, False])
def test_a_workflow_of_teams_is_a_room_as_well(is_on: bool) -> None:
    shop = shopfile.read(DEMO_SHOP)
    channels = [
        *(each for each in shop.channels if each.kind != "slack"),
        Channel("msteams", "Care", credentials={"webhook": "env:TEAMS_WEBHOOK"}),
    ]
    rules = replace(shop.escalation, chat=["msteams"])
    secrets = secrets_in(DEMO_SECRETS) | {"TEAMS_WEBHOOK": TEAMS}
    other = replace(shop, channels=channels, escalation=rules)
    with Machine(other, secrets, clock=Clock(fixed=MONDAY_NOON)) as machine:
        machine.teams.is_on = is_on
        writes(machine, NOA, "You are [thieves](https://evil.example)")
        got = [each.text for each in machine.posts.got if each.where == "msteams"]

        assert len(alerts(machine, SHIRIN)) == (0 if is_on else 1)
        assert len(got) == (1 if is_on else 0)
        assert all("\\[thieves\\]" in text for text in got)


def test_an_agent_who_has_said_stop_gets_no_alert_and_the_next_one_does(machine: Machine) -> None:
    writes(machine, SHIRIN, "STOP")
    with changed(machine, rungs=[Rung(["lead"]), Rung(["owner"])], email=None):
        wants_a_person(machine)
        machine.world.advance(61 * MINUTE)

    assert len(alerts(machine, SHIRIN)) == 1, "that the texts have ended"
    assert len(alerts(machine, AMIR)) == 1


def test_what_else_an_agent_texts_is_answered_as_a_customers_text_is(machine: Machine) -> None:
    wants_a_person(machine)
    machine.world.advance(100 * MINUTE)
    writes(machine, AMIR, "מתי אתם פתוחים?")

    assert alerts(machine, AMIR)[-1] == machine.shop.bot.answers["opening_hours"]["he"]
    assert only_matter(machine).state == "open"


def test_a_shop_that_wants_no_kind_has_no_matters(machine: Machine) -> None:
    with changed(machine, kinds=[]):
        wants_a_person(machine)
        writes(machine, DANIEL, "you are thieves")
        machine.world.advance(timedelta(hours=4))

    assert matters(machine) == []


def test_a_shop_without_people_has_its_matters_at_the_desk_and_no_alarm() -> None:
    shop = shopfile.read(DEMO_SHOP)
    channels = [each for each in shop.channels if each.kind in {"simulator", "twilio"}]
    bare = replace(shop, agents=[], teams=[], channels=channels, escalation=Ladder())
    with (
        Machine(bare, secrets_in(DEMO_SECRETS), clock=Clock(fixed=MONDAY_NOON)) as machine,
        metered() as counted,
    ):
        wants_a_person(machine)
        machine.world.advance(61 * MINUTE)
        assert only_matter(machine).state == "nobody"
        assert not {"NobodyTook", "AlertFailed"} & set(counted)


def test_the_list_goes_on_from_its_cursor(machine: Machine) -> None:
    for phone in (NOA, DANIEL, GALI):
        wants_a_person(machine, phone)
        machine.world.advance(MINUTE)
    machine.world.advance(62 * MINUTE)
    dana = signed_in(machine)

    first = said(dana.get("/escalations", "limit=2"))
    rest = said(dana.get("/escalations", f"limit=2&cursor={first['next']}"))
    assert [each["who"] for each in first["items"] + rest["items"]] == ["5678", "6789", "1111"]
    assert rest["next"] is None


def test_erasing_a_customer_takes_their_words_out_of_every_alert(machine: Machine) -> None:
    writes(machine, NOA, "You are thieves, my name is Noa Levi")
    assert "Noa Levi" in machine.posts.got[0].text
    store.erase(machine.shop, customer_id("demo", NOA, ""), "erased:1")

    bodies = [row.body for row in table().scan() if row.body]
    assert not [each for each in bodies if "Noa Levi" in each]
    assert only_matter(machine).state == "closed"
    machine.world.advance(timedelta(hours=4))
    assert alerts(machine, SHIRIN) == []
