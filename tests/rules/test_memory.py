"""What a rule remembers survives being written down."""

from datetime import UTC, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.facts import Example
from bot.rules.memory import Burst, Collection, Memory
from tests.rules.building import at

INSTANTS = st.datetimes(timezones=st.just(UTC))
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
NUMBERS = st.none() | st.decimals(allow_nan=False, allow_infinity=False)
EXAMPLES = st.lists(
    st.builds(Example, name=TEXTS, received_at=INSTANTS, meta=st.dictionaries(TEXTS, TEXTS), value=NUMBERS),
    max_size=5,
).map(tuple)
COLLECTIONS = st.builds(
    Collection,
    first_id=st.integers(1, 2**62),
    first_at=INSTANTS,
    last_at=INSTANTS,
    due_at=INSTANTS,
    count=st.integers(1, 2**40),
    examples=EXAMPLES,
    first_seconds=st.integers(0, 2**32),
    total=NUMBERS,
    largest=NUMBERS,
    unreadable=st.integers(0, 2**40),
)
MEMORIES = st.builds(
    Memory,
    as_of_at=st.none() | INSTANTS,
    hits=st.lists(INSTANTS, max_size=5).map(tuple),
    burst=st.none() | st.builds(Burst, since_at=INSTANTS, total=st.integers(0)),
    examples=EXAMPLES,
    watched_since_at=st.none() | INSTANTS,
    last_at=st.none() | INSTANTS,
    missed_since_at=st.none() | INSTANTS,
    collection=st.none() | COLLECTIONS,
)


@given(MEMORIES)
def test_writing_and_reading_changes_nothing(memory: Memory) -> None:
    again = Memory.from_json(memory.to_json())
    assert again == memory
    assert all(hit.utcoffset() == timedelta(0) for hit in again.hits)
    for before, after in zip(memory.examples, again.examples, strict=True):
        assert str(before.value) == str(after.value)


def test_a_new_memory_takes_no_room() -> None:
    assert Memory().to_json() == "{}"


def test_what_another_version_wrote_is_read_as_far_as_it_is_known() -> None:
    text = '{"version": 9, "last_at": "2026-03-02T12:00:00Z", "collection": null, "later": {"x": 1}}'
    assert Memory.from_json(text) == Memory(last_at=at(0))


@pytest.mark.parametrize(
    "text", ["", "null", "[]", "{", '{"hits": 5}', '{"as_of_at": "2026-03-02T12:00:00"}', b"\xff"]
)
def test_what_is_unreadable_begins_anew(text: str | bytes) -> None:
    assert Memory.from_json(text) == Memory()


@given(st.text() | st.binary())
def test_any_text_is_a_memory(text: str | bytes) -> None:
    assert isinstance(Memory.from_json(text), Memory)


def test_a_sum_keeps_its_digits() -> None:
    total = Decimal("123456789012345678901234567890.10")
    collection = Collection(
        first_id=1, first_at=at(0), last_at=at(0), due_at=at(0), count=1, examples=(), total=total
    )
    again = Memory.from_json(Memory(collection=collection).to_json()).collection
    assert again is not None
    assert str(again.total) == str(total)
