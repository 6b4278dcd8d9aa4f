"""Every call that the vendor documents is there, and answers at least what the documents show.

The shapes are in data/documented_calls.json: one row per call with the keys and types of its answer.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.pirsch import Limits, Simulator, start
from bot.sandbox.pirsch.calls.user import REFUSED
from tests.sandbox_pirsch.conftest import BLOG, BROWSER, SETTINGS, SHOP, Caller, calling

DOCUMENTED: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "data" / "documented_calls.json").read_text()
)
NOT_COMPARED = {*REFUSED, "GET /google/import/profile"}  # nobody is signed in at Google: the list is empty
ANSWERED = [
    row for row in DOCUMENTED if "answer" in row and f"{row['method']} {row['path']}" not in NOT_COMPARED
]

Json = dict[str, Any]
SPELT_OTHERWISE = {"visitor_growth"}  # once in the documents; the core and its users say visitors_growth


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One of everything, made by the calls themselves."""

    api: Caller
    sender: Caller  # keep-alives have no address: only a domain's own client can send them
    domain: str
    blog: str
    ids: dict[str, str] = field(default_factory=dict)

    def fresh(self, path: str, body: Json) -> str:
        """Make another object and return its id."""
        made = self.api.post(path, **body)
        return str((made[0] if isinstance(made, list) else made)["id"])

    def begin_import(self) -> None:
        """Begin what no call here begins."""
        job = {"type": "ga", "google_user_id": "", "google_user_email": "", "domain": None}
        self.api.pirsch.account.shelves["import"].make(job | {"from": None, "to": None}, self.domain)


def webhook(stage: Stage) -> Json:
    return {
        "domain_id": stage.domain,
        "event": "e",
        "endpoint": "https://bot.example.com/x",
        "description": "d",
    }


def traffic_filter(stage: Stage) -> Json:
    return {"domain_id": stage.domain, "type": "ip", "filter": "192.0.2.0/24", "description": "d"}


def goal(stage: Stage) -> Json:
    return {
        "domain_id": stage.domain,
        "name": "Order",
        "event_name": "purchase",
        "visitors": 5,
        "tags": ["a=b"],
    }


def funnel(stage: Stage) -> Json:
    steps = [{"name": "1", "filter": {"path": ["/"]}}, {"name": "2", "filter": {"tag": ["author"]}}]
    return {"domain_id": stage.domain, "name": "Funnel", "steps": steps}


def report(stage: Stage) -> Json:
    return {"domain_id": stage.domain, "emails": ["a@example.com", "b@example.com"], "interval": 1}


def link(stage: Stage) -> Json:
    urls = [{"url": "https://shop.example.com/", "country": "gb"}]
    return {"domain_id": stage.domain, "name": "Flyer", "tags": ["foo"], "urls": urls}


def view(stage: Stage) -> Json:
    return {"domain_id": stage.domain, "name": "View", "path": ["/"], "period": 5}


def access(stage: Stage) -> Json:
    return {"domain_id": stage.domain, "description": "d"}


def alternative(stage: Stage) -> Json:
    return {"domain_id": stage.domain, "hostname": "alternative.example.com"}


def organization(_: Stage) -> Json:
    return {"name": "Organization"}


def theme(_: Stage) -> Json:
    return {"name": "Theme", "settings": {"color": "red"}}


def invitation(stage: Stage) -> str:
    stage.api.post("/member", id=stage.domain, emails=["new@example.com"])
    return str(stage.api.get("/invitation", domain_id=stage.domain)[-1]["id"])


def member(stage: Stage) -> str:
    stage.api.post("/invitation", id=invitation(stage))
    return str(stage.api.get("/member", id=stage.domain)[-1]["id"])


