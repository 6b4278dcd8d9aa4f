"""The connection dies at each stage of each write, and nothing is created, flipped or counted twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from bot.pirsch.calls import CALLS, Repeat
from bot.pirsch.client import Pirsch
from bot.pirsch.errors import Refused, TryLater, Unsure
from bot.pirsch.making import Made
from tests.http.hours import Hours
from tests.pirsch.every_call import CALL, DOMAIN, ENDPOINT, GOAL, REPORT, SCRIPTED
from tests.pirsch.far_side import CUT, HTML, NOTHING, Act, FarSide, Heard, members, say

CREATIONS = [name for name, call in CALLS.items() if call.repeat is Repeat.LOOK]
SENT_ONCE = [name for name, call in CALLS.items() if call.repeat is Repeat.NEVER]
REPEATED = [
    name for name, call in CALLS.items() if call.repeat is Repeat.FREELY and not call.reads and name in CALL
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Death:
    """A way for a request to die: with or without having been carried out, and what is seen of the answer."""

    done: bool
    answer: Callable[[Act], Act]


DEATHS = {
    "before Pirsch read it": Death(done=False, answer=lambda good: CUT),
    "a proxy without Pirsch behind": Death(done=False, answer=lambda good: HTML),
    "503, not carried out": Death(done=False, answer=lambda good: say({"error": ["busy"]}, 503)),
    "carried out, no answer": Death(done=True, answer=lambda good: CUT),
    "carried out, half a status line": Death(done=True, answer=lambda good: replace(good, cut_after=9)),
    "carried out, headers cut": Death(done=True, answer=lambda good: replace(good, cut_after=28)),
    "carried out, headers cut at a line": Death(done=True, answer=lambda good: replace(good, cut_after=23)),
    "carried out, body cut": Death(
        done=True, answer=lambda good: replace(good, body=good.body or b"{}", cut_after=-1)
    ),
    "carried out, then 500": Death(done=True, answer=lambda good: say({}, 500)),
    "carried out, then 502 by a proxy": Death(done=True, answer=lambda good: HTML),
    "carried out, then 504 by a proxy": Death(done=True, answer=lambda good: Act(status=504)),
}
QUIRKS = {
    "an empty answer": Death(done=True, answer=lambda good: NOTHING),
    "204": Death(done=True, answer=lambda good: Act(status=204)),
    "a page instead of JSON": Death(done=True, answer=lambda good: Act(body=b"<html>")),
    "null": Death(done=True, answer=lambda good: say(None)),
    "an object without id": Death(done=True, answer=lambda good: say({"domain_id": DOMAIN})),
}


@dataclass(slots=True)
class Shelf:
    """Holds what was created, and dies as often as it is told."""

    deaths: list[Death] = field(default_factory=list)
    things: list[dict[str, Any]] = field(default_factory=list)
    hidden_looks: int = 0  # how often a look does not see yet what was created
    posts: int = 0

    def install(self, far: FarSide, path: str) -> None:
        far.answers["GET", path] = self.show
        far.answers["POST", path] = self.create

    def show(self, heard: Heard) -> Act:
        if self.things and self.hidden_looks:
            self.hidden_looks -= 1
            return say(None)
        return say(self.things or None)

    def create(self, heard: Heard) -> Act:
        self.posts += 1
        death = self.deaths.pop(0) if self.deaths else Death(done=True, answer=lambda good: good)
        thing = _as_told(members(heard), number=self.posts)
        if death.done:
            self.things.append(thing)
        return death.answer(say([thing] if "emails" in members(heard) else thing))


def _as_told(sent: dict[str, object], number: int) -> dict[str, Any]:
    """Return what was sent as Pirsch tells it afterwards: with an id, and other names for targets."""
    told: dict[str, Any] = {**sent, "id": f"id-{number}"}
    for here, there in (("visitors", "visitor_goal"), ("cr", "cr_goal")):
        if here in told:
            told[there] = told.pop(here)
    if "emails" in told:
        (told["email"],) = told.pop("emails")
    return told


def _shelf(far: FarSide, name: str, *deaths: Death) -> Shelf:
    shelf = Shelf(deaths=list(deaths))
    shelf.install(far, CALLS[name].path)
    return shelf


def _made(result: object) -> Made[Any]:
    """Reports come as one for each address; all else is a single thing."""
    one = result[0] if isinstance(result, tuple) else result
    assert isinstance(one, Made)
    return one


@pytest.mark.parametrize("death", DEATHS.values(), ids=DEATHS)
@pytest.mark.parametrize("name", CREATIONS)
def test_nothing_is_created_twice(pirsch: Pirsch, far: FarSide, name: str, death: Death) -> None:
    shelf = _shelf(far, name, death)
    if death.done:
        assert _made(CALL[name](pirsch, SCRIPTED)).created
    else:
        with pytest.raises(Unsure):
            CALL[name](pirsch, SCRIPTED)
    assert shelf.posts == 1, "never sent again without the caller's word"
    again = _made(CALL[name](pirsch, SCRIPTED))
    assert again.created is not death.done
    assert len(shelf.things) == 1


@pytest.mark.parametrize("quirk", QUIRKS.values(), ids=QUIRKS)
@pytest.mark.parametrize("name", CREATIONS)
def test_a_yes_that_cannot_be_read_is_looked_up(
    pirsch: Pirsch, far: FarSide, name: str, quirk: Death
) -> None:
    shelf = _shelf(far, name, quirk)
    made = _made(CALL[name](pirsch, SCRIPTED))
    assert made.created
    assert made.value.id == "id-1"
    assert shelf.posts == 1


@pytest.mark.parametrize("name", CREATIONS)
def test_what_is_there_is_found(pirsch: Pirsch, far: FarSide, name: str) -> None:
    shelf = _shelf(far, name)
    first, second = _made(CALL[name](pirsch, SCRIPTED)), _made(CALL[name](pirsch, SCRIPTED))
    assert first.created
    assert not second.created
    assert first.value.id == second.value.id
    assert shelf.posts == 1


@pytest.mark.parametrize("name", CREATIONS)
def test_what_appears_late_is_found(pirsch: Pirsch, far: FarSide, hours: Hours, name: str) -> None:
    shelf = _shelf(far, name, DEATHS["carried out, no answer"])
    shelf.hidden_looks = 2
    assert _made(CALL[name](pirsch, SCRIPTED)).created
    assert len(shelf.things) == 1
    assert hours.slept == [1.0, 3.0]


@pytest.mark.parametrize("name", CREATIONS)
def test_what_took_too_long_is_found(impatient: Pirsch, far: FarSide, name: str) -> None:
    shelf = _shelf(far, name, Death(done=True, answer=lambda good: replace(good, wait=0.6)))
    assert _made(CALL[name](impatient, SCRIPTED)).created
    assert (shelf.posts, len(shelf.things)) == (1, 1)


@pytest.mark.parametrize("look", [HTML, say({}, 404), CUT], ids=["502", "404", "cut"])
@pytest.mark.parametrize("quirk", [DEATHS["carried out, no answer"], QUIRKS["an empty answer"]])
def test_a_second_look_that_fails_leaves_the_doubt(
    pirsch: Pirsch, far: FarSide, quirk: Death, look: Act
) -> None:
    """The error of a look says that nothing happened, and would have the caller do it again."""
    shelf = _shelf(far, "goals.create", quirk)
    far.answers["GET", "/goal"] = [say(None), look]
    with pytest.raises(Unsure) as caught:
        pirsch.goals.create(DOMAIN, GOAL)
    assert (caught.value.method, caught.value.path) == ("POST", "/goal")
    assert (shelf.posts, len(shelf.things)) == (1, 1)


@pytest.mark.parametrize("name", CREATIONS)
def test_no_look_no_creation(pirsch: Pirsch, far: FarSide, name: str) -> None:
    shelf = _shelf(far, name)
    far.answers["GET", CALLS[name].path] = HTML
    with pytest.raises(TryLater):
        CALL[name](pirsch, SCRIPTED)
    assert shelf.posts == 0


@pytest.mark.parametrize("name", CREATIONS)
def test_a_clean_no_creates_nothing(pirsch: Pirsch, far: FarSide, name: str) -> None:
    shelf = _shelf(far, name, Death(done=False, answer=lambda good: say({"error": ["No."]}, 400)))
    with pytest.raises(Refused):
        CALL[name](pirsch, SCRIPTED)
    assert (shelf.posts, shelf.things) == (1, [])


@pytest.mark.parametrize("name", CREATIONS)
@pytest.mark.parametrize("status", [401, 429])
def test_a_creation_is_replayed_after_a_clean_no(
    pirsch: Pirsch, far: FarSide, name: str, status: int
) -> None:
    shelf = _shelf(far, name, Death(done=False, answer=lambda good: say({}, status, Retry_After="1")))
    assert _made(CALL[name](pirsch, SCRIPTED)).created
    assert (shelf.posts, len(shelf.things)) == (2, 1)


def test_threads_with_one_wish_make_one_thing(pirsch: Pirsch, far: FarSide) -> None:
    shelf = _shelf(far, "goals.create")
    with ThreadPoolExecutor(6) as threads:
        made = list(threads.map(lambda _: pirsch.goals.create(DOMAIN, GOAL), range(12)))
    assert sum(one.created for one in made) == 1
    assert len(shelf.things) == 1


def test_each_address_of_a_report_is_looked_for(pirsch: Pirsch, far: FarSide) -> None:
    shelf = _shelf(far, "reports.create")
    pirsch.reports.create(DOMAIN, ["a@example.com"], REPORT)
    shelf.deaths = [DEATHS["carried out, no answer"]]
    made = pirsch.reports.create(DOMAIN, ["A@example.com", "b@example.com", "b@example.com"], REPORT)
    assert [one.created for one in made] == [False, True]
    assert [thing["email"] for thing in shelf.things] == ["a@example.com", "b@example.com"]


def test_equal_filters_are_one_in_any_spelling(pirsch: Pirsch, far: FarSide) -> None:
    shelf = _shelf(far, "filters.create")
    for spelling in ("2001:db8:0:0::7", "2001:DB8::7/128", " 2001:db8::7 "):
        pirsch.filters.create(DOMAIN, "ip", spelling)
    assert [thing["filter"] for thing in shelf.things] == ["2001:db8::7"]


def test_one_event_may_have_two_endpoints(pirsch: Pirsch, far: FarSide) -> None:
    shelf = _shelf(far, "webhooks.create")
    pirsch.webhooks.create(DOMAIN, "purchase", ENDPOINT)
    pirsch.webhooks.create(DOMAIN, "purchase", ENDPOINT + "-new")
    assert len(shelf.things) == 2


def test_an_endpoint_on_this_machine_needs_no_certificate(pirsch: Pirsch, far: FarSide) -> None:
    shelf = _shelf(far, "webhooks.create")
    pirsch.webhooks.create(DOMAIN, "purchase", "http://127.0.0.1:8000/hooks/shop")
    assert [thing["endpoint"] for thing in shelf.things] == ["http://127.0.0.1:8000/hooks/shop"]


# ---------------------------------------------------------------- all other writes


@pytest.mark.parametrize("death", DEATHS.values(), ids=DEATHS)
@pytest.mark.parametrize("name", SENT_ONCE)
def test_what_must_not_happen_twice_is_sent_once(
    pirsch: Pirsch, far: FarSide, name: str, death: Death
) -> None:
    call = CALLS[name]
    far.answers["GET", "/domain"] = say({"id": DOMAIN, "hostname": "example.com"})
    far.answers[call.method, call.path] = [death.answer(NOTHING), NOTHING]
    with pytest.raises(Unsure):
        CALL[name](pirsch, SCRIPTED)
    assert len(far.calls(f"{call.method} {call.path}")) == 1


@pytest.mark.parametrize("death", DEATHS.values(), ids=DEATHS)
@pytest.mark.parametrize("name", REPEATED)
def test_what_may_happen_twice_is_sent_again_just_so(
    pirsch: Pirsch, far: FarSide, name: str, death: Death
) -> None:
    call = CALLS[name]
    good = say({"id": "A5kgYzK14m", "name": "n", "event": "e", "endpoint": "https://e", "type": "ip"})
    good = say({**members_of(good), "filter": "192.0.2.1", "email": "a@example.com", "interval": 1})
    far.answers[call.method, call.path] = [death.answer(good), good]
    if death is DEATHS["carried out, then 500"]:
        with pytest.raises(Unsure):
            CALL[name](pirsch, SCRIPTED)
        return
    CALL[name](pirsch, SCRIPTED)
    first, second = far.calls(f"{call.method} {call.path}")
    assert (first.params, first.body) == (second.params, second.body)


def members_of(act: Act) -> dict[str, object]:
    heard = Heard(method="", path="", params=(), headers={}, body=act.body, connection=0)
    return members(heard)


# ---------------------------------------------------------------- switches that can be read


@dataclass(slots=True)
class Switch:
    """A switch of a dashboard, with its position in the answer; `dead` ways of flipping it are used up."""

    member: str
    on: bool = False
    deaths: list[Death] = field(default_factory=list)
    flips: int = 0

    def install(self, far: FarSide, path: str) -> None:
        far.answers["GET", "/domain"] = lambda heard: say(
            {"id": DOMAIN, "hostname": "example.com", self.member: self.on}
        )
        far.answers["POST", path] = self.flip

    def flip(self, heard: Heard) -> Act:
        self.flips += 1
        death = self.deaths.pop(0) if self.deaths else Death(done=True, answer=lambda good: good)
        if death.done:
            self.on = not self.on
        return death.answer(NOTHING)


SWITCHES = [
    ("domains.set_public", "public"),
    ("domains.set_scripts_disabled", "disable_scripts"),
    ("domains.set_grouped_by_title", "group_by_title"),
]


@pytest.mark.parametrize(("name", "member"), SWITCHES)
def test_a_readable_switch_is_only_flipped_when_it_must(
    pirsch: Pirsch, far: FarSide, name: str, member: str
) -> None:
    switch = Switch(member=member)
    switch.install(far, CALLS[name].path)
    assert CALL[name](pirsch, SCRIPTED) is True
    assert CALL[name](pirsch, SCRIPTED) is False
    assert (switch.on, switch.flips) == (True, 1)


def test_a_flip_whose_look_fails_leaves_the_doubt(pirsch: Pirsch, far: FarSide) -> None:
    shown = say({"id": DOMAIN, "hostname": "example.com", "public": False})
    far.answers["GET", "/domain"] = [shown, say({"error": ["gone"]}, 404)]
    far.answers["POST", "/domain/public"] = CUT
    with pytest.raises(Unsure) as caught:
        pirsch.domains.set_public(DOMAIN, on=True)
    assert caught.value.path == "/domain/public"


def test_threads_with_one_wish_flip_once(pirsch: Pirsch, far: FarSide) -> None:
    switch = Switch(member="public")
    switch.install(far, "/domain/public")
    with ThreadPoolExecutor(6) as threads:
        flipped = list(threads.map(lambda _: pirsch.domains.set_public(DOMAIN, on=True), range(12)))
    assert (switch.on, switch.flips, sum(flipped)) == (True, 1, 1)


@pytest.mark.parametrize("death", DEATHS.values(), ids=DEATHS)
@pytest.mark.parametrize(("name", "member"), SWITCHES)
def test_a_readable_switch_is_looked_at_after_a_doubt(
    pirsch: Pirsch, far: FarSide, name: str, member: str, death: Death
) -> None:
    switch = Switch(member=member, deaths=[death])
    switch.install(far, CALLS[name].path)
    if death.done:
        assert CALL[name](pirsch, SCRIPTED) is True
    else:
        with pytest.raises(Unsure):
            CALL[name](pirsch, SCRIPTED)
    assert switch.flips == 1
    CALL[name](pirsch, SCRIPTED)
    assert switch.on
