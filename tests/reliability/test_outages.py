"""Long outages end by themselves: nothing lost, nothing doubled beyond the bound."""

import pytest

from tests.reliability.outages import Figures, lived

TEXTS = 8


def outlived(name: str) -> Figures:
    """What holds after any outage is held here."""
    life, figures = lived(name, TEXTS)
    try:
        life.check()
    finally:
        life.end()
    assert (figures.texts, figures.stored, figures.dead) == (TEXTS, TEXTS, 0)
    assert figures.delivered + figures.unknown + figures.expired == figures.owed
    return figures


def test_while_the_table_throttles_nothing_is_lost_and_nothing_doubled() -> None:
    figures = outlived("the table throttles")
    assert figures.failures > TEXTS
    assert (figures.delivered, figures.doubled) == (figures.owed, 0)
    assert figures.within[0] == figures.owed


@pytest.mark.parametrize("name", ["the provider says 429", "the provider refuses connections"])
def test_a_provider_that_certainly_took_nothing_is_given_all_that_is_still_true(name: str) -> None:
    """Of an order that was confirmed and shipped meanwhile only the shipping is news."""
    figures = outlived(name)
    shipped = figures.orders // 2
    assert (figures.unknown, figures.doubled) == (0, 0)
    assert figures.delivered >= TEXTS + shipped - 1
    assert figures.expired >= shipped - 1


def test_a_provider_that_took_it_and_did_not_say_so_is_not_given_it_again() -> None:
    figures = outlived("the provider takes it and does not answer")
    assert (figures.delivered, figures.doubled, figures.unknown) == (figures.owed, 0, 0)


@pytest.mark.parametrize(
    "name",
    ["the provider says 503, and takes nothing", "the provider does not answer, and takes nothing"],
)
def test_after_an_hour_in_which_nobody_could_tell_everything_still_true_is_told(name: str) -> None:
    """What is asked for until the provider answers is known in the end, and told if it is true."""
    figures = outlived(name)
    shipped = figures.orders // 2
    assert (figures.unknown, figures.doubled) == (0, 0)
    assert figures.delivered >= TEXTS + shipped - 3
    assert figures.retries <= figures.owed
