"""What `kesher shop check` says of a shop file."""

from pathlib import Path

import pytest

from local import shopfile
from local.machine import DEMO_SHOP


@pytest.mark.parametrize("days", [0, -1])
def test_texts_are_kept_for_a_day_at_least(days: int, tmp_path: Path) -> None:
    file = tmp_path / "shop.yaml"
    kept = f"\nretention: {{messages_days: {days}}}\n"
    file.write_text(DEMO_SHOP.read_text("utf-8") + kept, "utf-8")

    with pytest.raises(shopfile.BadShopFile, match="less than a day"):
        shopfile.read(file)
