"""A small shop in Haifa: Dana answers, Shirin leads the Persian desk and Gali the rest, Amir owns it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kesher.domain import ladder
from kesher.domain.alert import FOLDED, Here, Recipient, rooms, ways
from kesher.domain.conversation import Conversation
from kesher.domain.customer import Customer
from kesher.domain.decision import NOTHING, Decision
from kesher.domain.escalation import Alerted, Escalation
from kesher.domain.ladder import Known, Step, decide, step
from kesher.domain.message import Outbound
from kesher.domain.scene import House
from kesher.domain.shop import Agent, Channel, Ladder, OnCall, OpeningHours, Rung, Team, Weekday
from tests.builders import LINE, NOA, customer, house, only, records, voice

MINUTE = timedelta(minutes=1)
MONDAY_NOON = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
MONDAY_NIGHT = datetime(2026, 11, 23, 21, 0, tzinfo=UTC)
TUESDAY_NINE = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
DESK = "https://kesher.keshet.example/desk"
DANA, SHIRIN, GALI, AMIR = (f"+97250234567{n}" for n in range(1, 5))
PEOPLE = [
    Agent("dana", "דנה", "שירות", teams=["care"], languages=["he"], phone=DANA),
    Agent("shirin", "شیرین", "سرپرست", "lead", ["persian"], ["fa"], phone=SHIRIN),
    Agent("gali", "Gali", "ראש צוות", "lead", ["care"], ["en"], phone=GALI),
    Agent("amir", "Amir", "בעלים", "owner", email="amir@keshet.example", phone=AMIR),
]
DAYS: list[Weekday] = ["sunday", "monday", "tuesday", "wednesday", "thursday"]
WEEK = {day: ["09:00-18:00"] for day in DAYS}


def shop_with(people: list[Agent] | None = None, **rules: Any) -> House:
    return house(
        voice(
            teams=[Team("care", "Care"), Team("persian", "Persian desk")],
            agents=PEOPLE if people is None else people,
            calendar=OpeningHours(hours=WEEK),
            channels=[Channel("twilio", LINE), Channel("mail", "a@b.c"), Channel("room", "#care")],
            escalation=Ladder(email="mail", chat=["room"], **rules),
        )
    )


HOUSE = shop_with()


def talk(**fields: Any) -> Conversation:
    known = Conversation("c1", MONDAY_NOON, "waiting", MONDAY_NOON, waiting_since=MONDAY_NOON)
    return replace(known, **fields)


def waiting(**fields: Any) -> Escalation:
    known = Escalation(
        "e1", "keshet", customer().id, "waiting", MONDAY_NOON, "נועה", conversation="c1",
        team="care", agent="dana", since=MONDAY_NOON, next_at=MONDAY_NOON,
    )  # fmt: skip
    return replace(known, **fields)


def known(matter: Escalation, *sent: Outbound, **profile: Any) -> Known:
    return Known(matter, customer(conversation=talk(), **profile), sent)


def climbed(matter: Escalation, *, at: datetime = MONDAY_NOON, shop: House = HOUSE) -> Step:
    return step(known(matter), shop, at)


def who(step: Step) -> list[str]:
    return [each.who for each in step.ways]


def told(name: str, message: str = "a", minute: int = 0) -> Alerted:
    return Alerted(name, message, MONDAY_NOON + minute * MINUTE)


def sent(id: str, **fields: Any) -> Outbound:
    text = Outbound(
        id, "keshet", "a", "twilio", LINE, DANA, "...", "alert", MONDAY_NOON,
        MONDAY_NOON + timedelta(hours=2), "UCS-2", 2,
    )  # fmt: skip
    return replace(text, **fields)


def test_the_first_rung_is_the_agent_who_has_the_customer_and_the_room() -> None:
    first = climbed(waiting())

    assert who(first) == ["dana", "room"]
    assert first.matter == waiting(rung=1, next_at=MONDAY_NOON + 15 * MINUTE)
    assert first.counts == ("Alerted",)


@pytest.mark.parametrize(
    ("rung", "team", "expected"),
    [
        (1, "care", ["gali"]),
        (1, "persian", ["shirin"]),
        (1, None, ["shirin", "gali"]),
        (1, "gone", ["shirin", "gali"]),
        (2, "care", ["amir", "amir"]),
    ],
)
def test_then_the_leads_of_the_team_and_the_owner_by_every_way_there_is(
    rung: int, team: str | None, expected: list[str]
) -> None:
    assert who(climbed(waiting(rung=rung, team=team))) == expected


def test_a_rung_on_which_there_is_nobody_is_passed_at_once() -> None:
    quiet = shop_with(rungs=[Rung(["agent"]), Rung(["owner"], minutes=30)])
    first = climbed(waiting(agent=None), shop=quiet)

    assert who(first) == ["amir", "amir"]
    assert first.matter
    assert (first.matter.rung, first.matter.next_at) == (2, MONDAY_NOON + 30 * MINUTE)


def test_nobody_is_told_twice() -> None:
    again = waiting(rung=1, agent="gali", alerted=(told("gali"),))
    assert who(climbed(again)) == ["amir", "amir"]


def test_nobody_is_told_in_hours_in_which_they_are_not_there() -> None:
    morning = [replace(each, hours={"monday": ["09:00-11:00"]}) for each in PEOPLE[:1]]
    assert who(climbed(waiting(), shop=shop_with([*morning, *PEOPLE[1:]]))) == ["room"]


def test_agents_can_be_named() -> None:
    named = shop_with(rungs=[Rung(["shirin", "amir"])])
    assert who(climbed(waiting(), shop=named)) == ["shirin", "amir", "amir"]


def test_the_top_of_the_ladder_is_a_state_that_is_counted() -> None:
    top = climbed(waiting(rung=3, alerted=(told("amir"),)))

    assert top.matter
    assert (top.matter.state, top.matter.next_at, top.ways) == ("nobody", None, ())
    assert top.counts == ("NobodyTook",)


def test_a_shop_whose_file_reaches_nobody_is_not_alarmed() -> None:
    bare = house(voice(calendar=OpeningHours(hours=WEEK)))
    top = climbed(waiting(), shop=bare)
    assert top.matter
    assert (top.matter.state, top.counts) == ("nobody", ())


def test_a_rung_has_its_time_in_opening_hours_and_an_urgent_one_by_the_clock() -> None:
    late = datetime(2026, 11, 23, 15, 50, tzinfo=UTC)
    calm, urgent = climbed(waiting(), at=late), climbed(waiting(urgent=True), at=late)

    assert calm.matter
    assert urgent.matter
    assert calm.matter.next_at == TUESDAY_NINE + 5 * MINUTE
    assert urgent.matter.next_at == late + 15 * MINUTE


NIGHTS = shop_with(
    urgent=["waiting"],
    on_call=[OnCall("amir", {"tuesday": ["20:00-06:00"]}), OnCall("gali"), OnCall("nobody-known")],
)


def test_at_night_who_is_on_call_is_woken_one_after_another_and_then_it_is_quiet() -> None:
    matter = waiting(urgent=True)
    first = climbed(matter, at=MONDAY_NIGHT, shop=NIGHTS)
    assert who(first) == ["gali"], "it is Monday, and Amir is on call on Tuesday"
    assert first.matter
    assert (first.matter.rung, first.matter.next_at) == (0, MONDAY_NIGHT + ladder.WOKEN)

    woken = replace(first.matter, alerted=(told("gali"),))
    then = climbed(woken, at=MONDAY_NIGHT + ladder.WOKEN, shop=NIGHTS)
    assert (then.ways, then.matter) == ((), replace(woken, next_at=TUESDAY_NINE))
    assert who(climbed(woken, at=TUESDAY_NINE, shop=NIGHTS)) == ["dana", "room"]


def test_what_is_not_urgent_wakes_nobody() -> None:
    quiet = climbed(waiting(), at=MONDAY_NIGHT, shop=NIGHTS)
    assert (quiet.ways, quiet.matter) == ((), waiting(next_at=TUESDAY_NINE))


@pytest.mark.parametrize("state", ["taken", "nobody", "closed"])
def test_a_look_at_what_is_not_open_does_nothing(state: str) -> None:
    assert climbed(waiting(state=state)) == Step()


def test_a_look_that_comes_too_early_or_for_nothing_does_nothing() -> None:
    assert climbed(waiting(next_at=MONDAY_NOON + MINUTE)) == Step()
    assert climbed(waiting(next_at=None)) == Step()
    assert step(None, HOUSE, MONDAY_NOON) == Step()
    assert decide(Step(), {}, Here(HOUSE, DESK, MONDAY_NOON)) == NOTHING


@pytest.mark.parametrize(
    "now",
    [
        talk(waiting_since=None),
        talk(waiting_since=MONDAY_NOON + MINUTE),
        talk(state="closed", waiting_since=None),
        talk(id="c2"),
        None,
    ],
    ids=["answered", "waits anew", "closed", "another", "erased"],
)
def test_a_wait_that_has_ended_closes_its_matter(now: Conversation | None) -> None:
    ended = step(Known(waiting(), customer(conversation=now)), HOUSE, MONDAY_NOON)

    assert ended.matter
    assert (ended.matter.state, ended.matter.closed_by) == ("closed", None)


def test_anger_does_not_end_with_an_answer() -> None:
    answered = Known(waiting(kind="angry"), customer(conversation=talk(waiting_since=None)))
    assert who(step(answered, HOUSE, MONDAY_NOON)) == ["dana", "room"]


@pytest.mark.parametrize(
    ("became", "climbs"),
    [
        ({"status": "rejected"}, True),
        ({"status": "suppressed"}, True),
        ({"status": "expired"}, True),
        ({"status": "undelivered"}, True),
        ({"status": "failed"}, True),
        ({"status": "queued", "error": "could not connect", "attempt": 1}, True),
        ({"status": "queued", "error": "over the budget"}, True),
        ({"status": "queued"}, False),
        ({"status": "claimed"}, False),
        ({"status": "unknown", "error": "no answer"}, False),
        ({"status": "accepted"}, False),
        ({"status": "sent"}, False),
        ({"status": "delivered"}, False),
    ],
    ids=str,
)
def test_an_alert_that_has_failed_does_not_wait_for_its_rung(
    became: dict[str, Any], climbs: bool
) -> None:
    early = waiting(rung=1, next_at=MONDAY_NOON + 15 * MINUTE, alerted=(told("dana"),))
    looked = step(known(early, sent("a", **became)), HOUSE, MONDAY_NOON + MINUTE)

    assert (who(looked) == ["gali"]) == climbs
    assert looked.counts == (("AlertFailed", "Alerted") if climbs else ())


def test_one_that_arrived_is_enough() -> None:
    both = waiting(
        rung=1, next_at=MONDAY_NOON + 15 * MINUTE, alerted=(told("dana", "a"), told("room", "b"))
    )
    refused, posted = sent("a", status="rejected"), sent("b", status="delivered")
    assert step(known(both, refused, posted), HOUSE, MONDAY_NOON + MINUTE) == Step()
    assert who(step(known(both, refused, replace(posted, status="failed")), HOUSE,
                    MONDAY_NOON + MINUTE)) == ["gali"]  # fmt: skip


def test_only_the_last_rung_counts_for_that() -> None:
    later = waiting(
        rung=2,
        next_at=MONDAY_NOON + 30 * MINUTE,
        alerted=(told("dana", "a"), told("gali", "b", minute=15)),
    )
    refused, posted = sent("a", status="rejected"), sent("b", status="delivered")
    assert step(known(later, refused, posted), HOUSE, MONDAY_NOON + 16 * MINUTE) == Step()


# --- telling them -------------------------------------------------------------------------------------


def decided(step: Step, known: dict[str, Recipient] | None = None, minute: int = 0) -> Decision:
    return decide(step, known or {}, Here(HOUSE, DESK, MONDAY_NOON + minute * MINUTE))


def test_each_way_has_its_alert_and_its_recipient_a_profile() -> None:
    decision = decided(climbed(waiting()))
    text, post = records(Outbound, decision)
    profiles = records(Customer, decision)
    matter = only(Escalation, decision)

    assert [each.address for each in profiles] == [DANA, "room"]
    assert [each.alert for each in profiles] == [text.id, post.id]
    assert [each.matters for each in profiles] == [(matter.key,)] * 2
    assert (text.channel, text.line, text.address) == ("twilio", LINE, DANA)
    assert (post.channel, post.line, post.address) == ("room", "#care", "room")
    assert (text.message_class, text.matters) == ("alert", (matter.key,))
    assert [each.message for each in matter.alerted] == [text.id, post.id]
    assert (text.parts > 1, post.parts) == (True, 0), "a post costs no parts"
    assert decision.owed == (text, post)


def test_the_words_are_the_readers_own() -> None:
    matter = waiting(
        kind="angry", about="You are thieves and I will tell everybody I know about it"
    )
    by_text, by_post = records(Outbound, decided(climbed(matter)))

    assert by_text.text.splitlines() == [
        "צעצועי קשת: נועה: התקבלה הודעה כועסת.",
        '"You are thieves and I will tell everybody I know about it"',
        f"{DESK}/{customer().id}",
        'כדי לקחת את הטיפול, השיבו "עליי".',
    ]
    assert len(by_post.text.splitlines()) == 3, "a room cannot answer"


def test_a_long_quote_is_cut() -> None:
    text, _ = records(Outbound, decided(climbed(waiting(about="נוכלים " * 20))))
    (quote,) = (line for line in text.text.splitlines() if line.startswith('"'))
    assert quote.endswith('..."')
    assert len(quote) <= 66


def recipient(last: Outbound, *matters: Escalation) -> dict[str, Recipient]:
    (way,) = ways(HOUSE.voice.shop, PEOPLE[0])
    id = way.recipient(HOUSE.voice.shop)
    profile = Customer(id, "keshet", DANA, alert=last.id, version=1)
    return {id: Recipient(profile, last, matters)}


def first_alert() -> Outbound:
    return records(Outbound, decided(climbed(waiting())))[0]


OTHER = waiting(id="e2", who="Daniel", customer="f" * 32)


def test_a_second_matter_within_minutes_waits_for_company() -> None:
    leaving = replace(first_alert(), status="delivered", attempt=1, version=3)
    decision = decided(climbed(OTHER), recipient(leaving), minute=1)
    text = records(Outbound, decision)[0]

    assert (text.held, text.due_at) == (True, MONDAY_NOON + FOLDED)
    assert text not in decision.owed
    assert text.id != leaving.id


def test_a_third_one_goes_into_the_text_that_waits() -> None:
    held = replace(first_alert(), held=True, due_at=MONDAY_NOON + FOLDED, version=1)
    decision = decided(climbed(OTHER), recipient(held, waiting()), minute=1)
    text = records(Outbound, decision)[0]

    assert (text.id, text.due_at) == (held.id, held.due_at)
    assert text.matters == (waiting().key, OTHER.key)
    assert (
        text.text.splitlines()
        == [
            "לקוחות שממתינים לטיפול: \u200e2",
            "- נועה: עדיין אין מענה לפנייה שהגיעה היום בשעה \u200e12:00.",
            "- \u200eDaniel: עדיין אין מענה לפנייה שהגיעה היום בשעה \u200e12:00.",
            DESK,
            'כדי לקחת את הטיפול, השיבו "עליי".',
        ]
        or text.text
    )
    assert records(Customer, decision)[0].matters == text.matters


@pytest.mark.parametrize(
    "last",
    [{"held": False}, {"status": "claimed"}, {"due_at": MONDAY_NOON}, {"attempt": 1}],
    ids=str,
)
def test_what_is_leaving_is_not_rewritten(last: dict[str, Any]) -> None:
    held = replace(first_alert(), held=True, due_at=MONDAY_NOON + FOLDED, version=1)
    decision = decided(climbed(OTHER), recipient(replace(held, **last), waiting()), minute=1)
    assert records(Outbound, decision)[0].id != held.id


def test_after_some_minutes_a_matter_is_told_at_once_again() -> None:
    past = replace(first_alert(), status="delivered", version=3)
    decision = decided(climbed(OTHER), recipient(past), minute=3)
    text = records(Outbound, decision)[0]
    assert not text.held
    assert text in decision.owed


def test_deciding_twice_names_the_same_alert() -> None:
    one, two = (records(Outbound, decided(climbed(waiting())))[0] for _ in range(2))
    assert one.id == two.id


def test_a_channel_that_the_shop_no_longer_has_is_no_way() -> None:
    shop = replace(HOUSE.voice.shop, channels=HOUSE.voice.shop.channels[:1])
    assert [each.channel for each in ways(shop, PEOPLE[3])] == ["twilio"]
    assert rooms(shop) == ()


def test_ways_are_what_the_file_has_addresses_for() -> None:
    shop = HOUSE.voice.shop
    amir = PEOPLE[3]

    assert [each.channel for each in ways(shop, amir)] == ["twilio", "mail"]
    assert [each.channel for each in ways(shop, replace(amir, alerts=["email"]))] == ["mail"]
    assert [each.channel for each in ways(shop, replace(amir, alerts=["text"]))] == ["twilio"]
    assert ways(shop, replace(amir, phone=None, email=None)) == ()
    assert [each.line for each in rooms(shop)] == ["#care"]
    assert NOA not in {each.address for each in ways(shop, amir)}
