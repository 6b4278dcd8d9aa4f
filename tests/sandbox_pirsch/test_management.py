"""Objects, switches and what Pirsch does with them as time passes."""

import io
import re
import signal
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.clock import SandboxClock
from bot.sandbox.pirsch import Incident, Simulator, Site, Trouble, start
from tests.sandbox_pirsch.conftest import NOW, SETTINGS, SHOP, Caller, calling

GOAL = {"name": "Order", "event_name": "purchase"}


@pytest.fixture
def shop(pirsch: Simulator) -> str:
    return pirsch.domain_id(SHOP)


def kinds(pirsch: Simulator) -> list[str]:
    return [mail.kind for mail in pirsch.account.mails]


def test_goals_are_reached_mailed_and_deleted(api: Caller, pirsch: Simulator, shop: str) -> None:
    kept = api.post("/goal", domain_id=shop, **GOAL, visitors=2, email_reached=True)
    gone = api.post("/goal", domain_id=shop, **GOAL, visitors=3, delete_reached=True)
    far = api.post("/goal", domain_id=shop, **GOAL, visitors=10_000, email_reached=True, delete_reached=True)
    none = api.post("/goal", domain_id=shop, **GOAL, email_reached=True)
    pirsch.advance(timedelta(days=6), send=False)
    with calling(pirsch) as later:
        listed = {goal["id"]: goal for goal in later.get("/goal", id=shop)}
        assert set(listed) == {kept["id"], far["id"], none["id"]} - {gone["id"]}
        assert [listed[id]["email_reached"] for id in (kept["id"], far["id"])] == [False, True]
        assert kinds(pirsch) == ["goal"]
        later.send("PUT", "/goal", body=GOAL | {"id": kept["id"], "visitors": 2, "email_reached": True})
    pirsch.advance(timedelta(hours=1), send=False)
    assert kinds(pirsch) == ["goal", "goal"]  # the mail was armed again


def test_goal_targets_have_two_names(api: Caller, shop: str) -> None:
    made = api.post("/goal", domain_id=shop, **GOAL, visitors=5, cr=1.5, path_pattern="/a/**")
    assert (made["visitor_goal"], made["cr_goal"]) == (5, 1.5)
    assert (made["custom_metric_total_goal"], made["custom_metric_avg_goal"]) == (None, None)
    assert (made["path_pattern"], made["pattern"]) == ("/a/**", "(?i)^/a/.*$")
    sent_back = api.send("PUT", "/goal", body=made).json()  # wipes the targets: the trap is the vendor's
    assert (sent_back["visitor_goal"], sent_back["cr_goal"]) == (None, None)


def test_a_put_replaces_the_whole(api: Caller, shop: str) -> None:
    made = api.post("/goal", domain_id=shop, **GOAL, tags=["a"], event_meta_key="plan", delete_reached=True)
    changed = api.send("PUT", "/goal", body={"id": made["id"], "name": "N", "event_name": "e"}).json()
    assert (changed["tags"], changed["event_meta_key"], changed["delete_reached"]) == ([], "", False)
    assert changed["id"] == made["id"]


