"""Time, as it is and as a sandbox moves it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import clock

HOUR = timedelta(hours=1)
NEARLY = timedelta(minutes=1)


def real() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - what the bot's clock is compared with


def test_it_is_now() -> None:
    assert abs(clock.now() - real()) < NEARLY


@pytest.mark.parametrize("length", [HOUR, -1000 * HOUR, timedelta(0)])
def test_beside_a_sandbox_it_is_as_late_as_there(
    length: timedelta, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "clock"
    clock.move(file, length)
    monkeypatch.setenv(clock.MOVED, str(file))
    assert abs(clock.now() - length - real()) < NEARLY
    clock.move(file, length + HOUR)
    assert abs(clock.now() - length - HOUR - real()) < NEARLY


@pytest.mark.parametrize("text", ["", "soon", "nan", "1e99", None])
def test_a_file_that_says_nothing_makes_time_not_jump(
    text: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if text is not None:
        (tmp_path / "clock").write_text(text)
    monkeypatch.setenv(clock.MOVED, str(tmp_path / "clock"))
    with pytest.raises(ValueError, match="BOT_CLOCK"):
        clock.now()
