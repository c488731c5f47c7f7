from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise, permutations
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kesher.domain import outbox
from kesher.domain.conversation import Conversation
from kesher.domain.customer import (
    STOPPABLE,
    ConsentChange,
    Customer,
    MessageClass,
)
from kesher.domain.decision import NOTHING, Decision, MayReceive
from kesher.domain.figures import Counted
from kesher.domain.message import MAY_HAVE_LEFT, RANK, Outbound, ReceiptReceived, Status
from kesher.domain.outbox import (
    ASK_AFTER,
    ASK_AT_MOST_EVERY,
    CANNOT_TELL_AFTER,
    GIVE_UP_ASKING,
    LEASE,
    LOST_AFTER,
    RESENDS,
    RETRY_AFTER,
    SETTLES,
    Accepted,
    CannotTell,
    Claim,
    FindResult,
    Loaded,
    NoAnswer,
    NotAccepted,
    NotFound,
    Outcome,
    Refused,
    Say,
    SendResult,
    may_be_text_id,
    queued,
    receipt,
    record,
)
from kesher.domain.shop import Limits, QuietHours
from kesher.domain.survey import Asked
from tests.builders import KESHET, LINE, NOA, NOW, customer, only, records

SAY = Say(
    "ההזמנה בדרך אליכם", "informational", "notice/shopify/7001/shipped:p1", timedelta(hours=12)
)
STATUSES: tuple[Status, ...] = get_args(Status)
RESULTS: tuple[SendResult, ...] = (
    Accepted("SM1"),
    NotAccepted("throttled"),
    Refused("21211"),
    Refused("21610", opted_out=True),
    NoAnswer("no answer: ReadTimeout"),
)
REPORTED: tuple[Status, ...] = (
    *("accepted", "sent", "undelivered", "failed", "delivered", "read"),
)


def claim(loaded: Loaded, *, owner: str, now: datetime) -> Claim:
    return outbox.claim(loaded, KESHET, owner=owner, now=now)


def text(status: Status = "queued", **fields: Any) -> Outbound:
    """A text as it would be in that status, after one attempt where it has had one."""
    message = queued(SAY, customer(), KESHET, NOW)
    tried = RANK[status] > 0
    message = replace(
        message,
        status=status,
        attempt=1 if tried else 0,
        owner="send-1" if tried else None,
        due_at=NOW + LEASE if status == "claimed" else message.due_at if not tried else None,
        version=2 if tried else 1,
    )
    return replace(message, **fields)


def reported(status: Status, **fields: Any) -> ReceiptReceived:
    report = ReceiptReceived("keshet", "twilio", status, NOW, provider_id="SM1")
    return replace(report, **fields)


def after(message: Outbound, decision: Decision) -> Outbound:
    return next(iter(records(Outbound, decision)), message)


def test_what_is_stored_is_what_is_sent_and_counted() -> None:
    dear = "It’s on its way – and soon with you… " * 4
    typed = replace(SAY, text=dear)
    message = queued(typed, customer(), KESHET, NOW)

    assert message.text == "It's on its way - and soon with you... " * 4
    assert (message.encoding, message.parts) == ("GSM-7", 1)
    assert len(message.text) < 160
    assert queued(SAY, customer(), KESHET, NOW).text == SAY.text


def test_a_text_is_queued_on_the_way_the_customer_last_wrote() -> None:
    noa = customer(channel="simulator", line="+97239999999")
    message = queued(SAY, noa, KESHET, NOW)

    assert (
        message.channel,
        message.line,
        message.address,
        message.status,
        message.attempt,
    ) == ("simulator", "+97239999999", NOA, "queued", 0)
    assert (message.encoding, message.parts) == ("UCS-2", 1)
    assert (NOW + timedelta(hours=12), NOW + LOST_AFTER) == (message.valid_until, message.due_at)
    assert (
        queued(SAY, customer(), KESHET, NOW).channel,
        queued(SAY, customer(), KESHET, NOW).line,
    ) == ("twilio", LINE)


def test_the_same_cause_is_the_same_text() -> None:
    once = queued(SAY, customer(), KESHET, NOW)
    again = queued(SAY, customer(), KESHET, NOW + timedelta(hours=3))
    other = queued(replace(SAY, cause="notice/shopify/7001/cancelled"), customer(), KESHET, NOW)
    another = queued(SAY, customer("+972502345679"), KESHET, NOW)

    assert once.id == again.id
    assert len({once.id, other.id, another.id}) == 3
    assert once.id.startswith(f"{customer().id}-")