@pytest.mark.parametrize(
    ("path", "body", "wrong"),
    [
        ("/goal", {"name": "", "event_name": "e"}, {"name"}),
        ("/goal", {"name": "n"}, {"path_pattern", "event_name"}),
        ("/goal", {"name": 5, "event_name": "e", "tags": "x", "cr": True}, {"name", "tags", "cr"}),
        ("/goal", GOAL | {"custom_metric_type": "money"}, {"custom_metric_type"}),
        ("/goal", GOAL | {"name": "n" * 201}, {"name"}),
        ("/goal/regex", {"regex": "("}, {"regex"}),
        ("/funnel", {"name": "f", "steps": [{"filter": {}}]}, {"steps"}),
        ("/funnel", {"name": "f", "steps": [{"filter": {}}] * 9}, {"steps"}),
        ("/funnel", {"name": "f", "steps": [{"filter": []}, {"filter": "x"}]}, {"steps"}),
        ("/webhook", {"event": "e", "endpoint": "http://bot.example.com/"}, {"endpoint"}),
        ("/webhook", {"event": "e", "endpoint": "https://"}, {"endpoint"}),
        ("/webhook", {"event": "e", "endpoint": "http://["}, {"endpoint"}),
        ("/webhook", {}, {"event", "endpoint"}),
        ("/report", {"emails": []}, {"emails"}),
        ("/report", {"emails": ["nobody"]}, {"emails"}),
        ("/report", {"emails": ["a@b.example"], "interval": 5}, {"interval"}),
        ("/report", {"emails": ["a@b.example"], "start_date": "soon"}, {"start_date"}),
        ("/link", {"name": "n"}, {"urls"}),
        ("/domain/timezone", {"timezone": "Mars/Olympus"}, {"timezone"}),
        ("/domain/active", {"time": 0}, {"time"}),
        ("/traffic/spike", {"threshold": 0}, {"threshold"}),
        ("/domain", {"hostname": SHOP}, {"hostname"}),
        ("/domain/snippet", {}, {"type"}),
    ],
)  # fmt: skip
def test_wrong_fields_are_named(
    api: Caller, shop: str, path: str, body: dict[str, Any], wrong: set[str]
) -> None:
    reply = api.send("POST", path, body={"domain_id": shop} | body)
    assert reply.status_code == 400
    assert set(reply.json()) == {"validation", "error", "context"}
    assert set(reply.json()["validation"]) == wrong


@pytest.mark.parametrize("path", ["/goal", "/funnel", "/webhook", "/filter", "/report", "/link", "/view"])
def test_what_is_not_there_cannot_be_deleted(api: Caller, path: str) -> None:
    reply = api.send("DELETE", path, {"id": "nothing"})
    assert reply.status_code == 404
    assert reply.json()["error"] == [f"{path[1:].capitalize()} not found."]


def test_locked_objects_refuse_without_a_reason(api: Caller, pirsch: Simulator, shop: str) -> None:
    made = api.post("/filter", domain_id=shop, type="ip", filter="192.0.2.1")
    pirsch.lock("filter", made["id"])
    changed = made | {"filter": "192.0.2.2"}
    assert api.send("POST", "/filter", body=changed).status_code == 403
    assert api.send("DELETE", "/filter", {"id": made["id"]}).status_code == 403
    assert api.get("/filter", domain_id=shop) == [made]  # nothing shows the lock
    pirsch.lock("filter", made["id"], locked=False)
    assert api.send("POST", "/filter", body=changed).ok


def test_posts_without_an_id_create(api: Caller, shop: str) -> None:
    hook = {"domain_id": shop, "event": "e", "endpoint": "https://bot.example.com/"}
    one, two = api.post("/webhook", **hook), api.post("/webhook", **hook)
    assert one["id"] != two["id"]
    assert api.post("/webhook", **hook, id=one["id"], description="d")["id"] == one["id"]
    assert len(api.get("/webhook", domain_id=shop)) == 2


def test_spikes_are_mailed_and_then_muted(pirsch: Simulator, api: Caller, shop: str) -> None:
    before = api.get("/domain", id=shop)
    api.post("/traffic/spike", domain_id=shop, threshold=12)
    storm = Incident(
        trouble=Trouble.VIRAL, start_at=NOW + timedelta(hours=1), length=timedelta(hours=3), strength=25
    )
    pirsch.happen(SHOP, storm)
    api.send("PUT", "/traffic/spike", body={"domain_id": shop})
    pirsch.advance(timedelta(hours=8), send=False)
    assert kinds(pirsch) == ["spike"]
    with calling(pirsch) as later:
        assert later.get("/domain", id=shop) == before  # neither position nor threshold can be read
        later.send("PUT", "/traffic/spike", body={"domain_id": shop})
    assert not pirsch.account.switch(shop, "spike").on


