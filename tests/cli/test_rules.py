"""rules: what they ask for, and what they make of one event."""

import re

import pytest

from tests.cli.conftest import CONFIG, Place
from tests.cli.filling import HOSTILE, body


def test_rules_are_listed_with_what_they_ask_for_and_whom_they_tell(bare: Place) -> None:
    bare.write(CONFIG)
    assert [re.split(r"\s{2,}", line) for line in bare.lines("rules")] == [
        ["rule", "site", "event", "whom", "tells"],
        [
            "Big order",
            "every",
            "purchase",
            "sales (Slack #sales)",
            "what comes within 2m, together, once per meta.order_id, "
            "if number(meta.amount) >= 100 and meta.currency == 'USD'",
        ],
        [
            "Broken links",
            "shop",
            "404*",
            "owner (mail to owner@example.com), sales (Slack #sales), as…",
            "from 3 within 10m, and when it is over",
        ],
        [
            "No signups",
            "blog",
            "signup",
            "owner (mail to owner@example.com)",
            "when none came for 1d, and when one comes again",
        ],
    ]


def test_where_no_rule_is_that_is_said(bare: Place) -> None:
    bare.write("")
    assert bare.lines("rules") == [
        "There is no [[rule]] in the settings: everything is kept, and nobody is told."
    ]


def test_an_event_that_is_meant(bare: Place) -> None:
    bare.write(CONFIG)
    given = ("--site", "shop", "--event", "purchase", "--meta", "amount=120", "--meta", "currency=USD")
    assert bare.lines("rules", "test", *given, "--meta", "order_id=7") == [
        "yes   Big order: told with what else comes within 2m → sales (Slack #sales)",
        "      its value is 120",
        '      unless "7" was told before (once per meta.order_id)',
        "2 rules for other events: Broken links (404*), No signups (signup)",
    ]
    assert bare.lines("rules", "test", *given)[2] == (
        "      each time: a part of its key is missing (once per meta.order_id)"
    )


def test_an_event_that_nobody_means_says_why(bare: Place) -> None:
    bare.write(CONFIG)
    given = ("--site", "shop", "--event", "purchase", "--meta", "amount=99,90")
    assert bare.lines("rules", "test", *given, code=1) == [
        "no    Big order",
        "      `number(meta.amount) >= 100` does not hold: number(meta.amount) is 99.90",
        "      `meta.currency == 'USD'` does not hold: meta.currency is missing",
        "2 rules for other events: Broken links (404*), No signups (signup)",
    ]


@pytest.mark.parametrize(
    ("event", "site", "said"),
    [
        ("404 Page", "shop", "yes   Broken links: counts towards 3 within 10m → owner (mail to"),
        ("404 Page", "blog", "      it is for the site shop only"),
        (
            "signup",
            "blog",
            "yes   No signups: shows that it still comes; 1d without it would be told → owner",
        ),
    ],
)
def test_each_kind_of_rule_says_what_comes_of_it(bare: Place, event: str, site: str, said: str) -> None:
    bare.write(CONFIG)
    output = bare.run("rules", "test", "--event", event, "--site", site).output
    assert any(line.startswith(said) for line in output.splitlines())


def test_each_single_event(bare: Place) -> None:
    bare.write(CONFIG.replace('collect = "2m"\n', "").replace('once_per = "meta.order_id"\n', ""))
    given = ("--site", "shop", "--event", "purchase", "--meta", "amount=120", "--meta", "currency=USD")
    assert bare.lines("rules", "test", *given)[0] == "yes   Big order: told at once → sales (Slack #sales)"
    assert "each, if number(meta.amount) >= 100" in bare.lines("rules")[1]


def test_an_event_as_pirsch_sends_it(bare: Place) -> None:
    bare.write(CONFIG)
    sent = body("purchase", amount="120", currency="USD")
    (bare.folder / "event.json").write_bytes(sent)
    by_file = bare.lines("rules", "test", "--site", "shop", "event.json")
    assert by_file[0].startswith("yes   Big order")
    assert bare.lines("rules", "test", "--site", "shop", "-", input=sent) == by_file


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (b"{", "This is no event, it would be quarantined: not JSON"),
        (b"\xff", "This is no event, it would be quarantined: not JSON"),
        (b"", "This is no event, it would be quarantined: not JSON"),
        (b'{"event_name": ""}', "This is no event, it would be quarantined: event_name is empty."),
        (b"x" * 300_000, "This is no event, it would be quarantined: longer than 256 KiB"),
    ],
    ids=["half", "no text", "nothing", "no name", "long"],
)
def test_a_body_that_is_no_event(bare: Place, sent: bytes, said: str) -> None:
    bare.write(CONFIG)
    (line,) = bare.lines("rules", "test", "--site", "shop", "-", input=sent, code=1)
    assert line.startswith(said)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ((), "Which event? Name it with --event, or give a file with what Pirsch sends."),
        (("--event", "x", "-"), "Which event?"),
        (("--event", "x"), "On which site? --site, one of: shop, blog"),
        (("--event", "x", "--site", "shp"), "There is no site 'shp' in the settings: did you mean"),
        (("--event", "x", "--site", "shop", "--meta", "amount"), "--meta takes KEY=VALUE"),
        (("--event", "x", "--site", "shop", "--meta", "=5"), "--meta takes KEY=VALUE"),
        (("--site", "shop", "-", "--meta", "a=5"), "A file says everything about its event"),
        (("--site", "shop", "nowhere.json"), "No such file or directory"),
        (("--site", "shop", "."), "Is a directory"),
    ],
    ids=lambda given: " ".join(given) or "nothing" if isinstance(given, tuple) else "",
)
def test_what_is_not_said_clearly_is_asked_back(bare: Place, given: tuple[str, ...], said: str) -> None:
    bare.write(CONFIG)
    assert said in "\n".join(bare.lines("rules", "test", *given, input="{}", code=2))


def test_the_only_site_need_not_be_named(bare: Place) -> None:
    bare.write('[site.shop]\ndomain = "shop.example.com"\n')
    assert bare.lines("rules", "test", "--event", "x", code=1) == []


def test_hostile_values_do_not_obey_the_terminal(bare: Place) -> None:
    bare.write(CONFIG)
    meta = HOSTILE.replace("\x00", "").replace("\ud800", "")  # no command line holds these
    given = (
        "--site",
        "shop",
        "--event",
        "purchase",
        "--meta",
        f"currency={meta}",
        "--meta",
        f"order_id={meta}",
    )
    output = bare.run("rules", "test", *given).output
    assert "currency is " in output
    assert [letter for letter in output if not letter.isprintable() and letter != "\n"] == []