BODIES: dict[str, Callable[[Stage], Json]] = {
    "/webhook": webhook,
    "/filter": traffic_filter,
    "/goal": goal,
    "/funnel": funnel,
    "/report": report,
    "/link": link,
    "/view": view,
    "/domain/link": access,
    "/domain/alternative": alternative,
    "/organization": organization,
    "/theme": theme,
}
IN_DOMAIN_ID = ("/webhook", "/filter", "/view", "/domain/link", "/domain/alternative", "/domain/snippet")
HIT = {"url": f"https://{SHOP}/", "ip": "192.0.2.1", "user_agent": BROWSER, "event_name": "e"}
DATED = [HIT | {"time": "2026-11-18T10:00:00Z"}]
SNIPPET = {"type": "event", "dev": True}
EXTRA: dict[str, Json] = {
    "/statistics/event/meta": {"event": "purchase", "event_meta_key": "currency"},
    "/statistics/event/page": {"event": "purchase"},
    "/statistics/tag/details": {"tag": "author"},
    "/statistics/options/tag/value": {"tag": "author"},
    "/statistics/pages": {"keyword": "paper kite"},
}
QUERIES: dict[str, Callable[[Stage], Json]] = {
    "GET /domain": lambda _: {"search": ""},
    "GET /domain/custom": lambda _: {"domain": "stats.example.com"},
    "GET /domain/snippet": lambda stage: {"domain_id": stage.domain, "type": "event"},
    "GET /invitation": lambda stage: {"domain_id": stage.domain},
    "GET /organization/domain": lambda stage: {"id": stage.ids["/organization"]},
    "GET /statistics/funnel": lambda stage: days(stage) | {"funnel_id": stage.ids["/funnel"]},
    "GET /statistics/session/details": lambda stage: days(stage) | some_session(stage),
    "DELETE /organization/domain": lambda stage: in_organization(stage) | {"domain_id": stage.blog},
    "DELETE /organization/autojoin": lambda stage: in_organization(stage) | {"auto_join": "example.com"},
    "DELETE /theme/file": lambda stage: {"theme_id": stage.ids["/theme"], "file": "favicon"},
    "DELETE /member": lambda stage: {"id": member(stage)},
    "DELETE /domain": lambda stage: {"id": stage.fresh("/domain", {"hostname": "gone.example.com"})},
}
SENT: dict[str, Callable[[Stage], object]] = {
    "POST /token": lambda stage: token(stage),
    "POST /hit": lambda _: HIT,
    "POST /event": lambda _: HIT,
    "POST /session": lambda _: HIT,
    **{f"POST /{name}/batch": lambda _: DATED for name in ("hit", "event", "session")},
    "DELETE /statistics": lambda stage: {
        "id": stage.blog,
        "kind": "",
        "from": "2026-08-01",
        "to": "2026-08-02",
    },
    "POST /domain": lambda _: {"hostname": "new.example.com", "timezone": "Asia/Tokyo"},
    "PUT /domain": lambda stage: {"id": stage.blog},
    "POST /domain/hostname": lambda stage: {"domain_id": stage.blog, "hostname": "weblog.example.com"},
    "POST /domain/subdomain": lambda stage: {"domain_id": stage.domain, "subdomain": "shop"},
    "POST /domain/name": lambda stage: {"domain_id": stage.domain, "display_name": "Us"},
    "POST /domain/active": lambda stage: {"domain_id": stage.domain, "time": 300},
    "POST /domain/timezone": lambda stage: {"domain_id": stage.domain, "timezone": "Europe/Paris"},
    "POST /domain/settings": lambda stage: {"domain_id": stage.domain, "settings": {"active": False}},
    "POST /domain/metadata": lambda stage: {"domain_id": stage.domain, "metadata": {"owner": "bot"}},
    "PUT /domain/theme": lambda stage: {"domain_id": stage.domain, "theme_id": stage.ids["/theme"]},
    "POST /domain/theme": lambda stage: {"domain_id": stage.domain, "settings": {"color": "blue"}},
    "POST /domain/custom": lambda stage: {"domain_id": stage.domain, "hostname": "stats.example.com"},
    "POST /domain/snippet": lambda stage: {"domain_id": stage.domain} | SNIPPET,
    "PUT /domain/link": lambda stage: {"id": stage.ids["/domain/link"], "description": "x"},
    "PUT /domain/alternative": lambda stage: {
        "id": stage.ids["/domain/alternative"],
        "hostname": "z.example.com",
    },
    "POST /traffic/spike": lambda stage: {"domain_id": stage.domain, "threshold": 100},
    "POST /traffic/warning": lambda stage: {"domain_id": stage.domain, "threshold": 5},
    "POST /goal/regex": lambda _: {"regex": "(?i)^/a/[^/]*$", "sample": "/a/b"},
    "PUT /goal": lambda stage: goal(stage) | {"id": stage.ids["/goal"]},
    "PUT /report": lambda stage: {"id": stage.ids["/report"], "interval": 4, "summary": True},
    "PUT /organization": lambda stage: {"id": stage.ids["/organization"], "name": "New"},
    "PUT /organization/theme": lambda stage: {
        "organization_id": stage.ids["/organization"],
        "theme_id": stage.ids["/theme"],
    },
    "POST /organization/domain": lambda stage: in_organization(stage) | {"domain_id": stage.blog},
    "POST /organization/autojoin": lambda stage: in_organization(stage) | {"auto_join": ["example.com"]},
    "POST /member": lambda stage: {"id": stage.domain, "emails": ["x@example.com"]},
    "PUT /member": lambda stage: {"id": member(stage), "role": "admin"},
    "DELETE /invitation": lambda stage: {"id": invitation(stage)},
    "POST /invitation": lambda stage: {"id": invitation(stage)},
    "POST /user/filter": lambda _: {"default_time_range": "30d"},
    "POST /user/name": lambda _: {"full_name": "Ada"},
    "POST /user/language": lambda _: {"language": "de"},
    "POST /user/news": lambda _: {"news": 43},
    "POST /user/favorite": lambda stage: {"id": stage.domain},
    "POST /user/pin": lambda stage: {"id": stage.domain},
}


def token(stage: Stage) -> Json:
    keys = stage.api.pirsch.keys.user
    return {"client_id": keys.client_id, "client_secret": keys.client_secret}