def test_silence_is_mailed() -> None:
    down = Incident(trouble=Trouble.SITE_DOWN, start_at=NOW, length=timedelta(days=9))
    site = Site(hostname=SHOP, visitors_per_day=60, incidents=(down,))
    from_the_start = {"hostname": "new.example.com", "traffic_warning_threshold_days": 3}
    with start(replace(SETTINGS, sites=(site,))) as pirsch, calling(pirsch) as api:
        made = api.post("/domain", **from_the_start)
        assert pirsch.account.switch(made["id"], "warning").on
        api.post("/traffic/warning", domain_id=pirsch.domain_id(SHOP), threshold=2)
        api.send("PUT", "/traffic/warning", body={"domain_id": pirsch.domain_id(SHOP)})
        pirsch.advance(timedelta(days=1), send=False)
        assert kinds(pirsch) == []
        pirsch.advance(timedelta(days=3), send=False)
        assert sorted((mail.kind, mail.about) for mail in pirsch.account.mails) == [
            ("warning", "2"),
            ("warning", "3"),
        ]


def test_the_past_cannot_be_changed(pirsch: Simulator) -> None:
    with pytest.raises(ValueError, match="past"):
        pirsch.happen(SHOP, Incident(trouble=Trouble.SPAM, start_at=NOW - timedelta(1), length=timedelta(1)))


def test_reports(api: Caller, pirsch: Simulator, shop: str) -> None:
    flags = {"visitor_graph": True, "top_events": True}
    made = api.post("/report", domain_id=shop, emails=["a@b.example", "c@b.example"], interval=0, **flags)
    assert [one["email"] for one in made] == ["a@b.example", "c@b.example"]
    assert all("emails" not in one and one["visitor_graph"] for one in made)
    listed = api.get("/report", id=shop)
    assert "visitor_graph" not in listed[0]
    changed = api.send("PUT", "/report", body={"id": made[0]["id"], "interval": 1}).json()
    assert (changed["visitor_graph"], changed["email"]) == (False, "a@b.example")
    pirsch.advance(timedelta(days=3, minutes=1), send=False)
    assert [mail.about for mail in pirsch.account.mails].count("c@b.example") == 3


def test_links(api: Caller, shop: str) -> None:
    urls = [{"url": "https://shop.example.com/"}]
    made = api.post("/link", domain_id=shop, name="Flyer", urls=urls, password="secret", tags=["spring"])
    assert made["event_name"] == "Link: Flyer"
    assert made["has_password"] is True
    assert "secret" not in str(made)
    assert api.get("/link/tags", id=shop, search="spr") == ["spring"]
    cleared = api.post("/link", domain_id=shop, id=made["id"], name="F", urls=urls, clear_password=True)
    assert cleared["has_password"] is False
    assert api.get("/link", id=shop, search="nothing") is None


def test_funnel_steps_know_the_names_of_definitions_only(api: Caller, shop: str) -> None:
    steps = [
        {"name": "a", "filter": {"event": ["x"], "path": ["/"]}},
        {"name": "b", "filter": {"tag": ["t"]}},
    ]
    made = api.post("/funnel", domain_id=shop, name="F", steps=steps)
    assert "event" not in made["steps"][0]["filter"]
    assert made["steps"][0]["filter"]["path"] == ["/"]
    again = api.post("/funnel", domain_id=shop, name="G", id=made["id"], steps=steps)
    assert again["id"] == made["id"]
    assert again["steps"][0]["id"] != made["steps"][0]["id"]
    assert api.get("/funnel/tags", id=shop) == ["t"]


def test_domains_can_be_looked_up(api: Caller, pirsch: Simulator, shop: str) -> None:
    assert {one["hostname"] for one in api.get("/domain")} == set(pirsch.keys.domains)
    assert [one["id"] for one in api.get("/domain", search="SHOP.")] == [shop]
    api.post("/domain/custom", domain_id=shop, hostname="stats.example.com")
    for name, value in (("subdomain", "shop-example-com"), ("domain", "stats.example.com"), ("id", shop)):
        assert api.get("/domain", **{name: value})["id"] == shop
    assert api.send("GET", "/domain", {"id": ""}).status_code == 404
    assert api.send("GET", "/domain", {"subdomain": ""}).status_code == 404


