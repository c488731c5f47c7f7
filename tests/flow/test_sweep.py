"""A text whose webhook and fallback were both lost is found with its provider."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
import requests

from kesher import instant, shops, store, sweep
from kesher.domain.customer import customer_id
from kesher.domain.message import Inbound, Outbound
from kesher.sweep import NO_TIME, PAGES, SPARE, Swept
from local import faults, push
from local.faults import in_room
from local.machine import Machine
from local.outside.answers import answer
from local.trace import Step
from local.world import Call

NOA, SHIRIN = "+972502345678", "+989123456789"
PLENTY = SPARE // timedelta(milliseconds=1) * 10
QUARTER = timedelta(minutes=15)

Lose = Callable[[Machine, str, str], None]


def lose_simulated(machine: Machine, words: str, id: str) -> None:
    machine.simulator.lose(NOA, words)


def lose_twilio(machine: Machine, words: str, id: str) -> None:
    machine.twilio.lose(NOA, words, id)


def history(number: str = NOA) -> tuple[Inbound | Outbound, ...]:
    return store.history("demo", customer_id("demo", number, ""))


def arrived(number: str = NOA) -> list[str]:
    return [each.text for each in history(number) if isinstance(each, Inbound)]


def told(machine: Machine, number: str = NOA) -> list[str]:
    return [each["text"] for each in machine.received(number)]


def sweeps(machine: Machine) -> list[Step]:
    return [each for each in machine.world.trace._steps if each.name == "sweep"]


def swept(left: int = PLENTY) -> dict[str, Swept]:
    """What one sweep of the demo shop comes to, by channel."""
    found = sweep.sweep(instant.now(), lambda: left)
    return {each.channel: each for each in found if each.shop == "demo"}


@contextmanager
def calls_of(machine: Machine, room: str) -> Iterator[list[str]]:
    made: list[str] = []

    def note(call: Call) -> None:
        if call.room == room:
            made.append(call.operation)

    machine.world.after.append(note)
    yield made
    machine.world.after.remove(note)


@pytest.mark.parametrize("lose", [lose_simulated, lose_twilio])
def test_a_text_that_came_by_no_webhook_is_answered_once_within_a_quarter_of_an_hour(
    machine: Machine, lose: Lose
) -> None:
    lose(machine, "When are you open?", "SM1")
    machine.world.run()
    assert history() == ()

    machine.world.advance(QUARTER + timedelta(minutes=2))
    assert arrived() == ["When are you open?"]
    assert told(machine) == [machine.shop.bot.answers["opening_hours"]["en"]]

    machine.world.advance(timedelta(hours=30))
    assert (len(arrived()), len(told(machine))) == (1, 1)


def test_a_found_text_has_the_time_at_which_it_was_sent(machine: Machine) -> None:
    machine.twilio.lose(NOA, "שלום", "SM1")
    sent = machine.world.clock.now()
    machine.world.advance(timedelta(hours=1))

    text, reply = history()
    assert (text.at, reply.at - sent) == (sent, QUARTER)


@pytest.mark.parametrize("late", [0, 1, 600])
def test_a_webhook_that_comes_after_the_sweep_brings_nothing_new(
    machine: Machine, late: int
) -> None:
    machine.twilio.lose(NOA, "When are you open?", "SM1")
    machine.world.advance(QUARTER)
    assert len(told(machine)) == 1
    machine.world.advance(timedelta(minutes=late))

    assert machine.twilio.text(NOA, "When are you open?", "SM1").status == 200
    machine.world.advance(timedelta(hours=1))
    assert (len(arrived()), len(told(machine))) == (1, 1)


def test_a_webhook_that_comes_while_the_found_text_is_queued_is_the_same_text(
    machine: Machine,
) -> None:
    machine.twilio.lose(NOA, "When are you open?", "SM1")
    machine.world.clock.offset += timedelta(minutes=6)
    assert swept()["twilio"].recovered == 1
    machine.world.clock.offset += timedelta(minutes=6)
    machine.twilio.text(NOA, "When are you open?", "SM1")
    assert len(machine.world.queues["MessagesQueue"].letters) == 2

    machine.world.run()
    assert (len(arrived()), len(told(machine))) == (1, 1)


def test_what_is_here_already_is_put_on_no_queue(machine: Machine) -> None:
    for n in range(5):
        machine.twilio.text(NOA, f"text {n}", f"SM{n}")
        machine.text(SHIRIN, f"text {n}")
    machine.world.run()
    machine.twilio.lose(NOA, "lost", "SM9")
    with calls_of(machine, "sweep") as made:
        machine.world.advance(QUARTER)

    assert made.count("SendMessage") == 1
    assert len(arrived()) == 6


def test_a_sweep_that_finds_nothing_costs_a_read_a_channel(machine: Machine) -> None:
    for n in range(5):
        machine.twilio.text(NOA, f"text {n}", f"SM{n}")
    machine.world.run()
    del machine.world.wanted["SweepFunction"]
    with calls_of(machine, "sweep") as made:
        machine.world.advance(QUARTER)

    assert made == ["GetParametersByPath", "GET", "GET", "BatchGetItem"]


def test_the_sweep_comes_every_quarter_of_an_hour_while_there_is_something_to_find(
    machine: Machine,
) -> None:
    machine.world.advance(timedelta(hours=6))
    assert sweeps(machine) == []

    machine.world.hosts["twilio.localhost"] = lambda _: answer(503, {})
    machine.twilio.lose(NOA, "שלום", "SM1")
    begun = machine.world.clock.now()
    machine.world.advance(timedelta(hours=2))
    assert [each.at - begun for each in sweeps(machine)] == [n * QUARTER for n in range(1, 9)]
    assert {each.label for each in sweeps(machine)} == {"15 minutes"}


def test_a_text_found_hours_late_is_still_answered(machine: Machine) -> None:
    machine.world.hosts["twilio.localhost"] = lambda _: answer(503, {})
    machine.twilio.lose(NOA, "When are you open?", "SM1")
    machine.world.advance(timedelta(hours=20))
    assert history() == ()

    machine.world.hosts["twilio.localhost"] = machine.twilio
    machine.world.advance(timedelta(hours=1))
    assert told(machine) == [machine.shop.bot.answers["opening_hours"]["en"]]


def test_a_text_older_than_a_day_stays_lost(machine: Machine) -> None:
    machine.world.hosts["twilio.localhost"] = lambda _: answer(503, {})
    machine.twilio.lose(NOA, "When are you open?", "SM1")
    machine.world.advance(timedelta(hours=24, minutes=10))
    machine.world.hosts["twilio.localhost"] = machine.twilio
    machine.world.advance(timedelta(hours=1))

    assert swept()["twilio"] == Swept("demo", "twilio")
    assert history() == ()


@pytest.mark.parametrize(
    ("seconds", "found"), [(0, 0), (119, 0), (120, 1), (86_400, 1), (86_401, 0)]
)
def test_only_what_is_neither_on_its_way_nor_a_day_old_is_missing(
    machine: Machine, seconds: int, found: int
) -> None:
    machine.simulator.lose(NOA, "שלום")
    machine.world.clock.offset += timedelta(seconds=seconds)

    assert swept()["simulator"].recovered == found


def test_texts_found_together_are_answered_in_the_order_in_which_they_were_sent(
    machine: Machine,
) -> None:
    questions = ["When are you open?", "How do I return something?", "What does shipping cost?"]
    for n, words in enumerate(questions):
        machine.twilio.lose(NOA, words, f"SM{n}")
        machine.world.advance(timedelta(seconds=20))
    machine.world.advance(QUARTER)

    asked = ("opening_hours", "returns", "shipping")
    assert told(machine) == [machine.shop.bot.answers[each]["en"] for each in asked]


@pytest.mark.parametrize(
    ("lost", "said", "may_be_told"), [("START", "STOP", 0), ("STOP", "START", 1)]
)
def test_a_wish_that_is_found_late_does_not_undo_a_later_one(
    machine: Machine, lost: str, said: str, may_be_told: int
) -> None:
    machine.twilio.lose(NOA, lost, "SM1")
    machine.world.advance(timedelta(seconds=30))
    machine.text(NOA, said)
    machine.world.advance(QUARTER)
    assert sorted(arrived()) == sorted([lost, said])

    before = len(told(machine))
    machine.text(NOA, "When are you open?")
    machine.world.run()
    assert len(told(machine)) - before == may_be_told


def test_a_text_that_no_room_can_work_on_does_not_come_back_behind_itself(
    machine: Machine,
) -> None:
    """It would hold up its customer for a day."""
    broken = in_room("converse", "dynamodb", "TransactWriteItems")
    faults.throttled(broken, times=1000).install(machine.world)
    machine.twilio.text(NOA, "by webhook", "SM1")
    machine.twilio.lose(NOA, "by none", "SM2")
    with calls_of(machine, "sweep") as made:
        machine.world.advance(timedelta(hours=6))

    assert len(sweeps(machine)) > 20
    assert made.count("SendMessage") == 2
    dead = machine.world.queues["MessagesQueue"].dead
    assert len(dead) == 3


def test_a_provider_in_trouble_holds_up_no_other(machine: Machine) -> None:
    machine.world.hosts["simulator.localhost"] = lambda _: answer(200, {"texts": "many"})
    machine.twilio.lose(NOA, "שלום", "SM1")
    machine.world.clock.offset += QUARTER

    assert swept() == {
        "simulator": Swept("demo", "simulator", trouble="texts is not a list of objects"),
        "twilio": Swept("demo", "twilio", recovered=1),
    }


def test_a_shop_that_is_not_whole_holds_up_no_other(machine: Machine) -> None:
    nowhere = [
        replace(each, credentials=dict.fromkeys(each.credentials, "env:NOWHERE"))
        for each in machine.shop.channels[:1]
    ]
    for name, channels in (("aleph", []), ("bet", nowhere), ("zayin", nowhere)):
        push.push(replace(machine.shop, shop=name, channels=channels))
    machine.twilio.lose(NOA, "שלום", "SM1")
    machine.world.clock.offset += QUARTER

    found = list(sweep.sweep(instant.now(), lambda: PLENTY))
    troubles = {each.shop: each.trouble for each in found if each.trouble}
    assert troubles == dict.fromkeys(
        ("bet", "zayin"), "Misconfigured: secret 'env:NOWHERE' is missing or empty"
    )
    assert sum(each.recovered for each in found) == 1


def test_a_shop_the_rooms_do_not_know_is_in_trouble_and_its_text_on_no_queue(
    machine: Machine,
) -> None:
    machine.world.unwatched(
        "DeleteItem",
        TableName=machine.world.table_name,
        Key={"pk": {"S": "demo#shop"}, "sk": {"S": "file"}},
    )
    store.load._shops.clear()
    machine.twilio.lose(NOA, "שלום", "SM1")
    machine.world.clock.offset += QUARTER

    assert swept()["twilio"] == Swept("demo", "twilio", trouble="NotFound: no shop 'demo'")
    assert machine.world.queues["MessagesQueue"].letters == []


def test_every_shop_is_swept_and_each_time_another_first(machine: Machine) -> None:
    names = [f"shop-{n:02}" for n in range(24)]
    for name in names:
        push.push(replace(machine.shop, shop=name, channels=machine.shop.channels[:1]))
    assert [each.shop for each in shops.every()] == ["demo", *names]

    first = set()
    for _ in range(25):
        found = [each.shop for each in sweep.sweep(instant.now(), lambda: PLENTY)]
        assert set(found) == {"demo", *names}
        first.add(found[0])
        machine.world.clock.offset += QUARTER
    assert first == {"demo", *names}


def test_with_no_time_left_nothing_is_begun(machine: Machine) -> None:
    machine.twilio.lose(NOA, "שלום", "SM1")
    machine.world.clock.offset += QUARTER
    with calls_of(machine, "") as made:
        found = swept(left=PLENTY // 10 - 1)

    assert {each.trouble for each in found.values()} == {NO_TIME}
    assert made == ["GetParametersByPath"]


def test_what_there_is_no_time_for_is_found_by_the_next_sweep(machine: Machine) -> None:
    for n in range(5):
        machine.twilio.lose(NOA, f"text {n}", f"SM{n}")
        machine.world.clock.offset += timedelta(seconds=1)
    machine.world.clock.offset += QUARTER
    left = count(PLENTY, -PLENTY // 10)
    found = [each for each in sweep.sweep(instant.now(), lambda: next(left)) if each.recovered]
    assert found == [Swept("demo", "twilio", recovered=3, trouble=NO_TIME)]

    assert swept()["twilio"] == Swept("demo", "twilio", recovered=5 - found[0].recovered)
    machine.world.run()
    assert arrived() == [f"text {n}" for n in range(5)]


def test_a_list_of_many_pages_is_read_to_its_end(machine: Machine) -> None:
    def small(request: requests.PreparedRequest) -> requests.Response:
        request.url = str(request.url).replace("PageSize=1000", "PageSize=2")
        return machine.twilio(request)

    machine.world.hosts["twilio.localhost"] = small
    for n in range(2 * PAGES - 1):
        machine.twilio.lose(NOA, f"text {n}", f"SM{n}")
    machine.world.clock.offset += QUARTER
    assert swept()["twilio"].recovered == 2 * PAGES - 1


def test_a_list_without_end_is_not_read_for_ever(machine: Machine) -> None:
    pages = count()

    def endless(request: requests.PreparedRequest) -> requests.Response:
        more = f"/2010-04-01/Messages.json?Page={next(pages)}"
        return answer(200, {"messages": [], "next_page_uri": more})

    machine.world.hosts["twilio.localhost"] = endless
    assert swept()["twilio"].trouble == f"not read beyond {PAGES} pages"
    assert next(pages) == PAGES


def test_a_picture_without_words_is_found_and_acknowledged(machine: Machine) -> None:
    machine.twilio.lose(NOA, "", "MM1", NumMedia="2")
    machine.world.advance(QUARTER)

    stored, _ = history()
    assert isinstance(stored, Inbound)
    assert [each.url.rpartition("/Messages/")[2] for each in stored.media] == ["MM1/Media.json"] * 2
    assert "התמונה התקבלה" in told(machine)[0]
