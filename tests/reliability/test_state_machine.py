"""Everything that can happen, in any order: what must hold, holds after every step.

`KESHER_LONG=1` tries much more.
"""

import os

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.reliability.life import CUSTOMERS, ORDERS, PEOPLE, Life
from tests.reliability.providers import MOODS
from tests.reliability.summary import counted

LONG = os.environ.get("KESHER_LONG") == "1"
RUNS, STEPS = (300, 50) if LONG else (36, 30)
CRASHES = 5
"""Six would be as many as a queue has patience for."""

customers = st.sampled_from(CUSTOMERS)
words = st.sampled_from(
    [
        *("מתי אתם פתוחים?", "Where is my order?", "سلام، سفارش من کجاست؟", "👍🏽", ""),
        *("איך מחזירים?", "I want to talk to someone", "הבקבוק הגיע שבור"),
        *("You are thieves!", "נמאס לי", "qwrt zxpl"),
        *("menu", "תפריט", "1", "2", "۵", "נציג", "רוצה להחזיר", "delivery and hours", "תודה"),
    ]
)
wishes = st.sampled_from(["STOP", "START", "HELP", "הסר", "הצטרף", "עזרה", "لغو", "شروع", "راهنما"])
channels = st.sampled_from(["simulator", "twilio"])
kinds = st.sampled_from(["confirmed", "shipped", "delivered", "cancelled", "refunded"])
calls = st.sampled_from(
    [
        *(("inbound", "sqs"), ("converse", "dynamodb"), ("converse", "sqs")),
        *(("notify", "dynamodb"), ("notify", "sqs"), ("send", "dynamodb"), ("send", "http")),
        *(("receipt", "dynamodb"), ("clock", "dynamodb"), ("clock", "sqs")),
        *(("sweep", "dynamodb"), ("sweep", "http"), ("sweep", "sqs"), ("sweep", "ssm")),
        *(("desk", "dynamodb"), ("desk", "sqs")),
        *(("escalate", "dynamodb"), ("escalate", "sqs"), ("send", "sesv2")),
        *(("survey", "dynamodb"), ("survey", "sqs")),
    ]
)
nth = st.integers(0, 1000)
seconds = st.sampled_from([1, 9, 30, 61, 70, 181, 400, 1000, 3700, 15_000, 45_000, 86_400])
answers = st.sampled_from(["TAKEN", "עליי", "با من", "STOP", "START", "When are you open?"])
scores = st.sampled_from(
    [
        "1",
        "5",
        "۲",
        "שתיים",
        "⭐⭐",
        "4 but where is my refund?",
        "7",
        "Nobody answered me",
        "3, sorry 4",
    ]
)
agents = st.sampled_from(["dana", "amir"])
deeds = st.sampled_from(["take", "reply", "reply", "note", "snooze", "give-back", "close"])
statuses = st.sampled_from(["sent", "delivered", "undelivered", "failed", "read"])


