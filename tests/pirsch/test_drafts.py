"""What is written: whole objects, in the names that Pirsch takes, and refused where they cannot be whole."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.http.decoding import decode
from bot.pirsch import catalogue
from bot.pirsch.answers.account import Usage
from bot.pirsch.answers.numbers import Span
from bot.pirsch.answers.owned import Funnel, Goal, Link, LinkUrl
from bot.pirsch.calls import CALLS
from bot.pirsch.client import Pirsch
from bot.pirsch.conditions import Dimension
from bot.pirsch.errors import NotReadable, Unaskable, Unsure
from bot.pirsch.filters import normalised
from bot.pirsch.funnels import FunnelDraft, StepDraft
from bot.pirsch.goals import GoalDraft
from bot.pirsch.ids import GoalId
from bot.pirsch.ingest import EventHit, Hit, Visit
from bot.pirsch.links import LinkDraft
from bot.pirsch.reports import Every
from tests.pirsch import documented
from tests.pirsch.every_call import (
    AT,
    CALL,
    DOMAIN,
    ENDPOINT,
    EVENT,
    FUNNEL,
    GOAL,
    HIT,
    LINK,
    REPORT,
    SCRIPTED,
    VISIT,
)
from tests.pirsch.far_side import CUT, NOTHING, Act, FarSide, members, say

EXAMPLES = documented.examples()
STEP = StepDraft(name="Cart", filter={"path": ["/cart"]})


# ---------------------------------------------------------------- goals


def test_a_goal_is_written_in_other_words_than_it_is_read() -> None:
    """Sent back as it came, it would lose its targets."""
    (told,) = EXAMPLES["GET", "/goal"][0]
    goal = decode(Goal, {**told, "path_pattern": "(?i)^/checkout/.*$", "heard_later": {"a": 1}})
    body = GoalDraft.of(goal).body(DOMAIN)
    assert (body["visitors"], body["cr"]) == (told["visitor_goal"], told["cr_goal"])
    assert "visitor_goal" not in body
    assert body["path_pattern"] == "/checkout/**"
    assert body["tags"] == ["blog", "author=John"]
    assert body["heard_later"] == {"a": 1}
    assert "mod_time" not in body
    sent_in_the_documents = set(EXAMPLES["POST", "/goal"][0]) - {
        *("id", "def_time", "mod_time", "pattern", "visitor_goal", "cr_goal")
    }
    assert sent_in_the_documents | {"visitors", "cr"} <= set(body)


def test_no_target_stays_no_target() -> None:
    goal = decode(Goal, {"id": "g", "name": "n", "event_name": "e", "visitor_goal": None, "cr_goal": None})
    assert goal.visitors is None
    body = GoalDraft.of(goal).body(DOMAIN)
    assert (body["visitors"], body["cr"]) == (0, 0.0)


def test_a_goal_by_regular_expression_is_not_written_back() -> None:
    goal = decode(Goal, {"id": "g", "name": "n", "pattern": "^/a/[0-9]+$"})
    with pytest.raises(Unaskable, match="regular expression"):
        GoalDraft.of(goal)


def test_an_update_that_is_answered_with_nothing_is_read_back(pirsch: Pirsch, far: FarSide) -> None:
    far.answers["PUT", "/goal"] = NOTHING
    far.answers["GET", "/goal"] = say(
        [
            {"id": "other", "name": "x"},
            {"id": "g", "name": "Signup", "event_name": "signup", "visitor_goal": 500},
        ]
    )
    assert pirsch.goals.update(DOMAIN, GoalId("g"), GOAL).id == "g"
    with pytest.raises(NotReadable):
        pirsch.goals.update(DOMAIN, GoalId("gone"), GOAL)


UPDATES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("goals.update", {"name": "Signup", "event_name": "signup", "visitor_goal": 500}, {"visitor_goal": 400}),
    ("filters.update", {"type": "ip", "filter": "89.56.99.71"}, {"filter": "89.56.99.72"}),
    ("webhooks.update", {"event": "event_name", "endpoint": ENDPOINT}, {"active": False}),
    ("views.update", {"name": "My View", "period": 5}, {"period": 4}),
    ("reports.update", {"email": "a@example.com", "interval": 1}, {"summary": False}),
    ("links.update", {"name": "Spring", "urls": [{"url": "https://example.com/spring"}]}, {"title": "Old"}),
    ("funnels.update", dict(FUNNEL.body(DOMAIN)), {"name": "Funnel"}),
]


@pytest.mark.parametrize(("name", "wished", "other"), UPDATES, ids=[name for name, _, _ in UPDATES])
def test_an_update_that_nobody_confirms_is_compared(
    pirsch: Pirsch, far: FarSide, name: str, wished: dict[str, Any], other: dict[str, Any]
) -> None:
    """That the object exists does not mean that it was saved: a page of a proxy says 200 as well."""
    call = CALLS[name]
    told = {"id": "A5kgYzK14m", **wished}
    far.answers[call.method, call.path] = Act(body=b"<html>Welcome to the hotel</html>")
    far.answers["GET", call.path] = say([told])
    saved: Any = CALL[name](pirsch, SCRIPTED)
    assert saved.id == "A5kgYzK14m"
    far.answers["GET", call.path] = say([told | other])
    with pytest.raises(Unsure):
        CALL[name](pirsch, SCRIPTED)
    far.answers["GET", call.path] = say({}, 500)
    with pytest.raises(Unsure):
        CALL[name](pirsch, SCRIPTED)
    far.answers["GET", call.path] = say([told])
    far.answers[call.method, call.path] = Act(status=302, headers={"Location": "https://example.com/"})
    with pytest.raises(Unsure, match="elsewhere"):
        CALL[name](pirsch, SCRIPTED)


def test_that_a_new_password_was_taken_no_answer_tells() -> None:
    link = decode(Link, {"id": "l", "name": "Spring", "urls": [{"url": "https://example.com/spring"}]})
    assert LINK.is_told_by(link)
    assert not replace(LINK, password="new").is_told_by(link)
    assert not replace(LINK, clear_password=True).is_told_by(replace(link, has_password=True))
    assert not LINK.is_told_by(replace(link, urls=()))


def test_a_goal_with_a_regular_expression_is_as_no_draft_says() -> None:
    assert not GOAL.is_told_by(decode(Goal, {"id": "g", "name": "Signup", "pattern": "^/a/[0-9]+$"}))


# ---------------------------------------------------------------- everything else that is whole


def test_a_funnel_is_written_back_whole() -> None:
    (told,) = EXAMPLES["GET", "/funnel"][0]
    funnel = decode(Funnel, {**told, "steps": told["steps"] * 2, "heard_later": 1})
    body = FunnelDraft.of(funnel).body(DOMAIN)
    assert body["heard_later"] == 1
    assert body["steps"] == [{"name": "Step 1", "filter": told["steps"][0]["filter"]}] * 2


def test_a_link_is_written_back_whole_but_for_its_password() -> None:
    (told,) = EXAMPLES["GET", "/link"][0]
    body = LinkDraft.of(decode(Link, told)).body(DOMAIN)
    kept = {name: value for name, value in told.items() if name in body and name not in ("urls", "domain_id")}
    assert {name: body[name] for name in kept} == kept
    assert body["urls"] == [
        {
            "id": "349oUHD2",
            "url": "https://example.com/target",
            "country": "gb",
            "language": "en",
            "os": "Windows",
        }
    ]
    assert (body["password"], body["clear_password"]) == ("", False)


def test_a_webhook_is_revived_by_saving_it_unchanged(pirsch: Pirsch, far: FarSide) -> None:
    (told,) = EXAMPLES["GET", "/webhook"][0]
    far.answers["GET", "/webhook"] = say([{**told, "active": False}])
    far.answers["POST", "/webhook"] = say({**told, "active": True})
    (dead,) = pirsch.webhooks.of(DOMAIN)
    assert dead.active is False
    assert pirsch.webhooks.update(DOMAIN, dead).active is True
    sent = members(far.calls("POST /webhook")[0])
    documented_members = {"id", "domain_id", "description", "event", "endpoint"}
    assert {name: sent[name] for name in documented_members} == {
        name: told[name] for name in documented_members - {"domain_id"}
    } | {"domain_id": DOMAIN}


def test_a_report_is_written_with_every_flag(pirsch: Pirsch, far: FarSide) -> None:
    far.answers["PUT", "/report"] = NOTHING
    far.answers["GET", "/report"] = say([{"id": "A5kgYzK14m", "email": "a@example.com", "interval": 1}])
    CALL["reports.update"](pirsch, SCRIPTED)
    sent = members(far.calls("PUT /report")[0])
    assert set(sent) == {
        *("id", "reply_to", "interval", "link_to", "visitor_graph", "summary", "top_pages", "top_referrer"),
        *("top_events", "hide_dashboard_button"),
    }
    assert replace(REPORT, every=Every.DAY).body()["interval"] == 0


def test_reports_that_nobody_can_name_are_looked_up(pirsch: Pirsch, far: FarSide) -> None:
    far.answers["GET", "/report"] = say([])
    far.answers["POST", "/report"] = say([])
    with pytest.raises(NotReadable, match="new report"):
        CALL["reports.create"](pirsch, SCRIPTED)


@pytest.mark.parametrize(
    ("type", "filter", "expected"),
    [
        ("ip", " 192.0.2.1/32 ", "192.0.2.1"),
        ("ip", "192.0.2.0/24", "192.0.2.0/24"),
        ("ip", "2001:DB8:0::/48", "2001:db8::/48"),
        ("hostname", " shop.example.com ", "shop.example.com"),
    ],
)
def test_a_filter_has_one_spelling(type: str, filter: str, expected: str) -> None:
    assert normalised(type, filter) == expected


def test_a_filter_that_we_would_not_send_is_no_trouble(pirsch: Pirsch, far: FarSide) -> None:
    old = {"id": "f", "type": "ip", "filter": "10.0.0.1/8"}
    new = {"id": "g", "type": "ip", "filter": "192.0.2.7"}
    far.answers["GET", "/filter"] = say([old])
    far.answers["POST", "/filter"] = say(new)
    assert pirsch.filters.create(DOMAIN, "ip", "192.0.2.7").created


# ---------------------------------------------------------------- ingest


def test_an_event_is_sent_in_the_documented_words(pirsch: Pirsch, far: FarSide) -> None:
    far.answers["POST", "/event"] = NOTHING
    pirsch.ingest.event(replace(EVENT, non_interactive=True))
    assert members(far.calls()[0]) == {
        "event_name": "purchase",
        "event_duration": 42,
        "event_meta": {"amount": "12.50"},
        "non_interactive": True,
        "url": "https://example.com/",
        "ip": "192.0.2.1",
        "user_agent": VISIT.user_agent,
    }


def test_batches_are_sorted_and_carry_their_times(pirsch: Pirsch, far: FarSide) -> None:
    far.answers["POST", "/hit/batch"] = far.answers["POST", "/event/batch"] = NOTHING
    far.answers["POST", "/session/batch"] = NOTHING
    later = AT + timedelta(minutes=5)
    pirsch.ingest.hits([replace(HIT, at=later), HIT])
    pirsch.ingest.events([replace(EVENT, hit=replace(HIT, at=later)), EVENT])
    pirsch.ingest.sessions([(later, VISIT), (AT, VISIT)])
    for heard in far.calls():
        rows: Any = heard.json()
        assert [row["time"] for row in rows] == ["2026-05-04T10:00:00Z", "2026-05-04T10:05:00Z"]


REFUSED: list[Callable[[], object]] = [
    lambda: Visit(ip="", user_agent="x"),
    lambda: Hit(visit=VISIT, url=""),
    lambda: EventHit(hit=HIT, name=""),
    lambda: EventHit(hit=HIT, name="e", meta={str(number): "x" for number in range(21)}),
    lambda: EventHit(hit=HIT, name="e", meta={"k" * 101: "x"}),
    lambda: EventHit(hit=HIT, name="e", meta={"k": "x" * 2001}),
    lambda: EventHit(hit=HIT, name="e", meta={"k": " "}),
    lambda: GoalDraft(name="", event="e"),
    lambda: GoalDraft(name="n"),
    lambda: StepDraft(name="", filter={"path": ["/"]}),
    lambda: StepDraft(name="n", filter={}),
    lambda: FunnelDraft(name="", steps=FUNNEL.steps),
    lambda: FunnelDraft(name="n", steps=(STEP,)),
    lambda: FunnelDraft(name="n", steps=(STEP,) * 9),
    lambda: LinkDraft(name="n", urls=()),
    lambda: LinkDraft(name="", urls=(LinkUrl(url="https://example.com"),)),
    lambda: replace(LINK, expires_at=datetime(2026, 1, 1)),  # noqa: DTZ001
]


@pytest.mark.parametrize("make", REFUSED)
def test_what_pirsch_would_drop_is_refused(make: Callable[[], object]) -> None:
    with pytest.raises(Unaskable):
        make()


def test_a_batch_without_times_is_refused(pirsch: Pirsch, far: FarSide) -> None:
    with pytest.raises(Unaskable):
        pirsch.ingest.hits([replace(HIT, at=None)])
    assert far.heard == []


def test_a_reports_needs_an_address(pirsch: Pirsch) -> None:
    with pytest.raises(Unaskable):
        pirsch.reports.create(DOMAIN, [], REPORT)


def test_no_condition_is_no_condition() -> None:
    with pytest.raises(Unaskable):
        SCRIPTED.query.where(Dimension.COUNTRY)


# ---------------------------------------------------------------- small answers


def test_the_one_row_for_all_dashboards() -> None:
    told = EXAMPLES["GET", "/billing"][0]
    assert [decode(Usage, row).domain_id for row in told] == ["Jk49fgm38"]
    assert decode(Usage, {"domain": "All", "page_views": 7}).domain_id is None


def test_a_row_begins_on_its_first_day() -> None:
    row = {
        "day": None,
        "week": "2026-05-04T00:00:00Z",
        "visitors": 1,
        "views": 1,
        "sessions": 1,
        "bounces": 0,
    }
    first = decode(Span, row).first_day
    assert first is not None
    assert first.isoformat() == "2026-05-04"


def test_no_import_runs(pirsch: Pirsch, far: FarSide) -> None:
    for nothing in (say(None), NOTHING, say({"error": ["no job"]}, 404)):
        far.answers["GET", "/import"] = nothing
        assert pirsch.imports.job(DOMAIN) is None


def test_usage_may_be_asked_for_without_days(pirsch: Pirsch, far: FarSide) -> None:
    far.answers["GET", "/billing"] = say([])
    assert pirsch.account.usage() == ()
    assert far.calls()[0].params == ()


def test_nobody_lives_at_this_domain(pirsch: Pirsch, far: FarSide) -> None:
    far.answers["GET", "/domain/custom"] = say({"error": ["Domain not found."]}, 404)
    assert pirsch.domains.is_custom_domain("stats.example.com") is False


def test_an_unsure_switch_says_so(pirsch: Pirsch, far: FarSide) -> None:
    far.answers["GET", "/domain"] = say({"id": DOMAIN, "hostname": "example.com", "public": False})
    far.answers["POST", "/domain/public"] = CUT
    with pytest.raises(Unsure):
        pirsch.domains.set_public(DOMAIN, on=True)


def test_the_page_about_calls_is_written_by_its_command() -> None:
    command = [sys.executable, "-m", "bot.pirsch.catalogue"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == catalogue.page()


def test_times_leave_as_utc() -> None:
    body = replace(LINK, expires_at=datetime(2026, 5, 4, 10, 0, tzinfo=UTC)).body(DOMAIN)
    assert body["expires_at"] == "2026-05-04T10:00:00Z"