def in_organization(stage: Stage) -> Json:
    return {"id": stage.ids["/organization"]}


def days(stage: Stage) -> Json:
    return {"id": stage.domain, "from": "2026-11-10", "to": "2026-11-12"}


def some_session(stage: Stage) -> Json:
    listed = stage.api.get("/statistics/session/list", id=stage.domain, from_="2026-11-10", to="2026-11-12")
    # One with a page view and an event, so that both kinds of rows can be looked at.
    chosen = next(
        one for one in listed if one["entry_path"].startswith("/products/") and one["page_views"] > 3
    )
    return {"visitor_id": chosen["visitor_id"], "session_id": chosen["session_id"]}


def query_of(stage: Stage, method: str, path: str) -> Json:
    if found := QUERIES.get(f"{method} {path}"):
        return found(stage)
    if path.startswith("/statistics") and method == "GET":
        return days(stage) | EXTRA.get(path, {})
    if method == "DELETE" and path in BODIES:
        return {"id": stage.fresh(path, BODIES[path](stage))}
    name = "domain_id" if path in IN_DOMAIN_ID or "import" in path else "id"
    return {name: stage.domain}


def body_of(stage: Stage, method: str, path: str) -> object:
    if found := SENT.get(f"{method} {path}"):
        return found(stage)
    if method == "POST" and path in BODIES:
        return BODIES[path](stage)
    return {"domain_id": stage.domain} if method in ("POST", "PUT") else None


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    settings = replace(SETTINGS, limits=Limits(security=None, configuration=None))
    with start(settings) as pirsch, calling(pirsch) as api, calling(pirsch, SHOP) as sender:
        domain, blog = pirsch.domain_id(SHOP), pirsch.domain_id(BLOG)
        made = Stage(api=api, sender=sender, domain=domain, blog=blog)
        made.ids.update({path: made.fresh(path, body(made)) for path, body in BODIES.items()})
        api.post("/domain/custom", domain_id=domain, hostname="stats.example.com")
        api.post("/domain/snippet", **({"domain_id": domain} | SNIPPET))
        api.post("/user/picture")
        api.post("/member", id=domain, emails=["guest@example.com"])
        yield made


def name_of(row: Json) -> str:
    return f"{row['method']} {row['path']}"


def test_every_documented_call_is_there_and_no_other(still: Simulator) -> None:
    assert {(row["method"], row["path"]) for row in DOCUMENTED} == still.api.calls


@pytest.mark.parametrize("row", DOCUMENTED, ids=name_of)
def test_every_call_is_carried_out(stage: Stage, row: Json) -> None:
    method, path = row["method"], row["path"]
    if method == "DELETE" and path == "/user/picture":
        stage.api.post("/user/picture")
    sender = stage.sender if path.startswith("/session") else stage.api
    reply = sender.send(method, path, query_of(stage, method, path), body_of(stage, method, path))
    assert reply.status_code == (403 if f"{method} {path}" in REFUSED else 200), reply.text


@pytest.mark.parametrize("row", ANSWERED, ids=name_of)
def test_answers_have_what_the_documents_show(stage: Stage, row: Json) -> None:
    method, path = row["method"], row["path"]
    stage.begin_import()  # another test may have cancelled it
    if path == "/domain" and method == "POST":
        reply = stage.api.send(method, path, body={"hostname": "another.example.com"})
    elif path == "/domain" and isinstance(row["answer"], dict):
        reply = stage.api.send(method, path, {"id": stage.domain}, {"id": stage.blog})
    else:
        reply = stage.api.send(method, path, query_of(stage, method, path), body_of(stage, method, path))
    assert reply.status_code == 200, reply.text
    answer, shape = reply.json(), row["answer"]
    assert answer not in (None, [], {}) or shape in ([], {}), "nothing to compare"
    problems = list(differences(shape, answer, path))
    assert problems == []


def differences(shape: object, answer: object, at: str) -> Iterator[str]:
    """Yield what a documented shape has and an answer has not. Null is allowed wherever the vendor's is."""
    if isinstance(shape, dict):
        if not isinstance(answer, dict):
            if answer is not None:
                yield f"{at}: no object"
            return
        for key, inner in shape.items():
            if key not in answer and key not in SPELT_OTHERWISE:
                yield f"{at}.{key}: missing"
            elif key not in SPELT_OTHERWISE:
                yield from differences(inner, answer[key], f"{at}.{key}")
    elif isinstance(shape, list):
        if answer is not None and not isinstance(answer, list):
            yield f"{at}: no list"
        for one in (answer or []) if shape and isinstance(answer, list) else []:
            yield from differences(shape[0], one, f"{at}[]")
    elif answer is not None and shape is not None:
        kinds: dict[object, tuple[type, ...]] = {"text": (str,), "number": (int, float), "flag": (bool,)}
        if not isinstance(answer, kinds[shape]):
            yield f"{at}: {answer!r} is no {shape}"
