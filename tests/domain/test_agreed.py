"""What was agreed: proposed to the agent, told by a link, kept for its page."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from bidi import get_display

from kesher import words
from kesher.domain import agreed, attend, outbox, sms
from kesher.domain.agreed import Agreed, Author, Link, kept, proposed
from kesher.domain.attend import Case, Ending, WantsNoTexts
from kesher.domain.conversation import Conversation, Ended
from kesher.domain.customer import STOPPABLE, Customer
from kesher.domain.decision import NOTHING, Decision
from kesher.domain.message import Inbound, Outbound
from kesher.domain.order import Order
from kesher.domain.outbox import Say
from kesher.domain.scene import House
from kesher.domain.shop import Agent, Retention, Service
from kesher.domain.summary import Summary, digest
from tests.builders import (
    KESHET,
    LINE,
    NOA,
    NOW,
    customer,
    house,
    only,
    order,
    records,
    texts,
    voice,
)

MINUTE = timedelta(minutes=1)
DANA = Agent("dana", "דנה", "שירות לקוחות")
RUTH = Agent("ruth", "Ruth", "team lead", level="lead")
PEOPLE = house(voice(agents=[DANA, RUTH]))
LINK = Link("https://keshet.example", "k3-kesher-summary_tokA")
TEXT = "נשלח לכם בקבוק חדש במקום זה שבהזמנה 1042"
SHIPPED, OLDER = order("shipped"), order("delivered", id="2", number="#0998")


def noa(**known: Any) -> Customer:
    talk = Conversation("c1", NOW, "assigned", NOW, agent="dana", signed="dana")
    written: dict[str, Any] = {
        "conversation": talk,
        "channel": "twilio",
        "line": LINE,
        "language": "he",
    }
    return customer(**(written | known))


def closed(
    text: str | None = TEXT,
    *,
    agent: Agent = DANA,
    farewell: bool = True,
    orders: tuple[Order, ...] = (SHIPPED, OLDER),
    people: House = PEOPLE,
    **known: Any,
) -> Decision:
    said = Agreed(text, LINK, orders) if text else None
    case = Case(noa(**known), agent, people, NOW + MINUTE)
    return attend.close(case, "k", Ending(farewell=farewell, agreed=said))


# --- the text and what is kept -----------------------------------------------------------------------


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_the_farewell_ends_with_the_link_on_a_line_of_its_own(language: str) -> None:
    (text,) = texts(closed(language=language))
    spoken = words.texts(language)

    assert text.splitlines()[-2:] == [spoken["summary_link"], LINK.url]
    assert len(text.splitlines()) == 3


@pytest.mark.parametrize("language", ["he", "fa", "ar"])
@pytest.mark.parametrize("base", ["R", None])
def test_the_link_shows_as_it_is_in_a_text_from_the_right(language: str, base: str | None) -> None:
    (text,) = texts(closed(language=language))
    *lines, link = text.splitlines()

    assert str(get_display(link, base_dir=base)) == LINK.url
    assert not any(LINK.url in each for each in lines)


@pytest.mark.parametrize(
    ("language", "parts"), [("en", 1), ("he", 2), ("fa", 3), ("ar", 2), ("ru", 2)]
)
def test_what_a_farewell_with_its_link_costs(language: str, parts: int) -> None:
    people = house(voice(agents=[DANA], name="Keshet Toys"))
    said = only(Outbound, closed(language=language, people=people))

    assert said.parts == sms.plan(said.text).parts == parts


def test_a_summary_may_leave_without_thanks_and_says_whose_it_is() -> None:
    talk = replace(noa().conversation or Conversation("", NOW, "closed", NOW), signed=None)
    (text,) = texts(closed(farewell=False, conversation=talk, language="en"))

    assert text == f"דנה, שירות לקוחות\nWhat we agreed, to read again:\n{LINK.url}"


def test_without_a_summary_nothing_is_kept_and_no_link_told() -> None:
    decision = closed(None)

    assert records(Summary, decision) == []
    assert "/t/" not in texts(decision)[0]


def test_of_the_token_a_digest_is_kept_and_stands_in_no_record_but_the_text() -> None:
    decision = closed()

    assert only(Summary, decision).digest == digest(LINK.token)
    others = [each for each in decision.records if not isinstance(each, Outbound)]
    assert LINK.token not in repr(others)
    assert LINK.token not in repr(Agreed(TEXT, LINK))


def test_the_page_is_in_the_customers_language_and_knows_whom_they_come_back_to() -> None:
    summary = only(Summary, closed(language="en"))

    assert summary.page.title == "צעצועי קשת: what we agreed"
    assert (summary.page.language, summary.page.text) == ("en", TEXT)
    assert summary.page.signed == "דנה, שירות לקוחות"
    assert summary.page.back == (
        "Is anything still open? Reply to our text from +97233724400, and דנה will see it."
    )
    assert summary.page.later == "Is anything still open? Write to us any time at +97233724400."
    assert (summary.shop, summary.customer, summary.conversation) == ("keshet", noa().id, "c1")


def test_a_lead_who_closes_sends_the_customer_back_to_their_agent() -> None:
    decision = closed(agent=RUTH)

    assert only(Ended, decision).conversation.agent == "dana"
    assert only(Summary, decision).page.signed == "דנה, שירות לקוחות"
    assert "Ruth" in texts(decision)[0]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("A new one instead of 1042", "Order #1042: on its way."),
        ("Of #0998 we take it back", "Order #0998: delivered."),
        ("A new one is on its way", None),
        ("10422 is not 21042", None),
        ("Order #1042: on its way.\nWe send a new one", None),
        ("order 1042: on its way", None),
    ],
)
def test_the_order_is_the_one_the_agent_names_and_stands_there_once(
    text: str, shown: str | None
) -> None:
    assert only(Summary, closed(text, language="en")).page.order == shown


@pytest.mark.parametrize(("days", "shown"), [(400, 30), (7, 7)])
def test_a_page_is_shown_for_30_days_and_no_longer_than_texts_are_kept(
    days: int, shown: int
) -> None:
    spoken = voice(agents=[DANA], retention=Retention(days), service=Service(reopen_hours=48))
    summary = kept(Agreed(TEXT, LINK), Author(DANA, spoken), noa(), NOW)

    assert summary.until == NOW + timedelta(days=shown)
    assert summary.reopens_until == NOW + timedelta(hours=48)


def test_who_wants_no_texts_is_told_no_link() -> None:
    with pytest.raises(WantsNoTexts):
        closed(farewell=False, stopped=STOPPABLE)


def test_a_close_that_comes_again_finds_what_it_has_done() -> None:
    done = only(Customer, closed()).conversation

    assert closed(conversation=done) == NOTHING


# --- the proposal ------------------------------------------------------------------------------------


def heard(text: str, minute: int, conversation: str = "c1") -> Inbound:
    at = NOW + minute * MINUTE
    return Inbound(
        f"t{minute}", "keshet", noa().id, conversation, "twilio", NOA, LINE, text, at, f"SM{minute}"
    )


def said(text: str, minute: int, by: str | None = "dana") -> Outbound:
    say = Say(text, "conversational", f"k{minute}", valid=timedelta(hours=1))
    return replace(outbox.queued(say, noa(), KESHET, NOW + minute * MINUTE), written_by=by)


THREAD = (
    heard("And this is another matter altogether, of long ago", 0, "c0"),
    heard("שלום", 1),
    said("תודה שפניתם אל צעצועי קשת", 1, by=None),
    heard("הבקבוק  הגיע שבור\nוהקופסה רטובה", 2),
    said("אנחנו בודקים", 3),
    said("נשלח לכם אחד חדש\nדנה, שירות לקוחות", 4),
    said("סגרנו", 5, by=None),
)


def proposal(thread: tuple[Inbound | Outbound, ...] = THREAD, **known: Any) -> list[str]:
    author = Author(DANA, PEOPLE.voice)
    orders = known.pop("orders", (SHIPPED, OLDER))
    return proposed(noa(**known), orders, thread, author).replace("\u200e", "").splitlines()


def test_a_proposal_says_the_order_what_was_asked_and_what_was_answered_last() -> None:
    assert proposal() == [
        "הזמנה #1042: בדרך אליכם.",
        'כתבתם: "הבקבוק הגיע שבור והקופסה רטובה"',
        "התשובה שלנו: נשלח לכם אחד חדש",
    ]


def test_a_proposal_is_in_the_customers_language() -> None:
    assert proposal(language="fa")[0] == "سفارش #1042: در راه است."


def test_a_proposal_says_no_more_than_is_known() -> None:
    assert proposal((), orders=()) == []
    assert proposal((THREAD[2],), orders=()) == []


def test_a_proposal_is_of_the_order_that_the_conversation_is_about() -> None:
    talk = Conversation("c1", NOW, "assigned", NOW, agent="dana", order="0998")

    assert proposal(conversation=talk)[0] == "הזמנה #0998: נמסרה."


def test_what_was_said_at_length_is_quoted_short() -> None:
    (line,) = proposal((heard("מילה " * 100, 1),), orders=())

    assert line.endswith('…"')
    assert len(line) <= agreed.LONGEST_QUOTE + len('כתבתם: ""')
