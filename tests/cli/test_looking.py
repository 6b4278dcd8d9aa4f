"""What was heard, what waits, what is wrong: lists for people, on both kinds of store."""

import re
from datetime import timedelta

import pytest

from bot import clock, outbox
from bot.events import LONGEST_BODY
from bot.outbox import DEAD
from tests.cli.conftest import CONFIG, Place
from tests.cli.filling import HOSTILE, body, judge, keep, order

MINUTE = timedelta(minutes=1)
LISTS = [
    ("events",),
    ("events", "--quarantined"),
    *(("events", "show", str(number)) for number in range(1, 8)),
    ("outbox",),
    ("outbox", "lanes"),
    ("alerts",),
    ("replay", "--dry-run"),
    ("rules",),
    ("check",),
]


def test_events_are_listed_with_what_came_of_them(on_both: Place) -> None:
    keep(on_both, [(3 * MINUTE, order(120, 1)), (2 * MINUTE, b"{"), (MINUTE, body("signup"))])
    judge(on_both)
    keep(on_both, [(timedelta(0), body("new"))])
    lines = on_both.lines("events")
    assert [re.split(r"\s{2,}", line) for line in lines] == [
        ["id", "received", "site", "event", "came of it"],
        ["4", "just now", "shop", "waits to be judged"],
        ["3", "1 min ago", "shop", "signup", "no rule asked for it"],
        ["2", "2 min ago", "shop", lines[3].split("  ")[-1]],
        ["1", "3 min ago", "shop", "purchase", "Big order: collecting"],
    ]
    assert "quarantined: not JSON" in lines[3]


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        (["--site", "blog"], ["4"]),
        (["--name", "signup"], ["4", "3"]),
        (["--since", "90s"], ["4"]),
        (["--quarantined"], ["2"]),
        (["--most", "2"], ["4", "3"]),
        (["--site", "shop", "--since", "150s"], ["3", "2"]),
    ],
    ids=" ".join,
)
def test_events_are_found(place: Place, words: list[str], ids: list[str]) -> None:
    keep(place, [(3 * MINUTE, order(120, 1)), (2 * MINUTE, b"{"), (2 * MINUTE, body("signup"))])
    keep(place, [(MINUTE, body("signup"))], site="blog")
    judge(place)
    assert [line.split()[0] for line in place.lines("events", *words)[1:]] == ids


def test_one_event_is_shown_with_its_body_as_it_came(on_both: Place) -> None:
    keep(on_both, [(MINUTE, body("purchase", note="Grüße\x1b[31m")), (MINUTE, b"\xff\x00{")])
    judge(on_both)
    lines = on_both.lines("events", "show", "1")
    assert lines[0] == 'event     1 on shop: "purchase"'
    assert lines[1].startswith("received  20")
    assert lines[2] == "outcome   no rule asked for it"
    assert lines[3].endswith(r'{"note": "Gr\u00fc\u00dfe\u001b[31m"}}')
    assert on_both.lines("events", "show", "2")[3] == r"\xff\x00{"


def test_messages_are_listed_shown_and_sent_again(on_both: Place) -> None:
    keep(on_both, [(30 * MINUTE, order(120, 1)), (30 * MINUTE, order(500, 2))])
    database = judge(on_both)
    with database.reading() as tx:
        (entry,) = outbox.entries(tx)
    (line,) = on_both.lines("outbox")[1:]
    assert re.split(r"\s{2,}", line) == [entry.id[:8], "sales", "waiting", "just now", "0", "Big order"]
    lines = on_both.lines("outbox", "show", entry.id[:6])
    assert lines[0] == f"message  {entry.id} for sales"
    assert lines[3] == "says     Big order on shop"
    assert "           total: 620" in lines
    assert lines[-1] == "It was not tried yet."
    assert on_both.lines("outbox", "retry", entry.id) == ["0 of 1 wait again; the rest were not dead."]

    with database.transaction() as tx:
        tx.exec_driver_sql(f"UPDATE notices SET state = '{DEAD}'")
    assert on_both.lines("outbox", "--state", "dead", "--channel", "sales")[1].split()[2] == "dead"
    assert on_both.lines("outbox", "--state", "sent") == ["No such message is here."]
    assert on_both.lines("outbox", "retry", "--all") == ["1 of 1 wait again; the rest were not dead."]
    assert on_both.lines("outbox", "--state", "waiting")[1].startswith(entry.id[:8])


