from dataclasses import replace

import pytest

from kesher.domain.shop import LEVELS, Agent, Level
from tests.builders import KESHET

DANA = Agent("dana", "דנה", "שירות לקוחות")


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("least", LEVELS)
def test_everybody_may_do_what_those_below_them_may(level: Level, least: Level) -> None:
    higher_or_same = (level, least) in {
        *((each, each) for each in LEVELS),
        *(("lead", "agent"), ("owner", "agent"), ("owner", "lead")),
    }
    assert replace(DANA, level=level).may(least) is higher_or_same


def test_an_agent_is_found_by_their_whole_id() -> None:
    shop = replace(KESHET, agents=[DANA, replace(DANA, id="dan")])
    assert shop.agent("dan") == replace(DANA, id="dan")
    assert shop.agent("da") is None
    assert KESHET.agent("dana") is None