def test_readable_switches_flip(api: Caller, shop: str) -> None:
    for path, name in (("public", "public"), ("scripts", "disable_scripts"), ("title", "group_by_title")):
        for expected in (True, False):
            api.post(f"/domain/{path}", domain_id=shop)
            assert api.get("/domain", id=shop)[name] is expected


def test_a_deleted_domain_takes_everything_along(api: Caller, pirsch: Simulator) -> None:
    made = api.post("/domain", hostname="new.example.com")
    goal = api.post("/goal", domain_id=made["id"], **GOAL)
    pirsch.lock("goal", goal["id"])
    assert api.send("DELETE", "/domain", {"id": made["id"]}).ok
    assert api.send("GET", "/goal", {"id": made["id"]}).status_code == 404
    assert not list(pirsch.account.shelves["goal"])


def test_members_and_organizations(api: Caller, pirsch: Simulator, shop: str) -> None:
    api.post("/member", id=shop, emails=["a@example.com"])
    (invited,) = api.get("/invitation", domain_id=shop)
    api.post("/invitation", id=invited["id"])
    member = api.get("/member", id=shop)[-1]
    assert (member["role"], member["user"]["email"]) == ("viewer", "a@example.com")
    assert api.send("PUT", "/member", body={"id": member["id"], "role": "king"}).status_code == 400
    made = api.post("/organization", name="Guild")
    api.post("/organization/domain", id=made["id"], domain_id=shop)
    assert api.get("/organization")[0]["domains"] == 1
    assert api.send("DELETE", "/organization", {"id": made["id"], "delete_domains": "true"}).ok
    assert api.send("GET", "/domain", {"id": shop}).status_code == 404


def test_billing(api: Caller, pirsch: Simulator) -> None:
    whole = {"from": "2026-11-01", "to": "2026-11-10"}
    rows = api.send("GET", "/billing", whole).json()
    assert {row["domain"]["hostname"] for row in rows} == set(pirsch.keys.domains)
    shop = next(row for row in rows if row["domain"]["hostname"] == SHOP)
    assert shop["page_views"] == api.shop("/total", from_="2026-11-01", to="2026-11-10")["views"]
    for number in range(49):
        pirsch.account.open_domain({"hostname": f"{number}.example.com", "timezone": "UTC"})
    (every,) = api.send("GET", "/billing", whole).json()
    assert every["domain"]["hostname"] == "All"
    assert every["page_views"] == sum(row["page_views"] for row in rows)


def test_csv(numbers: Caller) -> None:
    query = {"id": numbers.pirsch.domain_id(SHOP), "from": "2026-11-01", "to": "2026-11-10"}
    reply = numbers.send("GET", "/statistics", query | {"pages": "true", "os": "", "events": "no"})
    assert reply.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(reply.content)) as archive:
        assert archive.namelist() == ["pages.csv"]
        assert archive.read("pages.csv").startswith(b"path,title,visitors,views")


def test_clock() -> None:
    clock = SandboxClock(NOW, speed=0)
    assert clock() == clock() == NOW
    assert clock.advance(timedelta(weeks=3)) == NOW + timedelta(weeks=3)
    clock.set_speed(1_000_000)
    assert clock() > NOW + timedelta(weeks=3)
    for wrong in (lambda: clock.advance(timedelta(-1)), lambda: clock.set_speed(-1)):
        with pytest.raises(ValueError, match="backwards"):
            wrong()
    with pytest.raises(ValueError, match="aware"):
        SandboxClock(NOW.replace(tzinfo=None))
    assert SandboxClock()().tzinfo is not None