def test_an_id_of_ours_is_told_from_what_can_be_none() -> None:
    ours = queued(SAY, customer(), KESHET, NOW).id
    assert may_be_text_id(ours)
    wrong = ("", ours[:-1], f"{ours}0", f"{ours}\n", ours.upper(), ours.replace("-", "/"), "%00")
    assert not [each for each in wrong if may_be_text_id(each)]


def test_a_claim_is_recorded_before_the_provider_is_called() -> None:
    allowed = claim((text(), customer()), owner="send-1", now=NOW)
    claimed = only(Outbound, allowed.decision)

    assert (
        claimed.status,
        claimed.attempt,
        claimed.owner,
        claimed.due_at,
    ) == ("claimed", 1, "send-1", NOW + LEASE)
    assert (MayReceive("keshet", customer().id, "informational"),) == allowed.decision.provided
    assert ((replace(claimed, version=claimed.version + 1), customer()),) == allowed.calls


@pytest.mark.parametrize("status", [each for each in STATUSES if each not in {"queued", "claimed"}])
def test_only_a_queued_text_is_claimed(status: Status) -> None:
    for now in (NOW, NOW + timedelta(days=30)):
        allowed = claim((text(status), customer()), owner="send-2", now=now)

        assert (allowed.decision, allowed.calls) == (NOTHING, ())


def test_what_is_not_there_is_not_claimed() -> None:
    assert (
        claim(None, owner="send-1", now=NOW).decision,
        claim(None, owner="send-1", now=NOW).calls,
    ) == (NOTHING, ())
    assert record(None, Accepted("SM1"), attempt=1, now=NOW) == NOTHING
    assert receipt(None, reported("delivered"), NOW) == NOTHING


def test_an_owner_that_finds_its_own_claim_again_goes_on() -> None:
    """Its write went through and the answer to it was lost."""
    first = claim((text(), customer()), owner="send-1", now=NOW)
    ((committed, noa),) = first.calls
    for now in (NOW, NOW + LEASE, NOW + timedelta(hours=1)):
        again = claim((committed, noa), owner="send-1", now=now)

        assert (NOTHING, ((committed, noa),)) == (again.decision, again.calls)


@pytest.mark.parametrize(
    ("now", "status"),
    [
        (NOW, "claimed"),
        (NOW + LEASE - timedelta(seconds=1), "claimed"),
        (NOW + LEASE, "unknown"),
        (NOW + timedelta(days=2), "unknown"),
    ],
)
def test_anothers_claim_holds_for_its_lease_and_is_unknown_then(
    now: datetime, status: Status
) -> None:
    found = text("claimed")
    allowed = claim((found, customer()), owner="send-2", now=now)

    assert allowed.calls == ()
    assert status == after(found, allowed.decision).status


def doubtful(message_class: MessageClass = "informational") -> Outbound:
    """A text whose sender vanished, as the next one finds it."""
    found = text("claimed", message_class=message_class, claimed_at=NOW)
    return after(found, claim((found, customer()), owner="send-2", now=NOW + LEASE).decision)


def test_what_is_unknown_is_not_sent_but_asked_for() -> None:
    lost = doubtful()
    asked_at = NOW + LEASE + ASK_AFTER

    assert (1, asked_at) == (lost.doubts, lost.due_at)
    early = claim((lost, customer()), owner="s", now=asked_at - timedelta(seconds=1))
    assert early.calls == ()
    asking = claim((lost, customer()), owner="s", now=asked_at)
    assert ("find", ((lost, customer()),)) == (asking.verb, asking.calls)
    assert asking.decision == NOTHING


@pytest.mark.parametrize(
    ("found", "status", "due"),
    [
        (Accepted("SM1"), "accepted", None),
        (NotFound(), "queued", NOW + ASK_AFTER),
        (NoAnswer("could not ask"), "unknown", NOW + 2 * ASK_AFTER),
        (CannotTell("HTTP 403"), "unknown", NOW + CANNOT_TELL_AFTER),
    ],
)
def test_what_the_provider_knows_of_it_decides(
    found: FindResult, status: Status, due: datetime | None
) -> None:
    decision = record((doubtful(), customer()), found, attempt=1, now=NOW + ASK_AFTER)
    decided = only(Outbound, decision)

    assert (status, due) == (decided.status, decided.due_at)


