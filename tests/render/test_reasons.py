"""Why people hear of an alert, and how it stands, in words: the small print of every message."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.facts import UPDATING, AlertState, Reason, Standing
from bot.render import Renderer
from bot.specimens.contents import ABSENCE, NASTY, NOON
from bot.specimens.ordinary import notice
from bot.writing.formats import Formats

HOUR = timedelta(hours=1)
RENDERER = Renderer([], Formats(zone=ZoneInfo("Europe/Berlin")))
OPEN = Standing(alert="3f9a", state=AlertState.OPEN, opened_at=NOON)


def small_print(reason: Reason, standing: Standing | None = OPEN) -> str:
    told = replace(notice(ABSENCE, rule="Signups"), reason=reason, standing=standing, site="shop")
    words = RENDERER.mail(told, None, None)
    assert words.broken is None
    lines = words.plain.splitlines()
    (small,) = [line for line in lines if line.startswith("Rule “Signups” · shop · 14 Nov 2026, 12:00 CET")]
    return small.removeprefix("Rule “Signups” · shop · 14 Nov 2026, 12:00 CET").removeprefix(" · ")


@pytest.mark.parametrize(
    ("reason", "standing", "said"),
    [
        (
            Reason.OPENED,
            replace(OPEN, next_at=NOON + 4 * HOUR),
            "told because it began · told again 14 Nov 2026, 16:00 CET if nothing changes",
        ),
        (
            Reason.REMINDED,
            replace(OPEN, next_at=NOON + 24 * HOUR),
            "a reminder: it still holds · told again 15 Nov 2026, 12:00 CET if nothing changes",
        ),
        (Reason.REMINDED, OPEN, "a reminder: it still holds · the last reminder"),
        (Reason.RESOLVED, OPEN, "told because it ended"),
        (
            Reason.RESOLVED,
            replace(OPEN, meanwhile=("Orders on shop", "Signups on shop"), inhibited=4),
            "told because it ended · kept quiet meanwhile: Orders on shop, Signups on shop and 2 more",
        ),
        (Reason.ACKNOWLEDGED, replace(OPEN, by="Ada"), "somebody has it in hand"),
        (
            Reason.STILL_BAD,
            replace(OPEN, why="silence “Deploys”"),
            "told because it still holds after it was kept quiet: silence “Deploys”",
        ),
        (Reason.UNSTABLE, OPEN, "it begins and ends too often: nothing more until it is calm"),
    ],
)
def test_it_says_why_and_what_comes_next(reason: Reason, standing: Standing, said: str) -> None:
    assert small_print(reason, standing) == said


@pytest.mark.parametrize("reason", sorted(UPDATING - {Reason.TOLD}))
def test_every_reason_has_words_with_and_without_an_alert(reason: Reason) -> None:
    assert small_print(reason)
    assert small_print(reason, None)


def test_names_that_strangers_or_people_gave_stay_on_their_line_and_short() -> None:
    standing = replace(OPEN, by=NASTY * 9, why=NASTY * 9, meanwhile=(NASTY * 9,), inhibited=1)
    assert len(small_print(Reason.RESOLVED, standing)) < 400
