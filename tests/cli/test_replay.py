"""replay: what would have been told, on both kinds of store, and not a trace of it afterwards."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot import db
from bot.cli import replay
from tests.cli.conftest import CONFIG, Place
from tests.cli.filling import body, keep, order

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def week(on_both: Place) -> Place:
    """A week in which things happened: two big orders together, broken links, and something unreadable."""
    keep(
        on_both,
        [
            (6 * DAY - HOUR, order(120, 1)),
            (6 * DAY - HOUR - timedelta(seconds=60), order(200, 2)),
            (5 * DAY, order(99, 3)),
            (4 * DAY, order(120, 1)),
            *((3 * DAY - timedelta(seconds=number), body("404")) for number in range(4)),
            (2 * DAY, b"{"),
            (1 * HOUR, order(500, 4)),
        ],
    )
    return on_both


def _without_times(lines: list[str]) -> list[str]:
    return [re.sub(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d  ", "", line) for line in lines]


def test_it_tells_what_would_have_been_told_and_why(week: Place) -> None:
    lines = _without_times(week.lines("replay", "--dry-run"))
    sums = lines.index("")
    assert lines[:sums] == [
        "→ owner: 24 h without “signup” on blog (No signups: opened)",
        "→ sales: 2 × Big order on shop in 1 min: 320 in total, largest 200 (Big order: collected)",
        "→ owner: 28 h without “signup” on blog – still (No signups: reminded)",
        "→ owner: 2 days 4 h without “signup” on blog – still (No signups: reminded)",
        "→ owner: 3 days 4 h without “signup” on blog – still (No signups: reminded)",
        "→ owner, sales: Urgent: 3 × Broken links on shop within 10 min (alarm from 3)"
        " (Broken links: opened)",
        "→ owner, sales: 4 × Broken links on shop in 10 min 1 s – over (Broken links: resolved)",
        lines[7],
        "event 9 on shop would be quarantined: not JSON: Expecting property name enclosed in double quotes:"
        " line 1 column 2 (char 1)",
        "→ sales: 500 · Big order on shop (Big order: told)",
    ]
    assert lines[7].startswith("→ owner: pirsch-bot needs you on shop: Something unreadable came to shop")
    assert [re.split(r"\s{2,}", line) for line in lines[sums + 1 : -2]] == [
        ["rule", "what it said", "times"],
        ["Big order", "collected", "1"],
        ["Big order", "collecting", "3"],
        ["Big order", "told", "1"],
        ["Big order", "told_once", "1"],
        ["Broken links", "counted", "2"],
        ["Broken links", "opened", "1"],
        ["Broken links", "resolved", "1"],
        ["Broken links", "still_open", "1"],
        ["No signups", "capped", "1"],
        ["No signups", "opened", "1"],
        ["No signups", "reminded", "3"],
    ]
    assert lines[-1] == (
        "10 events (1 unreadable, 1 that concerned no rule): would have sent "
        "7 messages to owner, 4 messages to sales."
    )


def test_nothing_is_written(week: Place) -> None:
    def everything() -> dict[str, list[tuple[object, ...]]]:
        with database.reading() as tx:
            return {
                table.name: [tuple(row) for row in tx.execute(sa.select(table))]
                for table in db.metadata.sorted_tables
            }

    database = week.store()
    before = everything()
    week.lines("replay", "--dry-run")
    assert everything() == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--brief",), "10 events (1 unreadable, 1 that concerned no rule): would have sent"),
        (("--brief", "--since", "2h"), "1 event: would have sent 1 message to sales."),
        (("--brief", "--since", "1m"), "0 events: would have sent nothing."),
        (("--brief", "--site", "blog"), "0 events: would have sent 4 messages to owner."),
        (
            ("--brief", "--rule", "Big order", "--site", "shop"),
            "10 events (1 unreadable, 5 that concerned no rule): would have sent 2 messages to sales.",
        ),
        (
            ("--brief", "--rule", "Broken links", "--rule", "No signups"),
            "10 events (1 unreadable, 5 that concerned no rule): would have sent 6 messages to owner, "
            "2 messages to sales.",
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_part_of_it(week: Place, words: tuple[str, ...], said: str) -> None:
    lines = week.lines("replay", "--dry-run", *words)
    assert lines[-1].startswith(said)
    assert not any("→" in line for line in lines)


def test_other_rules_can_be_tried_on_the_same_events(week: Place) -> None:
    week.write(CONFIG.replace(">= 100", ">= 1000").replace("at_least = 3", "at_least = 4"), "other.toml")
    assert week.lines("replay", "--dry-run", "--brief", "-c", "other.toml")[-1].endswith(
        "would have sent 7 messages to owner, 2 messages to sales."
    )


def test_what_still_collects_is_said(place: Place) -> None:
    keep(place, [(timedelta(seconds=5), order(500, 1))])
    lines = place.lines("replay", "--dry-run", "--since", "1h")
    assert "Big order on shop still collects; its message would come later." in lines


def test_many_events_are_read_piece_by_piece(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay, "TOGETHER", 7)
    for more, count in ((13, 13), (1, 14), (1, 15)):
        keep(place, [(HOUR, body("other"))] * more)
        assert place.lines("replay", "--dry-run", "--brief")[-1].startswith(f"{count} events (")


def test_without_dry_run_it_says_that_there_is_nothing_else(place: Place) -> None:
    assert place.lines("replay", code=2) == [
        "A replay only ever shows what would be told: say --dry-run.",
        "To send a message again that was given up, use `pirsch-bot outbox retry`.",
    ]


def test_a_broken_template_is_named_once_and_plain_words_stand_in(place: Place) -> None:
    words = place.folder / "ours" / "words"
    words.mkdir(parents=True)
    (words / "headline.txt").write_text("{{ notice.nothing }}")
    place.write(CONFIG.replace("[bot]", '[bot]\ntemplates = "ours"'))
    keep(place, [(DAY, order(500, 1)), (HOUR, order(500, 2))])
    lines = _without_times(place.lines("replay", "--dry-run", "--rule", "Big order"))
    assert lines[:2] == ["→ sales: Big order on shop (Big order: told)"] * 2
    assert [line for line in lines if "template is broken" in line] == [
        "A template is broken, and plain words stood in for it: words/headline.txt for event: "
        "'bot.facts.notices.Notice object' has no attribute 'nothing'"
    ]


def test_a_pipe_gets_no_progress(place: Place) -> None:
    keep(place, [(HOUR, body("other"))] * 20)
    result = place.run("replay", "--dry-run")
    assert "Replaying" not in result.output
    assert "\x1b" not in result.output