@pytest.mark.parametrize("message_class", RESENDS)
@pytest.mark.parametrize("found", [NotFound(), CannotTell("HTTP 403")])
def test_what_nobody_can_tell_goes_once_more_or_never(
    message_class: MessageClass, found: FindResult
) -> None:
    """Promise 2: at most 1 + R sends, R = 0 for surveys and promotions, 1 otherwise."""
    message, sends = doubtful(message_class), 1
    for hours in range(1, 9):
        now = NOW + timedelta(hours=hours)
        decision = record((message, customer()), found, attempt=message.attempt, now=now)
        message = after(message, decision)
        if message.status == "queued":
            ((message, _),) = claim((message, customer()), owner=f"s{hours}", now=now).calls
            sends += 1
            vanished = claim((message, customer()), owner="x", now=now + LEASE).decision
            message = after(message, vanished)

    assert 1 + RESENDS[message_class] == sends
    assert (message.status, message.due_at) == ("unknown", None)


@pytest.mark.parametrize(
    ("found", "end"), [(NotFound(), "expired"), (CannotTell("HTTP 403"), "unknown")]
)
def test_what_is_no_longer_true_is_not_sent_once_more(found: FindResult, end: Status) -> None:
    message = doubtful()
    late = message.valid_until + timedelta(seconds=1)
    decided = only(Outbound, record((message, customer()), found, attempt=1, now=late))

    assert (decided.status, decided.due_at) == (end, None)


def test_a_provider_that_is_down_is_asked_again_for_a_day_and_sent_nothing_meanwhile() -> None:
    message, now, asked = doubtful(), NOW + LEASE + ASK_AFTER, []
    while message.due_at:
        now = message.due_at
        assert claim((message, customer()), owner="s", now=now).verb == "find"
        decision = record((message, customer()), NoAnswer("HTTP 503"), attempt=1, now=now)
        message = after(message, decision)
        asked.append(now)

    waits = [later - earlier for earlier, later in pairwise(asked)]
    assert waits[:3] == [timedelta(minutes=3), timedelta(minutes=6), ASK_AT_MOST_EVERY]
    assert max(waits) == ASK_AT_MOST_EVERY == waits[-1]
    assert min(waits) == ASK_AFTER, "most often just before it is no longer true"
    assert (message.status, message.attempt) == ("unknown", 1)
    assert asked[-2] - NOW < GIVE_UP_ASKING <= asked[-1] - NOW


@pytest.mark.parametrize("kind", ["conversational", "informational", "survey", "promotional"])
def test_a_text_to_who_has_opted_out_is_suppressed(kind: MessageClass) -> None:
    message = text(message_class=kind)
    allowed = claim((message, customer(stopped=STOPPABLE)), owner="send-1", now=NOW)

    assert allowed.calls == ()
    assert only(Outbound, allowed.decision).status == "suppressed"
    assert only(Outbound, allowed.decision).due_at is None


def test_only_the_class_that_was_stopped_is_suppressed() -> None:
    stopped = customer(stopped=frozenset({"promotional"}))

    assert claim((text(message_class="promotional"), stopped), owner="s", now=NOW).calls == ()
    assert len(claim((text(), stopped), owner="s", now=NOW).calls) == 1


def test_the_confirmation_of_a_stop_is_sent_to_who_has_stopped() -> None:
    message = text(message_class="consent")

    assert len(claim((message, customer(stopped=STOPPABLE)), owner="s", now=NOW).calls) == 1


@pytest.mark.parametrize(
    ("late", "status"),
    [(timedelta(0), "claimed"), (timedelta(seconds=1), "expired"), (timedelta(days=9), "expired")],
)
def test_what_is_no_longer_true_expires_unsent(late: timedelta, status: Status) -> None:
    message = text()
    allowed = claim((message, customer()), owner="s", now=message.valid_until + late)

    assert status == only(Outbound, allowed.decision).status
    assert (1 if status == "claimed" else 0) == len(allowed.calls)


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("result", RESULTS, ids=lambda each: repr(each)[:24])
def test_an_answer_only_lifts_a_text(status: Status, result: SendResult) -> None:
    message = text(status)
    decision = record((message, customer()), result, attempt=1, now=NOW)
    lifted = after(message, decision)

    later = lifted.status == "queued" and isinstance(result, NotAccepted)
    assert later or RANK[lifted.status] >= RANK[status]
    assert not later or RANK[status] <= RANK["unknown"]


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("report", STATUSES)
@pytest.mark.parametrize("opted_out", [False, True])
def test_a_receipt_only_lifts_a_text(status: Status, report: Status, opted_out: bool) -> None:
    message = text(status)
    decision = receipt((message, customer()), reported(report, opted_out=opted_out), NOW)
    lifted = after(message, decision)

    assert lifted.status == (report if RANK[report] > RANK[status] else status)
    assert message.attempt == lifted.attempt


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("stopped", [frozenset(), STOPPABLE])
@pytest.mark.parametrize("owner", ["send-1", "send-2"])
@pytest.mark.parametrize("now", [NOW, NOW + LEASE, NOW + timedelta(days=2)])
def test_a_claim_only_lifts_a_text(
    status: Status, stopped: frozenset[str], owner: str, now: datetime
) -> None:
    message = text(status)
    allowed = claim((message, customer(stopped=stopped)), owner=owner, now=now)

    assert RANK[after(message, allowed.decision).status] >= RANK[status]
    assert not (allowed.calls and status in MAY_HAVE_LEFT)


