"""Every documented call is made by a method or left out with a reason; every documented answer is read."""

import inspect
import json
from pathlib import Path
from typing import Any

import pytest

from bot.pirsch import catalogue
from bot.pirsch.calls import ALL, CALLS, Key, Repeat
from bot.pirsch.client import Pirsch
from tests.pirsch import documented
from tests.pirsch.every_call import CALL, SCRIPTED
from tests.pirsch.far_side import NOTHING, Act, FarSide, say

EXAMPLES = documented.examples()
# The documents list the versions of operating systems under the path of the systems.
EXAMPLES["GET", "/statistics/os/version"] = EXAMPLES["GET", "/statistics/os"]
ON = {"id": "0DJ0mo934", "hostname": "example.com", "public": False}
UNDOCUMENTED_ANSWERS: dict[tuple[str, str], Any] = {
    ("GET", "/user"): {"id": "pzy1bjD1lv"},
    ("GET", "/import"): EXAMPLES["GET", "/google/import/job"][0],
}
METHODS = [call.name for call in ALL if call.key is not Key.NOBODY]


def test_every_documented_call_is_made_or_left_out_with_a_reason() -> None:
    made = {(call.method, call.path) for call in ALL}
    left_out = {(left.method, left.path) for left in catalogue.LEFT_OUT}
    assert documented.CALLS - made - left_out == set()
    assert made & left_out == set()
    assert (made | left_out) - documented.CALLS == {("GET", "/statistics/os/version")}


def test_the_page_about_calls_is_fresh() -> None:
    page = Path(__file__).parents[2] / "docs" / "pirsch-calls.md"
    assert page.read_text() == catalogue.page()


def test_no_harmful_call_can_be_made() -> None:
    harmful = {
        ("PUT", "/domain"),
        ("DELETE", "/domain"),
        ("DELETE", "/statistics"),
        ("DELETE", "/organization"),
        ("POST", "/user/account"),
        ("POST", "/user/email"),
        ("POST", "/user/password"),
        ("POST", "/client"),
        ("POST", "/member"),
        ("PUT", "/member"),
        ("DELETE", "/member"),
    }
    assert not harmful & {(call.method, call.path) for call in ALL}


def test_names_in_the_table_are_the_public_methods_and_nothing_else(pirsch: Pirsch) -> None:
    methods = {
        f"{area}.{name}"
        for area, calls in vars(pirsch).items()
        if not area.startswith("_")
        for name, _ in inspect.getmembers(calls, inspect.ismethod)
        if not name.startswith("_")
    }
    assert methods == set(METHODS)
    assert len(CALLS) == len(ALL)


def test_every_row_of_the_table_has_its_example_of_use() -> None:
    assert set(CALL) == set(METHODS)


def _documented_answer(method: str, path: str, example: Any) -> Act:
    if path.startswith("/statistics/options"):
        return say(["/", "/some/path"])
    if (method, path) == ("GET", "/statistics"):
        return Act(body=b"PK\x03\x04")
    if (method, path) in UNDOCUMENTED_ANSWERS:
        return say(UNDOCUMENTED_ANSWERS[method, path])
    return NOTHING if example is None else say(example)


def _cases() -> list[Any]:
    return [
        pytest.param(name, example, id=f"{name}-{number}")
        for name in METHODS
        for number, example in enumerate(EXAMPLES.get((CALLS[name].method, CALLS[name].path), [None]))
    ]


@pytest.mark.parametrize(("name", "example"), _cases())
def test_a_method_makes_its_call_and_reads_the_documented_answer(
    pirsch: Pirsch, far: FarSide, name: str, example: Any
) -> None:
    call = CALLS[name]
    if call.repeat is Repeat.LOOK:
        far.answers["GET", call.path] = say(None)
    if name.startswith("domains.set_"):
        far.answers["GET", "/domain"] = say(ON)
    far.answers[call.method, call.path] = _documented_answer(call.method, call.path, example)
    if name.startswith("domains.set_") or call.path == "/domain":
        far.answers.setdefault(("GET", "/domain"), say([]))
    CALL[name](pirsch, SCRIPTED)
    assert f"{call.method} {call.path}" in {heard.named for heard in far.heard}
    for heard in far.calls():
        assert heard.headers["authorization"].startswith("Bearer token-")
        if heard.body:
            json.loads(heard.body)
