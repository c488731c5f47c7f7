"""Somebody who posts bad inputs to the door of a running system, and sees what comes of each."""

from datetime import timedelta
from itertools import takewhile
from typing import Any, NoReturn

from kesher.store.table import table
from local.gateway import HttpAnswer
from local.machine import Machine
from local.trace import Step
from tests.reliability import summary
from tests.reliability.heard import Heard, names_somebody
from tests.reliability.senders import Post, signature_of, signed
from tests.reliability.spoiling import unnumbered

LONGEST_TEXT = 1600
"""Characters that every provider takes at once."""
AT_A_TIME = 10


class Stranger:
    """Whatever they post: the answer is never 5xx; what is refused has touched neither table nor
    queue; what is taken is worked on to its end, and no room raises. Call `leaves` when done."""

    def __init__(self, machine: Machine, heard: Heard) -> None:
        self.machine, self.world, self.heard = machine, machine.world, heard
        self._worked: set[str] = set()
        self._seen = self._stored = 0

    def posts(self, post: Post) -> int:
        """The status of the answer."""
        return self.answered(post).status

    def answered(self, post: Post) -> HttpAnswer:
        summary.counted("bad inputs")
        letters = self._letters()
        answer = self.world.http(post.method, post.path, post.headers, post.body, post.query)
        steps = self._new_steps()
        if answer.status >= 500:
            _harm(f"{answer.status}, {steps[0].outcome}", post)
        if answer.status >= 400:
            if self._letters() != letters or any(_touched(each) for each in steps):
                _harm("a refusal left something behind", post)
        elif post.path.endswith("/fallback"):
            self._verified_late(post)
        else:
            self._works(post)
        return answer

    def invokes(self, event: dict[str, Any]) -> int:
        """The status, where API Gateway hands this very event to the door."""
        summary.counted("bad inputs")
        letters = self._letters()
        step = self.world._step("door", "InboundFunction", "an event")
        answer = self.world._invoke("InboundFunction", event, step)
        if answer is None or answer["statusCode"] >= 500 or self._letters() != letters:
            _harm(f"{step.outcome}, {answer}", Post(event["rawPath"]))
        return int(answer["statusCode"])

    def _works(self, post: Post) -> None:
        """On all that is new; what differs from earlier letters by its id only needs no second look."""
        for queue in self.world.queues.values():
            known = [each for each in queue.letters if unnumbered(each.body) in self._worked]
            self._worked |= {unnumbered(each.body) for each in queue.letters}
            queue.letters = [each for each in queue.letters if each not in known]
        if self._letters():
            self.world.run()
            for step in self._new_steps():
                if step.failed and step.place in {"room", "clock", "dead"}:
                    _harm(f"{step.name}: {step.outcome}", post)
            self._has_stored(post)

    def _has_stored(self, post: Post) -> None:
        """moto copies its whole table for each transaction. What happened before is forgotten, and
        so that it was: the queues let the same ids through again."""
        self._stored += 1
        if self._stored % AT_A_TIME:
            return
        if self._letters() or self._texts_due():
            _harm("something is not done with", post)
        for row in table().scan():
            if not row.pk.endswith("#shop"):
                row.delete()
        for queue in self.world.queues.values():
            queue._seen.clear()

    def _texts_due(self) -> bool:
        """A customer who waits for a person is looked at later, and that is as it should be."""
        rows = table().due_index.scan()
        return any(str(row.due_shard).isdecimal() for row in rows)

    def _verified_late(self, post: Post) -> None:
        """The fallback takes everything. Behind its queue a forgery is refused as at the door."""
        right = signature_of("twilio", signed("twilio", post, self.machine.clock.now()))
        is_genuine = post.headers.get("x-twilio-signature") == right
        self.world.run()
        for step in self._new_steps():
            set_aside = step.place == "dead"
            if step.failed and not set_aside and "kesher.errors." not in step.outcome:
                _harm(f"{step.name}: {step.outcome}", post)
            if step.name != "fallback" and _touched(step) and not is_genuine:
                _harm("a forgery has touched something", post)
        self.world.queues["FallbackQueue"].letters.clear()
        self.world.queues["FallbackQueue"].dead.clear()
        if is_genuine:
            self._has_stored(post)

    def leaves(self) -> None:
        """A day later all is at rest: nothing waits, nothing is dead, nobody was named anywhere, and no
        phone got a text without end."""
        self.world.advance(timedelta(days=1))
        queues = self.world.queues.values()
        if any(queue.letters or queue.dead for queue in queues):
            _harm("something still waits, or is dead", Post(""))
        if any(
            len(text.text) > LONGEST_TEXT
            for got in self.machine.phones.got.values()
            for text in got
        ):
            _harm("a text without end", Post(""))
        if named := self.heard.of_customers(self.world):
            _harm(f"somebody is named: {named[:3]}", Post(""))

    def _letters(self) -> int:
        return sum(len(queue.letters) for queue in self.world.queues.values())

    def _new_steps(self) -> list[Step]:
        """Since the last look; the trace forgets, so who is named is looked for at once."""
        newest_first = reversed(self.world.trace._steps)
        new = list(takewhile(lambda step: step.n > self._seen, newest_first))[::-1]
        self._seen = new[-1].n if new else self._seen
        for step in new:
            if names_somebody(step.outcome):
                _harm(f"somebody is named: {step.outcome}", Post(step.label))
        return new


def _touched(step: Step) -> bool:
    """The door may read which shops there are, and what a link leads to, and nothing else."""
    return any(not each.startswith(("ssm ", "dynamodb GetItem")) for each in step.calls)


def _harm(what: str, post: Post) -> NoReturn:
    summary.harmed("broken promises")
    raise AssertionError(f"{what}\n{post}")