@pytest.mark.parametrize(
    ("result", "status", "error", "due"),
    [
        (Accepted("SM1"), "accepted", None, None),
        (NotAccepted("throttled"), "queued", "throttled", NOW + timedelta(seconds=10)),
        (Refused("21211"), "rejected", "21211", None),
        (
            NoAnswer("no answer: ReadTimeout"),
            "unknown",
            "no answer: ReadTimeout",
            NOW + ASK_AFTER,
        ),
    ],
)
def test_the_providers_answer_settles_a_claimed_text(
    result: SendResult, status: Status, error: str | None, due: datetime | None
) -> None:
    settled = only(Outbound, record((text("claimed"), customer()), result, attempt=1, now=NOW))

    assert (status, error, due) == (settled.status, settled.error, settled.due_at)
    assert settled.provider_id == ("SM1" if status == "accepted" else None)


@pytest.mark.parametrize("result", [each for each in RESULTS if not isinstance(each, Accepted)])
def test_the_answer_to_an_earlier_attempt_says_nothing_of_this_one(result: SendResult) -> None:
    message = text("claimed", attempt=2)

    assert record((message, customer()), result, attempt=1, now=NOW) == NOTHING


def test_an_acceptance_counts_whichever_attempt_it_answers() -> None:
    message = text("unknown", attempt=2)
    accepted = only(Outbound, record((message, customer()), Accepted("SM1"), attempt=1, now=NOW))

    assert (accepted.status, accepted.provider_id) == ("accepted", "SM1")


def throttled_until_it_expires(valid: timedelta) -> list[timedelta]:
    """The waits of a text whose provider never takes it, looked at by a clock that ticks once a
    minute."""
    message, waits, now = replace(text(), valid_until=NOW + valid), [], NOW
    while (allowed := claim((message, customer()), owner="s", now=now)).calls:
        ((message, noa),) = allowed.calls
        refused = NotAccepted("throttled")
        decision = record((message, noa), refused, attempt=message.attempt, now=now)
        message = replace(only(Outbound, decision), version=message.version + 1)
        assert message.due_at
        waits.append(message.due_at - now)
        now = message.due_at + timedelta(minutes=1)
    assert only(Outbound, allowed.decision).status == "expired"
    return waits


def test_retries_wait_longer_and_longer_and_end_with_the_text() -> None:
    waits = throttled_until_it_expires(timedelta(days=2))
    assert waits[:6] == list(RETRY_AFTER)
    assert [timedelta(seconds=s) for s in (10, 60, 300, 900, 3600, 14400)] == waits[:6]
    assert len(waits) < 30


def test_no_retry_waits_until_its_text_is_no_longer_worth_telling() -> None:
    waits = throttled_until_it_expires(timedelta(hours=1))
    assert max(waits) < timedelta(minutes=20)
    assert len(waits) < 15


def test_a_retry_is_not_claimed_before_its_time() -> None:
    waiting = text(status="queued", attempt=1, due_at=NOW + timedelta(seconds=10))

    assert claim((waiting, customer()), owner="s", now=NOW + timedelta(seconds=9)).calls == ()
    assert len(claim((waiting, customer()), owner="s", now=NOW + timedelta(seconds=10)).calls) == 1


@pytest.mark.parametrize(
    ("asked", "wait"),
    [
        (None, timedelta(seconds=10)),
        (timedelta(seconds=2), timedelta(seconds=10)),
        (timedelta(minutes=3), timedelta(minutes=3)),
    ],
)
def test_a_provider_may_ask_for_a_longer_wait(asked: timedelta | None, wait: timedelta) -> None:
    decision = record(
        (text("claimed"), customer()), NotAccepted("throttled", asked), attempt=1, now=NOW
    )

    assert NOW + wait == only(Outbound, decision).due_at


def test_a_refusal_for_a_stop_we_did_not_hear_is_heard() -> None:
    decision = record(
        (text("claimed"), customer()), Refused("21610", opted_out=True), attempt=1, now=NOW
    )
    entry = only(ConsentChange, decision)

    assert only(Outbound, decision).status == "rejected"
    assert only(Customer, decision).opted_out
    assert (entry.action, entry.source, entry.evidence) == ("opt-out", "provider", "21610")


