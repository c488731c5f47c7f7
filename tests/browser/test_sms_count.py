"""What the page says a text costs is what it costs: `sms.js` against `domain/sms.py`."""

import random
import unicodedata

import pytest
from playwright.sync_api import Browser

from kesher.desk.pages import shell
from kesher.domain import sms
from kesher.domain.text import clean

pytestmark = pytest.mark.browser

SCRIPTS = (
    "abc xyz 123 .,!?'\"",
    "^{}\\[~]|€\f",
    "שלום עולם אבגד",
    "سلام دنیا پچژگ\u200c۱۲۳",
    "привет мир",
    "“”‘’–—…½¼⅔«»•",
    "😀👍🏽👨‍👩‍👧",
    "\u200b\ufeff\u00ad\u2060\u00a0\u200e\u200f\u2028\t\n",
    "éàüñÇ",
    "e\u0301a\u0308u\u0302ש\u05c1ק\u05bc",
    "ａｂｃ１２３",
    "ﬁﬂﬃ",
)
RANDOM = random.Random("sms")  # noqa: S311


def generated() -> list[str]:
    """Texts of one script or of several, about the lengths at which a part is full."""
    lengths = (1, 3, 66, 67, 68, 70, 71, 133, 134, 135, 152, 153, 160, 161, 305, 306, 307, 480)
    texts = []
    for _ in range(1_500):
        pool = "".join(RANDOM.sample(SCRIPTS, RANDOM.choice((1, 1, 2, 3))))
        texts.append("".join(RANDOM.choices(pool, k=RANDOM.choice(lengths))))
    plain = "".join(RANDOM.choices(SCRIPTS[0], k=158))
    return texts + [plain[:n] + mark for n in range(150, 159) for mark in "€…½é“א😀"]


def characters() -> list[str]:
    """Every character below the ideographs and above the surrogates, and some of the many between;
    without what Unicode may still add. A fraction behind a digit as well."""
    codes = [*range(0x3100), *range(0x3100, 0xD800, 37), *range(0xF900, 0x10000)]
    assigned = map(chr, codes)
    known = [each for each in assigned if unicodedata.category(each) != "Cn"]
    return [*known, *(f"1{each}" for each in known if unicodedata.category(each) == "No")]


def test_the_page_counts_as_the_product_does(browser: Browser, kesher_url: str) -> None:
    texts = generated() + characters()
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{kesher_url}/desk")
        counted = page.evaluate(
            """async ([module, texts]) => {
                const { plain, plan } = await import(module);
                return texts.map((text) => {
                    const sent = plain(text), told = plan(sent);
                    return [sent, told.encoding, told.parts, told.units];
                });
            }""",
            [f"/desk/assets/{shell.release()}/sms.js", texts],
        )
    for text, said in zip(texts, counted, strict=True):
        sent = sms.plain(text)
        told = sms.plan(sent)
        assert said == [sent, told.encoding, told.parts, told.units], ascii(text)


def test_the_page_trims_a_text_as_the_desk_does(browser: Browser, kesher_url: str) -> None:
    edges = ["", " ", "\n", "\r\n", "\t", "\u00a0", "\u2003", "\ufeff", "\u200f", "\x1c", "\x85"]
    texts = [f"{edge}שלום a{edge}" for edge in edges] + ["a\x00b\ufffec", "a\r\nb\rc"]
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{kesher_url}/desk")
        cleaned = page.evaluate(
            "async ([module, texts]) => texts.map((await import(module)).clean)",
            [f"/desk/assets/{shell.release()}/sms.js", texts],
        )
    assert cleaned == [clean(text).strip() for text in texts]
