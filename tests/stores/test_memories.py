"""What rules remember of sites, as rows."""

from bot import memories
from bot.db import Database
from tests.stores.making import NOON, at

SHOP, BLOG = ("Rule", "shop"), ("Rule", "blog")


def test_a_new_memory_begins_empty_and_is_there_afterwards(database: Database) -> None:
    with database.transaction() as tx:
        assert memories.lock(tx, [SHOP, BLOG, SHOP], NOON) == {SHOP: "{}", BLOG: "{}"}
    with database.transaction() as tx:
        assert memories.everything(tx) == {SHOP: "{}", BLOG: "{}"}


def test_nothing_asked_nothing_locked(database: Database) -> None:
    with database.transaction() as tx:
        assert memories.lock(tx, [], NOON) == {}
        memories.write(tx, {}, NOON)
        memories.forget(tx, [])


def test_a_memory_is_written_for_its_place_only(database: Database) -> None:
    with database.transaction() as tx:
        memories.lock(tx, [SHOP, BLOG], NOON)
        memories.write(tx, {SHOP: ('{"hits":["ü‹"]}', at(5))}, NOON)
    with database.transaction() as tx:
        assert memories.lock(tx, [SHOP, BLOG], at(1)) == {SHOP: '{"hits":["ü‹"]}', BLOG: "{}"}


def test_rule_names_with_odd_letters_are_places_of_their_own(database: Database) -> None:
    places = [("a/b", "c"), ("a", "b"), ("'; drop table memories; --", "shop"), ("ü‹", "shop")]
    with database.transaction() as tx:
        memories.lock(tx, places, NOON)
        memories.write(tx, {place: (f'"{n}"', None) for n, place in enumerate(places)}, NOON)
        assert memories.everything(tx) == {place: f'"{n}"' for n, place in enumerate(places)}


def test_time_has_come_at_the_instant_itself(database: Database) -> None:
    with database.transaction() as tx:
        memories.lock(tx, [SHOP, BLOG], NOON)
        memories.write(tx, {SHOP: ("{}", at(60)), BLOG: ("{}", None)}, NOON)
        assert memories.due(tx, at(59), 10, ["Rule"]) == {}
        assert list(memories.due(tx, at(60), 10, ["Rule"])) == [SHOP]


def test_time_comes_only_for_the_rules_that_one_asks_for(database: Database) -> None:
    with database.transaction() as tx:
        memories.lock(tx, [SHOP, ("Other", "shop")], NOON)
        memories.write(tx, {SHOP: ("{}", NOON), ("Other", "shop"): ("{}", NOON)}, NOON)
        assert list(memories.due(tx, NOON, 10, ["Other", "Unknown"])) == [("Other", "shop")]
        assert memories.due(tx, NOON, 10, []) == {}


def test_the_longest_overdue_come_first_and_not_all_at_once(database: Database) -> None:
    places = [("Rule", f"site-{number}") for number in range(4)]
    with database.transaction() as tx:
        memories.lock(tx, places, NOON)
        memories.write(tx, {place: ("{}", at(9 - n)) for n, place in enumerate(places)}, NOON)
        assert list(memories.due(tx, at(9), 3, ["Rule"])) == [places[3], places[2], places[1]]


def test_what_is_forgotten_begins_anew(database: Database) -> None:
    with database.transaction() as tx:
        memories.lock(tx, [SHOP, BLOG], NOON)
        memories.write(tx, {SHOP: ('{"a":1}', None), BLOG: ('{"b":1}', None)}, NOON)
        memories.forget(tx, [SHOP, ("Rule", "unknown")])
        assert memories.lock(tx, [SHOP, BLOG], NOON) == {SHOP: "{}", BLOG: '{"b":1}'}