def test_a_receipt_of_a_stop_we_did_not_hear_is_heard() -> None:
    decision = receipt(
        (text("sent"), customer()), reported("failed", code="21610", opted_out=True), NOW
    )
    entry = only(ConsentChange, decision)

    assert (only(Outbound, decision).status, only(Outbound, decision).error) == ("failed", "21610")
    assert only(Customer, decision).opted_out
    assert (entry.action, entry.source, entry.evidence) == ("opt-out", "receipt", "21610")


def test_a_stop_that_was_heard_is_not_proved_again() -> None:
    stopped = customer(stopped=STOPPABLE)
    refused = record((text("claimed"), stopped), Refused("x", opted_out=True), attempt=1, now=NOW)
    failed = receipt((text("sent"), stopped), reported("failed", opted_out=True), NOW)

    assert records(ConsentChange, refused) + records(ConsentChange, failed) == []
    assert records(Customer, refused) + records(Customer, failed) == []


def test_an_ordinary_refusal_is_no_stop() -> None:
    decision = record((text("claimed"), customer()), Refused("21211"), attempt=1, now=NOW)

    assert records(ConsentChange, decision) == []


@pytest.mark.parametrize(
    "reports",
    [
        (reported("accepted"), reported("sent"), reported("delivered"), reported("read")),
        (reported("accepted"), reported("sent"), reported("undelivered", code="30005")),
        (reported("sent"), reported("failed", code="30003"), reported("delivered")),
        (reported("sent"), reported("sent"), reported("delivered"), reported("delivered")),
    ],
    ids=["read", "undelivered", "after all", "repeated"],
)
def test_receipts_in_any_order_end_the_same(reports: tuple[ReceiptReceived, ...]) -> None:
    """The answer to the send among them, which may come last."""
    ends = set()
    happened: list[ReceiptReceived | Accepted] = [*reports, Accepted("SM1")]
    for shuffled in permutations(happened):
        message = text("claimed")
        for each in shuffled:
            decision = (
                record((message, customer()), each, attempt=1, now=NOW)
                if isinstance(each, Accepted)
                else receipt((message, customer()), each, NOW)
            )
            message = after(message, decision)
        ends.add(message)
    (end,) = ends

    assert end.status == max(reports, key=lambda each: RANK[each.status]).status
    assert (end.provider_id, end.due_at) == ("SM1", None)


@given(st.lists(st.sampled_from(REPORTED), min_size=1, max_size=6), st.data())
@settings(deadline=None, max_examples=200)
def test_receipts_that_are_repeated_and_shuffled_end_at_the_highest(
    reports: list[Status], data: st.DataObject
) -> None:
    message = text("claimed")
    shuffled = data.draw(st.permutations(reports + reports))
    for each in shuffled:
        message = after(message, receipt((message, customer()), reported(each), NOW))

    assert max(RANK[each] for each in reports) == RANK[message.status]


def test_a_repeated_receipt_writes_nothing() -> None:
    message = text("sent", provider_id="SM1")

    assert receipt((message, customer()), reported("sent"), NOW) == NOTHING


@pytest.mark.parametrize("other", [None, "SM2"])
def test_the_providers_id_once_known_is_kept(other: str | None) -> None:
    message = text("accepted", provider_id="SM1")
    decision = receipt((message, customer()), reported("delivered", provider_id=other), NOW)

    assert only(Outbound, decision).provider_id == "SM1"


def test_a_receipt_finds_what_was_unknown() -> None:
    found = receipt((text("unknown"), customer()), reported("delivered"), NOW)

    assert (
        only(Outbound, found).status,
        only(Outbound, found).provider_id,
    ) == ("delivered", "SM1")


def test_a_receipt_before_the_answer_ends_the_claim() -> None:
    """Whoever finds it now has nothing to send, not even its owner."""
    claimed = text("claimed")
    seen = after(claimed, receipt((claimed, customer()), reported("sent"), NOW))

    assert claim((seen, customer()), owner="send-1", now=NOW).calls == ()
    assert claim((seen, customer()), owner="send-2", now=NOW + LEASE).calls == ()


def test_the_ladder_has_a_rung_for_every_status() -> None:
    assert set(STATUSES) == set(RANK)
    assert set(STATUSES) >= MAY_HAVE_LEFT
    assert {"queued", "claimed", "rejected", "suppressed", "expired"} == set(
        STATUSES
    ) - MAY_HAVE_LEFT


EVENTS = st.sampled_from(
    [
        *("send-1", "send-2"),
        *RESULTS,
        NotFound(),
        *(reported(status) for status in REPORTED),
        *(timedelta(seconds=seconds) for seconds in (1, 61, 4000, 90_000)),
    ]
)


