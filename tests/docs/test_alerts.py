"""docs/alerts.md tells every reason, and says rightly who hears of it; its silence can be read."""

import re
import tomllib
from pathlib import Path

from bot.facts import Reason
from bot.settings.alert_tables import Silence

PAGE = (Path(__file__).parents[2] / "docs" / "alerts.md").read_text()
OF_RULES = {"told", "collecting", "collected", "counted", "seen", "told_once", "rule_raised"}


def test_every_reason_is_told_with_who_hears_of_it() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| [^|]+ \| (\w+) \|$", PAGE, re.MULTILINE))
    assert set(rows) == {reason.value for reason in Reason} - OF_RULES
    for name, heard in rows.items():
        reason = Reason(name)
        assert heard == ("yes" if reason.speaks else "shown" if reason.updates else "no"), name


def test_the_silence_shown_can_be_read() -> None:
    (text,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    (written,) = tomllib.loads(text)["silence"]
    assert Silence.model_validate(written).rule == "Broken*"
