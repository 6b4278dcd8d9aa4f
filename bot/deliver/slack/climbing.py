"""Goes down the ladder until Slack takes a layout, and remembers whether a workspace takes charts."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot import clock
from bot.clock import Clock
from bot.deliver.channel import Permanent
from bot.deliver.slack.ladder import Rung
from bot.deliver.slack.refusals import LayoutRefused
from bot.facts import Notice, Reason, Severity

WITHOUT_CHARTS = timedelta(days=1)


class Charts:
    """Whether a workspace takes charts, as far as it was tried: not every plan and client has them yet.

    Shared by the channels of one workspace. After a refusal they are left out for a day.
    """

    def __init__(self, clock: Clock = clock.now, *, wanted: bool = True) -> None:
        self._clock = clock
        self._again_at: datetime | None = None
        self._wanted = wanted

    @property
    def taken(self) -> bool:
        """Whether it is worth trying."""
        return self._wanted and (self._again_at is None or self._clock() >= self._again_at)

    def refused(self) -> None:
        """The workspace took the same message without them."""
        self._again_at = self._clock() + WITHOUT_CHARTS


def climb_down(rungs: Sequence[Rung], put: Callable[[Rung], None], charts: Charts) -> str | None:
    """Try each layout until one is taken. Return what was wrong with the better ones, None when nothing was.

    That a workspace knows no charts is nobody's mistake, and is not told.
    """
    refused: LayoutRefused | None = None
    without_charts = False
    for rung in rungs:
        try:
            put(rung)
        except LayoutRefused as error:
            without_charts |= rung.charts
            refused = refused if rung.charts else error
            continue
        if without_charts and refused is None:
            charts.refused()
        return refused.why if refused else None
    raise Permanent(refused.why if refused else "there is nothing to say") from refused


def urgent(notice: Notice) -> bool:
    """Whether people are mentioned."""
    return notice.severity is Severity.PAGE and notice.reason is not Reason.RESOLVED