@given(st.lists(EVENTS, max_size=20))
@settings(deadline=None, max_examples=300)
def test_whatever_happens_a_text_may_have_left_at_most_twice(
    happened: list[str | SendResult | NotFound | ReceiptReceived | timedelta],
) -> None:
    """Promise 2, for a class that may go once more: a call counts until its provider has clearly
    said no."""
    message, noa, now = text(), customer(), NOW
    possible = 0
    for each in happened:
        if isinstance(each, timedelta):
            now += each
        elif isinstance(each, str):
            allowed = claim((message, noa), owner=f"{each} at {now}", now=now)
            claimed = allowed.calls[0][0] if allowed.calls else after(message, allowed.decision)
            possible += claimed.attempt - message.attempt
            message = claimed
        elif isinstance(each, ReceiptReceived):
            message = after(message, receipt((message, noa), each, now))
        elif message.attempt:
            denied = message.status == "claimed" and isinstance(each, NotAccepted | Refused)
            answer = record((message, noa), each, attempt=message.attempt, now=now)
            message, possible = after(message, answer), possible - denied
        assert possible <= 1 + RESENDS["informational"]


def test_an_id_is_what_it_has_always_been() -> None:
    """It is part of keys: another recipe would say everything in the table once more."""
    assert queued(SAY, customer(), KESHET, NOW).id == (
        "9f5b13ed703f5f6dbe798e0dd22f66da-2047827097e552bb9703"
    )


def test_a_queued_text_says_what_it_was_asked_to_in_its_conversation() -> None:
    talk = Conversation("c1", NOW, "scripted", NOW)
    message = queued(SAY, customer(conversation=talk), KESHET, NOW)

    assert (message.text, message.at, message.conversation) == (SAY.text, NOW, "c1")
    assert queued(SAY, customer(), KESHET, NOW).conversation is None


def test_a_lease_begins_with_the_claim() -> None:
    later = NOW + timedelta(minutes=5)

    claimed = only(Outbound, claim((text(), customer()), owner="send-1", now=later).decision)

    assert claimed.due_at == later + LEASE


@pytest.mark.parametrize(
    ("message", "known", "now", "why"),
    [
        (text(), customer(stopped=STOPPABLE), NOW, "opted out"),
        (text(), customer(), NOW + timedelta(days=1), "no longer worth telling"),
        (
            text("claimed"),
            customer(),
            NOW + LEASE,
            "the sender vanished before it could record",
        ),
    ],
)
def test_a_text_that_does_not_leave_says_why(
    message: Outbound, known: Customer, now: datetime, why: str
) -> None:
    settled = claim((message, known), owner="send-2", now=now).decision
    assert only(Outbound, settled).error == why


def test_a_sender_thought_lost_that_was_refused_after_all_may_try_again() -> None:
    lost = text("unknown")

    again = record((lost, customer()), NotAccepted("throttled"), attempt=1, now=NOW)

    assert only(Outbound, again).status == "queued"


def test_an_opt_out_learned_from_a_provider_is_dated_and_proved() -> None:
    later = NOW + timedelta(minutes=5)
    refused = Refused("21610", opted_out=True)
    by_send = record((text("claimed"), customer()), refused, attempt=1, now=later)
    silent = reported("undelivered", opted_out=True)
    by_receipt = receipt((text("accepted"), customer()), silent, later)

    sent, reported_ = only(ConsentChange, by_send), only(ConsentChange, by_receipt)
    assert (sent.at, sent.source, sent.evidence) == (later, "provider", "21610")
    assert (reported_.at, reported_.source, reported_.evidence) == (later, "receipt", "")


@pytest.mark.parametrize(
    ("status", "error"), [("sent", None), ("delivered", "0"), ("rejected", "0"), ("failed", "0")]
)
def test_a_code_is_an_error_where_the_text_has_come_to_an_end(
    status: Status, error: str | None
) -> None:
    settled = receipt((text("accepted"), customer()), reported(status, code="0"), NOW)
    assert only(Outbound, settled).error == error


# --- an invitation that arrives --------------------------------------------------------------------

ASKED = Asked("2026-11-22", "csat", "dana", "care")
CAME = Counted("keshet", "2026-11-22", "csat", "dana", "care", "delivered", None, 0)


@pytest.mark.parametrize("status", ["delivered", "read"])
@pytest.mark.parametrize("before", ["unknown", "accepted", "sent"])
def test_an_invitation_that_arrives_counts_for_the_day_it_was_sent(
    before: Status, status: Status
) -> None:
    invitation = text(before, invitation=ASKED)

    assert records(Counted, receipt((invitation, customer()), reported(status), NOW)) == [CAME]