def test_lanes_are_listed_and_opened_again(on_both: Place) -> None:
    keep(on_both, [(30 * MINUTE, order(120, 1))])
    database = judge(on_both)
    now = clock.now()
    with database.transaction() as tx:
        outbox.claim(tx, "sales", "somebody", now, MINUTE)
        tx.exec_driver_sql("UPDATE lanes SET closed_why = 'not_in_channel', remedy = '/invite @bot'")
    lines = on_both.lines("outbox", "lanes")
    assert [re.split(r"\s{2,}", line) for line in lines[1:]] == [
        ["owner", "0", "open, not used yet"],
        ["sales", "1", "just now", "closed: not_in_channel", "/invite @bot"],
    ]
    assert on_both.lines("outbox", "reopen", "sales") == ["sales is tried with its next message."]


def test_open_alerts_are_listed_with_what_was_said(on_both: Place) -> None:
    keep(on_both, [(timedelta(seconds=number), body("404")) for number in (30, 20, 10)])
    judge(on_both, clock.now())
    (line,) = on_both.lines("alerts")[1:]
    _, opened, severity, state, key, says = re.split(r"\s{2,}", line)
    assert (severity, state, key) == ("page", "open", "shop/Broken links")
    assert opened.endswith(" s ago")
    assert says == "Urgent: 3 × Broken links on shop within 10 min (alarm from 3)"


def test_where_nothing_is_the_lists_say_so(on_both: Place) -> None:
    assert on_both.lines("events") == [
        "Nothing was heard. Is the webhook saved at Pirsch? `pirsch-bot check` spells its address."
    ]
    assert on_both.lines("events", "--since", "1h") == ["No such event was heard."]
    assert on_both.lines("outbox") == ["No message was ever put here."]
    assert on_both.lines("alerts") == ["Nothing is wrong, as far as the rules can tell."]


def test_a_site_that_is_gone_can_still_be_looked_at(place: Place) -> None:
    keep(place, [(MINUTE, body("purchase"))], site="gone")
    assert len(place.lines("events", "--site", "gone")) == 2


@pytest.mark.parametrize("words", LISTS, ids=" ".join)
def test_what_strangers_wrote_never_obeys_the_terminal(on_both: Place, words: tuple[str, ...]) -> None:
    on_both.write(
        CONFIG.replace('event = "404*"', 'event = "*"').replace('event = "purchase"', 'event = "*"')
    )
    hostile = [
        body(HOSTILE, **{HOSTILE: HOSTILE, "amount": "500", "currency": "USD", "order_id": HOSTILE}),
        body("404" + HOSTILE * 20, **{"amount": HOSTILE}),
        body("purchase", amount="120", currency="USD", order_id=HOSTILE, note=HOSTILE),
        HOSTILE.encode("utf-8", "replace"),
        b"\x1b[2J" + bytes(range(256)),
        b'{"event_name": "' + b"x" * LONGEST_BODY,
        b'{"event_name": "a", "event_meta": "\x1b[31m"}',
    ]
    keep(on_both, [(20 * MINUTE, each) for each in hostile])
    judge(on_both)
    output = on_both.run(*words).output
    assert output
    assert [letter for letter in output if not letter.isprintable() and letter != "\n"] == []


def test_columns_stay_in_line_whatever_the_letters(place: Place) -> None:
    keep(
        place, [(MINUTE, body(name)) for name in ("plain", "中文中文", "🎉🎉", "e\u0301te\u0301", "x" * 300)]
    )
    judge(place)
    lines = place.lines("events")
    widths = {"中": 2, "文": 2, "🎉": 2, "\u0301": 0}
    columns = {
        sum(widths.get(letter, 1) for letter in line[: line.index("no rule asked")]) for line in lines[1:]
    }
    assert len(columns) == 1
    assert max(len(line) for line in lines) < 130
