"""Facts written and read again are the same facts."""

import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from bot.facts import EventHeard, Example, Notice, Trouble
from bot.record import clean, read_notice, show_content, show_notice, write_content, write_notice
from tests.render.test_anything import NOTICE
from tests.stores.making import NOON, notice


def storable(value: Any) -> Any:
    """What `events.read` and the rules let through: no half letters, and only numbers that are numbers."""
    if isinstance(value, str) and not isinstance(value, Enum):
        return clean(value)
    if isinstance(value, Decimal):
        return value if value.is_finite() else None
    if isinstance(value, float):
        return value if math.isfinite(value) else 0.0
    if isinstance(value, Mapping):
        return {storable(key): storable(inner) for key, inner in value.items()}
    if isinstance(value, tuple):
        return tuple(map(storable, value))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{one.name: storable(getattr(value, one.name)) for one in fields(value)})
    return value


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(NOTICE.map(storable))
def test_what_is_written_is_read_again(written: Notice) -> None:
    text = write_notice(written)
    assert read_notice(text) == written
    assert show_notice(text) == written
    assert show_content(write_content(written.content)) == written.content
    assert "\x00" not in text


def test_money_stays_exact() -> None:
    value = Decimal("199.990000000000000000000000000001")
    written = replace(notice(), content=EventHeard(event=Example(name="x", received_at=NOON, value=value)))
    read = read_notice(write_notice(written))
    assert isinstance(read.content, EventHeard)
    assert str(read.content.event.value) == str(value)


def test_an_instant_of_another_zone_is_the_same_instant() -> None:
    at = datetime(2026, 3, 29, 3, 30, 0, 1, tzinfo=timezone(timedelta(hours=2)))
    read = read_notice(write_notice(replace(notice(), at=at)))
    assert read.at == at
    assert read.at.astimezone(UTC) == datetime(2026, 3, 29, 1, 30, 0, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"content": {"kind": "hologram", "depth": 3}}, id="a kind of tomorrow"),
        pytest.param({"severity": "apocalyptic"}, id="a severity of tomorrow"),
        pytest.param({"reason": "felt_like_it"}, id="a reason of tomorrow"),
        pytest.param({"key": None}, id="no key"),
    ],
)
def test_what_a_newer_version_wrote_cannot_be_read_but_be_shown(change: dict[str, Any]) -> None:
    text = json.dumps(json.loads(write_notice(notice())) | change)
    with pytest.raises(ValueError, match="validation error"):
        read_notice(text)
    shown = show_notice(text).content
    assert isinstance(shown, Trouble)
    assert "newer version" in shown.why


def test_what_a_newer_version_added_is_passed_over() -> None:
    text = json.dumps(json.loads(write_notice(notice())) | {"mood": "good"})
    assert read_notice(text) == notice()


@pytest.mark.parametrize("text", ["", "null", "[]", "{", '{"kind": "trouble"}'])
def test_rubbish_is_shown_as_such(text: str) -> None:
    assert isinstance(show_notice(text).content, Trouble)
    assert isinstance(show_content(text), Trouble)