def test_it_counts_once_and_not_before() -> None:
    accepted, delivered = text("accepted", invitation=ASKED), text("delivered", invitation=ASKED)
    reports: list[tuple[Outbound, Status]] = [
        *((accepted, "sent"), (accepted, "undelivered")),
        (delivered, "read"),
    ]

    for invitation, status in reports:
        decision = receipt((invitation, customer()), reported(status), NOW)
        assert (status, records(Counted, decision)) == (status, [])


def test_no_other_text_counts_when_it_arrives() -> None:
    assert records(Counted, receipt((text("sent"), customer()), reported("delivered"), NOW)) == []


@pytest.mark.parametrize(("outcome", "counts"), [("arrived", [CAME]), ("did-not-arrive", [])])
def test_an_invitation_that_a_person_finds_out_about_counts_as_well(
    outcome: Outcome, counts: list[Counted]
) -> None:
    settled = found_out(text("unknown", invitation=ASKED), outcome)

    assert settled is not None
    assert records(Counted, settled) == counts


# --- found out by a person -------------------------------------------------------------------------


def found_out(message: Outbound, outcome: Outcome = "arrived", by: str = "dana") -> Decision | None:
    return outbox.settled_by_hand(message, outcome, by=by, now=NOW + timedelta(hours=3))


@pytest.mark.parametrize(("outcome", "status"), SETTLES.items())
def test_what_a_person_found_out_is_written_with_who_and_when(
    outcome: Outcome, status: Status
) -> None:
    unknown = text("unknown", error="no answer: ReadTimeout")
    assert found_out(unknown, outcome) == Decision(
        (replace(unknown, status=status, settled_by="dana", settled_at=NOW + timedelta(hours=3)),)
    )


@pytest.mark.parametrize("outcome", SETTLES)
def test_what_a_person_found_out_stands_higher_than_not_knowing_and_below_nothing_final(
    outcome: Outcome,
) -> None:
    assert RANK["unknown"] < RANK[SETTLES[outcome]] <= RANK["delivered"]


@pytest.mark.parametrize("status", [each for each in STATUSES if each != "unknown"])
def test_a_person_settles_only_what_nobody_can_tell(status: Status) -> None:
    assert found_out(text(status)) is None
    assert found_out(text(status), "did-not-arrive") is None


def test_a_person_waits_while_the_provider_is_still_asked() -> None:
    assert found_out(text("unknown", due_at=NOW + ASK_AFTER)) is None


def test_finding_out_the_same_again_changes_nothing_and_another_thing_is_refused() -> None:
    settled = only(Outbound, found_out(text("unknown")) or NOTHING)
    assert found_out(settled, by="shirin") is NOTHING
    assert found_out(settled, "did-not-arrive") is None


def test_the_network_knows_better_than_a_person() -> None:
    settled = only(Outbound, found_out(text("unknown"), "did-not-arrive") or NOTHING)
    lifted = only(Outbound, receipt((settled, customer()), reported("delivered"), NOW))
    assert (lifted.status, lifted.settled_by) == ("delivered", "dana")
    late = (only(Outbound, found_out(text("unknown")) or NOTHING), customer())
    assert records(Outbound, record(late, NoAnswer("late"), attempt=1, now=NOW)) == []


# --- reasons and edges ----------------------------------------------------------------------------

LATE = "no longer worth telling"
SOON = timedelta(seconds=1)
HOUR = timedelta(hours=1)


def test_a_claim_is_dated_and_owned_by_who_made_it() -> None:
    ((claimed, whose),) = claim((text(), customer()), owner="s", now=NOW).calls

    assert (claimed.claimed_at, claimed.owner, whose) == (NOW, "s", customer())


@pytest.mark.parametrize("result", [NotFound(), CannotTell("HTTP 403")])
def test_what_a_provider_says_when_it_was_not_asked_counts_for_nothing(result: FindResult) -> None:
    claimed = text("claimed", attempt=1, claimed_at=NOW)

    assert record((claimed, customer()), result, attempt=1, now=NOW) == NOTHING


@pytest.mark.parametrize(
    ("result", "doubts", "after", "why"),
    [
        (NotFound(), 1, timedelta(minutes=3), "the provider has no such text"),
        (NotFound(), 2, timedelta(minutes=3), "the provider has no such text"),
        (NotFound(), 1, timedelta(days=2), "the provider has no such text"),
        (CannotTell("HTTP 403"), 1, timedelta(minutes=3), "HTTP 403"),
        (CannotTell("HTTP 403"), 1, timedelta(minutes=11), "HTTP 403"),
        (CannotTell("HTTP 403"), 2, timedelta(minutes=11), "HTTP 403"),
        (NoAnswer("HTTP 503"), 1, timedelta(minutes=3), "HTTP 503"),
        (NoAnswer("HTTP 503"), 1, timedelta(days=2), "HTTP 503"),
    ],
)
def test_a_text_carries_the_reason_for_where_it_is(
    result: FindResult, doubts: int, after: timedelta, why: str
) -> None:
    asked = text("unknown", attempt=1, claimed_at=NOW, doubts=doubts, error="before")
    decision = record((asked, customer()), result, attempt=1, now=NOW + after)

    assert only(Outbound, decision).error == why