class EverythingThatCanHappen(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.life = Life()
        self.crashes = 0

    def _come_to_rest(self, *, at_once: bool) -> None:
        if at_once:
            self.life.run()

    @rule(customer=customers, said=words, channel=channels, at_once=st.booleans())
    def a_customer_texts(self, customer: str, said: str, channel: str, at_once: bool) -> None:
        self.life.text(customer, said, channel)
        self._come_to_rest(at_once=at_once)

    @rule(customer=customers, said=wishes, channel=channels, at_once=st.booleans())
    def a_customer_says_stop_or_start(
        self, customer: str, said: str, channel: str, at_once: bool
    ) -> None:
        self.life.text(customer, said, channel)
        self._come_to_rest(at_once=at_once)

    @rule(customer=customers, said=st.one_of(words, wishes), channel=channels)
    def a_text_comes_by_no_webhook(self, customer: str, said: str, channel: str) -> None:
        self.life.lose(customer, said, channel)

    @rule(customer=customers, said=words)
    def a_customer_texts_the_shop_next_door(self, customer: str, said: str) -> None:
        self.life.text_the_neighbour(customer, said)
        self.life.run()

    @rule(nth=nth, at_once=st.booleans())
    def a_webhook_comes_again(self, nth: int, at_once: bool) -> None:
        self.life.again(nth)
        self._come_to_rest(at_once=at_once)

    @rule(
        order=st.sampled_from([*ORDERS]),
        kind=kinds,
        customer=st.one_of(st.none(), customers),
        hours_old=st.sampled_from([0, 0, 0, 11, 13]),
        at_once=st.booleans(),
    )
    def an_order_moves(
        self, order: str, kind: str, customer: str | None, hours_old: int, at_once: bool
    ) -> None:
        self.life.order(order, kind, customer, hours_old)
        self._come_to_rest(at_once=at_once)

    @rule(customer=customers, deed=st.tuples(agents, deeds), at_once=st.booleans())
    def an_agent_attends(self, customer: str, deed: tuple[str, str], at_once: bool) -> None:
        self.life.attended(customer, *deed)
        self._come_to_rest(at_once=at_once)

    @rule(customer=customers, done=st.lists(st.tuples(agents, deeds), min_size=1, max_size=4))
    def a_customer_is_attended(self, customer: str, done: list[tuple[str, str]]) -> None:
        self.life.text(customer, "I want to talk to someone")
        self.life.run()
        for agent, deed in done:
            self.life.attended(customer, agent, deed)
        self.life.run()

    @rule(
        customer=customers,
        agent=agents,
        said=st.lists(scores, min_size=1, max_size=3),
        minutes=st.sampled_from([16, 200, 5000]),
    )
    def a_customer_is_asked_how_it_was(
        self, customer: str, agent: str, said: list[str], minutes: int
    ) -> None:
        self.life.text(customer, "I want to talk to someone")
        self.life.run()
        for deed in ("take", "reply", "close"):
            self.life.attended(customer, agent, deed)
        self.life.advance(minutes * 60)
        for each in said:
            self.life.text(customer, each)
            self.life.run()

    @rule(person=st.sampled_from(PEOPLE), said=answers, at_once=st.booleans())
    def one_of_the_people_answers(self, person: str, said: str, at_once: bool) -> None:
        self.life.text(person, said)
        self._come_to_rest(at_once=at_once)

    @rule(customer=customers, person=st.sampled_from(PEOPLE), hours=st.sampled_from([1, 2, 20]))
    def a_customer_waits_over_target(self, customer: str, person: str, hours: int) -> None:
        self.life.text(customer, "I want to talk to someone")
        self.life.run()
        self.life.advance(hours * 3600)
        self.life.text(person, "TAKEN")
        self.life.run()

    @rule(nth=nth, status=statuses)
    def a_receipt_comes(self, nth: int, status: str) -> None:
        self.life.receipt(nth, status)
        self.life.run()

    @rule(status=statuses)
    def a_receipt_comes_for_nothing(self, status: str) -> None:
        self.life.receipt_for_nothing(status)
        self.life.run()

    @rule(nth=nth)
    def the_shop_next_door_reports_on_our_text(self, nth: int) -> None:
        self.life.receipt_from_the_neighbour(nth)

    @rule(holds=st.booleans())
    def the_provider_holds_its_receipts_back(self, holds: bool) -> None:
        self.life.provider.holds_receipts = holds

    @rule(backwards=st.booleans(), twice=st.booleans())
    def the_provider_releases_its_receipts(self, backwards: bool, twice: bool) -> None:
        self.life.release_receipts(backwards=backwards, twice=twice)
        self.life.run()

    @rule(mood=st.sampled_from([*MOODS]))
    def the_provider_turns(self, mood: str) -> None:
        self.life.provider_turns(mood)

    @precondition(lambda self: self.crashes < CRASHES)
    @rule(call=calls, nth=st.integers(1, 5), moment=st.sampled_from(["before", "after"]))
    def a_room_will_die(self, call: tuple[str, str], nth: int, moment: str) -> None:
        self.life.crash(*call, nth, moment)
        self.crashes += 1

    @precondition(lambda self: self.life.poisons < 2)
    @rule(customer=customers)
    def a_text_comes_that_nobody_can_read(self, customer: str) -> None:
        self.life.poison(customer)

    @rule(twice=st.booleans())
    def everything_is_delivered_twice(self, twice: bool) -> None:
        self.life.world.deliver_twice = twice

    @rule(cold=st.booleans())
    def rooms_remember_nothing(self, cold: bool) -> None:
        self.life.world.always_cold = cold

    @rule(seconds=seconds)
    def time_passes(self, seconds: int) -> None:
        self.life.advance(seconds)

    @invariant()
    def what_is_promised_holds(self) -> None:
        counted("state-machine steps")
        self.life.check()

    def teardown(self) -> None:
        self.life.end()


EverythingThatCanHappen.TestCase.settings = settings(
    max_examples=RUNS,
    stateful_step_count=STEPS,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    print_blob=False,
)
TestEverythingThatCanHappen = EverythingThatCanHappen.TestCase
