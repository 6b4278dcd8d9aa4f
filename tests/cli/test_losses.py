"""What never came, as a table."""

import re
from datetime import timedelta

from bot import clock, leases
from bot.deliveries import book
from bot.facts import LostEvents
from tests.cli.conftest import Place


def test_what_is_missing_is_listed_with_the_time_in_which_the_bot_was_away(on_both: Place) -> None:
    assert "Nothing was compared yet" in on_both.lines("losses")[0]
    now = clock.now()
    yesterday = now.date() - timedelta(days=1)
    compared = (
        LostEvents(name="purchase", sent=41, received=32, lost=9),
        LostEvents(name="signup", sent=12, received=12, lost=0),
    )
    with on_both.store().transaction() as tx:
        book.write(tx, "shop", yesterday, compared, now)
        leases.note_absence(tx, now - timedelta(days=4))  # its first sign of life
        leases.lead(tx, leases.SCHEDULE, "me", 15, now - timedelta(hours=3))
        leases.note_absence(tx, now - timedelta(hours=1))
    lines = on_both.lines("losses")
    assert [re.split(r"\s{2,}", line) for line in lines[:2]] == [
        ["day", "site", "event", "sent", "received", "lost"],
        [str(yesterday), "shop", "purchase", "41", "32", "9"],
    ]
    assert len(lines) == 3
    assert lines[-1].startswith("The bot was not there from ")
    assert any("signup" in line for line in on_both.lines("losses", "--all"))
    assert on_both.lines("losses", "--site", "blog")[0].startswith("Nothing was compared yet")