@pytest.mark.parametrize(
    ("result", "now", "status"),
    [
        (NoAnswer("x"), NOW + GIVE_UP_ASKING - SOON, "unknown"),
        (NoAnswer("x"), NOW + GIVE_UP_ASKING, "unknown"),
        (CannotTell("x"), NOW + CANNOT_TELL_AFTER - SOON, "unknown"),
        (CannotTell("x"), NOW + CANNOT_TELL_AFTER, "queued"),
    ],
)
def test_asking_ends_at_its_hour(result: FindResult, now: datetime, status: Status) -> None:
    asked = text("unknown", attempt=1, claimed_at=NOW, doubts=1)
    decided = only(Outbound, record((asked, customer()), result, attempt=1, now=now))

    given_up = now == NOW + GIVE_UP_ASKING
    assert (decided.status, decided.due_at is None) == (status, given_up)


def test_a_text_is_still_sent_in_the_very_moment_it_ends() -> None:
    asked = text("unknown", attempt=1, claimed_at=NOW, doubts=1)
    decision = record((asked, customer()), NotFound(), attempt=1, now=asked.valid_until)

    assert only(Outbound, decision).status == "queued"


@pytest.mark.parametrize(
    ("left", "wait"),
    [
        (timedelta(minutes=12), timedelta(minutes=6)),
        (timedelta(minutes=3), ASK_AFTER),
        (timedelta(0), ASK_AT_MOST_EVERY),
    ],
)
def test_asking_hurries_while_the_text_is_still_true(left: timedelta, wait: timedelta) -> None:
    asked = text("unknown", attempt=1, claimed_at=NOW, doubts=1, valid_until=NOW + HOUR + left)
    decision = record((asked, customer()), NoAnswer("x"), attempt=1, now=NOW + HOUR)

    assert only(Outbound, decision).due_at == NOW + HOUR + wait


def test_a_retry_waits_for_half_of_what_is_left() -> None:
    claimed = text("claimed", attempt=6, claimed_at=NOW, valid_until=NOW + HOUR)
    decision = record((claimed, customer()), NotAccepted("x"), attempt=6, now=NOW)

    assert only(Outbound, decision).due_at == NOW + HOUR / 2


@pytest.mark.parametrize(
    ("fields", "leaves"),
    [
        ({}, True),
        ({"error": "quiet hours", "due_at": NOW}, False),
        ({"attempt": 1, "due_at": NOW}, False),
        ({"due_at": NOW}, False),
        ({"due_at": NOW + SOON}, True),
        ({"due_at": None}, False),
    ],
)
def test_what_later_news_stands_behind_leaves_in_its_turn_or_not(
    fields: dict[str, Any], leaves: bool
) -> None:
    overtaken = outbox.withdrawn(text(**fields))
    decided = claim((overtaken, customer()), owner="s", now=NOW)

    assert overtaken == replace(text(**fields), overtaken=True)
    assert bool(decided.calls) is leaves
    assert leaves or only(Outbound, decided.decision).error == LATE


@pytest.mark.parametrize(
    ("message_class", "waits"), [("informational", True), ("conversational", False)]
)
def test_a_notice_waits_for_the_morning_and_says_so(
    message_class: MessageClass, waits: bool
) -> None:
    limits = Limits(quiet_hours=QuietHours("21:00", "08:00"))
    night, morning = NOW.replace(hour=20), NOW.replace(day=NOW.day + 1, hour=6)
    queued = text(message_class=message_class, at=night, valid_until=night + timedelta(days=1))
    shop = replace(KESHET, limits=limits)
    decided = outbox.claim((queued, customer()), shop, owner="s", now=night)

    assert bool(decided.calls) is not waits
    if waits:
        held = only(Outbound, decided.decision)
        assert held == replace(queued, due_at=morning, error="quiet hours")


def test_a_stop_told_by_a_receipt_counts_of_a_text_of_that_very_moment() -> None:
    known = customer(consent_at=NOW)
    decision = receipt((text("sent", at=NOW), known), reported("failed", opted_out=True), NOW)

    assert only(Customer, decision).opted_out
