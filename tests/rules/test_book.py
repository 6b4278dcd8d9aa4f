"""Which rules an event concerns."""

from datetime import UTC, datetime
from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.facts import Event
from bot.rules.book import RuleBook
from bot.rules.globs import LONGEST_NAME, GlobError, is_glob, pattern
from bot.rules.rule import Rule

# pattern, a name, whether it fits
GLOBS = [
    ("*", "", True),
    ("*", "anything\nat all", True),
    ("purchase*", "purchase", True),
    ("purchase*", "purchase done", True),
    ("purchase*", "my purchase", False),
    ("*purchase", "my purchase", True),
    ("a*b*c", "a-b-c", True),
    ("a**c", "abc", True),
    ("Purchase*", "purchase", False),
    ("file?", "file1", True),
    ("file?", "file", False),
    ("file?", "file12", False),
    ("caf?", "café", True),
    ("[abc]", "b", True),
    ("[a-c]x", "cx", True),
    ("[a-c]x", "dx", False),
    ("[!a-c]x", "dx", True),
    ("[!a-c]x", "ax", False),
    ("[]]", "]", True),
    ("[!]]", "]", False),
    ("[a-]", "-", True),
    ("[-a]", "-", True),
    ("[^a]", "^", True),
    ("[[]new] *", "[new] order", True),
    ("What now[?]", "What now?", True),
    ("What now[?]", "What now!", False),
    ("100% (*)", "100% (yes)", True),
    ("a.c*", "abc", False),
    (".*", "x", False),
    ("404 *", "404 Page Not Found", True),
    ("a?", "a\ud83d", True),
]


def names(book: RuleBook, event_name: str, site: str = "shop") -> list[str]:
    return [rule.name for rule in book.matching(site, event_name)]


@pytest.mark.parametrize(("glob", "name", "fits"), GLOBS, ids=[f"{g!a}-{n!a}" for g, n, _ in GLOBS])
def test_a_glob_means_the_whole_name(glob: str, name: str, fits: bool) -> None:
    assert names(RuleBook([Rule(name="it", event=glob)]), name) == (["it"] if fits else [])


@pytest.mark.parametrize("glob", ["[", "[]", "[!]", "a[bc", "[z-a]", "[!9-0]", "*\ud83d"])
def test_what_is_no_glob_is_refused(glob: str) -> None:
    with pytest.raises(GlobError):
        RuleBook([Rule(name="it", event=glob)])


def test_rules_come_in_the_order_of_the_file() -> None:
    book = RuleBook(
        Rule(name=event + (site or ""), event=event, site=site)
        for event, site in [
            ("pur*", None),
            ("purchase", "shop"),
            ("*", "blog"),
            ("*", "shop"),
            ("purchase", None),
            ("pur*", "shop"),
            ("signup", None),
        ]
    )
    assert names(book, "purchase") == ["pur*", "purchaseshop", "*shop", "purchase", "pur*shop"]
    assert names(book, "purchase", "blog") == ["pur*", "*blog", "purchase"]
    assert names(book, "nothing", "other") == []


def test_a_book_may_be_empty() -> None:
    assert RuleBook([]).matching("shop", "purchase") == ()


def test_of_a_long_name_only_the_beginning_is_looked_at() -> None:
    book = RuleBook(
        [Rule(name="all", event="a*"), Rule(name="end", event="*z"), Rule(name="short", event="?" * 3)]
    )
    assert names(book, "a" * LONGEST_NAME + "z") == ["all"]
    assert names(book, "a" * (LONGEST_NAME - 1) + "z") == ["all", "end"]


def test_strangers_names_are_not_remembered() -> None:
    book = RuleBook([Rule(name="exact", event="purchase"), Rule(name="glob", event="pur*")])
    for number in range(100):
        assert names(book, f"never heard of {number}") == []
    assert list(book._exact) == ["purchase"]


def test_ten_thousand_globs_fit_into_one_automaton() -> None:
    book = RuleBook(Rule(name=f"{number}", event=f"shop {number}: *order*") for number in range(10_000))
    assert names(book, "shop 4711: new order!") == ["4711"]


LETTERS = "ab-]!^ä\U0001f600."
PIECES = st.sampled_from(
    [*LETTERS, "*", "?", "[ab]", "[!ab]", "[a-z]", "[]a]", "[!]]", "[[]", "[-a]", "[ä-ü]"]
)
EVENTS = st.lists(PIECES, max_size=6).map("".join)


@given(
    events=st.lists(st.tuples(EVENTS, st.sampled_from([None, "shop", "blog"])), max_size=8),
    heard=st.text(LETTERS + "[", max_size=6),
)
def test_the_book_finds_what_trying_all_rules_would(events: list[tuple[str, str | None]], heard: str) -> None:
    rules = [Rule(name=str(place), event=event, site=site) for place, (event, site) in enumerate(events)]
    tried = [
        rule
        for rule in rules
        if rule.site in (None, "shop")
        and (fnmatchcase(heard, rule.event) if is_glob(rule.event) else heard == rule.event)
    ]
    assert list(RuleBook(rules).matching("shop", heard)) == tried


@given(st.text(), st.text())
def test_any_text_is_a_pattern_or_refused(event: str, heard: str) -> None:
    try:
        pattern(event)
    except GlobError:
        return
    RuleBook([Rule(name="it", event=event)]).matching("shop", heard)


OURS = Event(id=1, site="shop", name="goal.reached", received_at=datetime(2026, 3, 2, tzinfo=UTC), ours=True)


@pytest.mark.parametrize(
    ("event", "hears"),
    [
        pytest.param("goal.reached", True, id="by its name"),
        pytest.param("goal.*", True, id="by a glob for goals"),
        pytest.param("goal*", False, id="a glob that would also mean others"),
        pytest.param("*", False, id="all that the site sends"),
        pytest.param("goal.progress", False, id="another one"),
    ],
)
def test_only_rules_that_say_so_hear_what_the_bot_makes(event: str, hears: bool) -> None:
    rule = Rule(name="it", event=event)
    assert RuleBook([rule]).asking_for(OURS) == ((rule,) if hears else ())


def test_what_a_site_has_to_send_is_named_once_and_without_ours() -> None:
    rules = [
        Rule(name="a", event="purchase"),
        Rule(name="b", event="purchase", site="shop"),
        Rule(name="c", event="signup", site="blog"),
        Rule(name="d", event="goal.reached"),
        Rule(name="e", event="order *"),
    ]
    assert RuleBook(rules).named("shop") == ("purchase", "order *")