def test_it_runs_alone_and_says_how_to_reach_it() -> None:
    code = "from bot.sandbox.pirsch import run; run(visitors=30, write=lambda t: print(t, flush=True))"
    root = Path(__file__).parents[2]
    with subprocess.Popen([sys.executable, "-c", code], cwd=root, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        said = ""
        while "access key" not in said.partition("blog.")[2]:
            said += child.stdout.readline()
        child.send_signal(signal.SIGTERM)
        assert child.wait(10) == 0
    assert re.search(r"http://127\.0\.0\.1:\d+ ", said)
    assert re.search(r"client id +\w{32}\n", said)
    assert re.search(r"client secret +\w{64}\n", said)
    assert re.search(r"shop\.example\.com \(Europe/Berlin\): domain id \w{10}", said)


def test_sharing(api: Caller, pirsch: Simulator, shop: str) -> None:
    made = api.post("/domain/alternative", domain_id=shop, hostname="a.example.com")
    assert api.send("PUT", "/domain/alternative", body={"id": made["id"], "hostname": "b.example.com"}).ok
    assert api.get("/domain/alternative", domain_id=shop)[0]["hostname"] == "b.example.com"
    assert api.get("/domain/snippet", domain_id=shop, type="event")["dev"] is False
    assert api.send("GET", "/domain/snippet", {"domain_id": shop}).status_code == 400
    assert api.send("POST", "/member", body={"emails": ["a@example.com"]}).status_code == 404
    clients = api.get("/client", id=shop)
    assert {one["client_id"] for one in clients} >= {pirsch.keys.domains[SHOP].client_id}
    assert pirsch.keys.domains[SHOP].client_secret not in str(clients)
    (own,) = api.get("/client")
    assert own["client_id"] == pirsch.keys.user.client_id
    with calling(pirsch, SHOP) as domain:
        assert domain.send("GET", "/client").status_code == 403


def test_organizations_invite_too(api: Caller) -> None:
    guild = api.post("/organization", name="Guild")["id"]
    api.post("/member", organization_id=guild, emails=["a@example.com"])
    (invited,) = api.get("/invitation", organization_id=guild)
    assert api.get("/invitation")[0]["id"] == invited["id"]
    api.post("/invitation", id=invited["id"])
    assert api.get("/member", organization_id=guild)[0]["user"]["email"] == "a@example.com"
    assert api.get("/organization")[0]["member"] == 2
    api.post("/organization/autojoin", id=guild, auto_join=["example.com", "example.com"])
    assert api.send("DELETE", "/organization/autojoin", {"id": guild, "auto_join": "example.com"}).ok


def test_themes(api: Caller, pirsch: Simulator, shop: str) -> None:
    form = {"data": (None, '{"name": "Night", "settings": {"color": "black"}}')}
    url, headers = f"{pirsch.url}/api/v1/theme", {"Authorization": f"Bearer {api.bearer}"}
    night = api.session.post(url, files=form, headers=headers, timeout=20).json()
    copy = api.post("/theme", name="Copy", copy_id=night["id"])
    assert copy["settings"] == {"color": "black"}
    assert api.post("/theme", id=copy["id"], name="Renamed")["name"] == "Renamed"
    api.send("PUT", "/domain/theme", body={"domain_id": shop, "theme_id": night["id"]})
    assert api.get("/domain", id=shop)["theme"]["name"] == "Night"
    assert api.send("DELETE", "/theme/file", {"theme_id": night["id"], "file": "poem"}).status_code == 400
    assert api.send("DELETE", "/theme", {"id": night["id"]}).ok


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/statistics/visitor", {"scale": "fortnight"}, 400),
        ("/statistics/session/details", {"visitor_id": "1"}, 400),
        ("/statistics/session/details", {"visitor_id": "1", "session_id": "1"}, 404),
        ("/statistics/funnel", {"funnel_id": "nothing"}, 404),
        ("/statistics/active", {"start": "soon"}, 400),
        ("/statistics/total", {"id": ""}, 404),
    ],
)
def test_statistics_that_cannot_be(numbers: Caller, path: str, query: dict[str, str], status: int) -> None:
    days = {"id": numbers.pirsch.domain_id(SHOP), "from": "2026-11-10", "to": "2026-11-11"}
    assert numbers.send("GET", path, days | query).status_code == status
