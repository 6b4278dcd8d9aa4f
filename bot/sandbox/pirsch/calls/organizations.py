"""/organization, /theme, /import and /billing."""

from bot.sandbox.pirsch import period, selection
from bot.sandbox.pirsch.access import Right
from bot.sandbox.pirsch.calls.call import READ, WRITE, Call, Route, routes, search, wired
from bot.sandbox.pirsch.documents import Document, Fields
from bot.sandbox.pirsch.fields import Field, Kind, of, read, text
from bot.sandbox.pirsch.limits import Class
from bot.sandbox.pirsch.refusal import Refused, invalid
from bot.sandbox.pirsch.statistics.scope import Scope

MOST_ROWS = 50  # more dashboards are billed as one row "All"

_ORGANIZATIONS = (Right(scope="organizations", letter="r"), Right(scope="organizations", letter="w"))
_THEMES = (Right(scope="themes", letter="r"), Right(scope="themes", letter="w"))
_BILLING = Right(scope="billing", letter="r")


def list_organizations(call: Call) -> list[Fields]:
    """Answer the organizations with how much is in them."""
    found = search(call, list(call.shelf("organization")), "name")
    return [_summary(call, one) for one in found]


def create_organization(call: Call) -> Fields:
    """Make an organization."""
    _user_only(call)
    found = read(call.body(), (text("name", required=True, longest=100),))
    fields = {"user_id": call.account.user["id"], "name": found["name"], "role": "Owner", "can_edit": True}
    return _summary(call, call.shelf("organization").make(fields, hidden={"auto_join": []}))


def update_organization(call: Call) -> Fields:
    """Rename an organization."""
    found = read(call.body(), (text("id"), text("name", required=True, longest=100)))
    organization = _organization(call, found["id"])
    return _summary(call, call.shelf("organization").change(organization, {"name": found["name"]}))


def delete_organization(call: Call) -> None:
    """Remove an organization; its domains leave it, or are removed too."""
    found = _organization(call, call.query.get("id"))
    call.shelf("organization").drop(found.id)
    for domain in _domains(call, found):
        domain.fields["organization_id"] = None
        if call.query.get("delete_domains") == "true":
            call.shelf("domain").drop(domain.id)


def set_organization_theme(call: Call) -> None:
    """Set the theme that new domains of an organization get."""
    found = read(call.body(), (text("organization_id"), *of(Kind.NULLABLE, "theme_id")))
    organization = _organization(call, found["organization_id"])
    theme = call.shelf("theme").find(str(found["theme_id"])).id if found["theme_id"] else None
    organization.hidden["theme_id"] = theme


def organization_domains(call: Call) -> list[Fields]:
    """Answer the domains of an organization (`id`)."""
    found = _domains(call, _organization(call, call.query.get("id")))
    return wired(search(call, found, "hostname", "display_name"))


def add_domain(call: Call) -> Fields:
    """Move a domain into an organization."""
    found = read(call.body(), (text("id"), text("domain_id")))
    organization, domain = _organization(call, found["id"]), call.domain(found["domain_id"])
    return call.shelf("domain").change(domain, {"organization_id": organization.id}).wire()


def remove_domain(call: Call) -> None:
    """Move a domain out of an organization."""
    _organization(call, call.query.get("id"))
    call.shelf("domain").change(call.asked_domain("domain_id"), {"organization_id": None})


def add_auto_join(call: Call) -> None:
    """Let people with mail addresses of these hostnames join by themselves."""
    found = read(call.body(), (text("id"), Field(name="auto_join", kind=Kind.TEXTS, required=True)))
    organization = _organization(call, found["id"])
    known, new = organization.hidden["auto_join"], found["auto_join"]
    if isinstance(known, list) and isinstance(new, list):
        known.extend(name for name in new if name not in known)


def remove_auto_join(call: Call) -> None:
    """Stop it for one hostname."""
    known = _organization(call, call.query.get("id")).hidden["auto_join"]
    if isinstance(known, list) and call.query.get("auto_join") in known:
        known.remove(call.query["auto_join"])


def list_themes(call: Call) -> list[Fields]:
    """Answer the themes, all or those of an organization."""
    found = search(call, list(call.shelf("theme")), "name")
    if organization := call.query.get("organization_id"):
        found = [one for one in found if one.fields["organization_id"] == organization]
    return wired(found)


def save_theme(call: Call) -> Fields:
    """Make, change or copy a theme, by a form with a JSON part `data` or by plain JSON."""
    call.needs_plus()
    body = call.form_or_body()
    wanted = (
        text("name", required=True),
        *of(Kind.NULLABLE, "organization_id"),
        *of(Kind.OBJECT, "settings"),
    )
    found = read(body, wanted)
    found["settings"] = found["settings"] or {}
    if body.get("id"):
        return call.shelf("theme").change(call.owned("theme", body["id"]), found).wire()
    if body.get("copy_id"):
        found["settings"] = call.owned("theme", body["copy_id"]).fields["settings"]
    return (
        call.shelf("theme").make({"user_id": call.account.user["id"]} | found | {"is_default": False}).wire()
    )


def delete_theme(call: Call) -> None:
    """Remove a theme."""
    call.shelf("theme").drop(call.owned("theme", call.query.get("id")).id)


def delete_theme_file(call: Call) -> None:
    """Remove a picture of a theme, or of a domain's own settings."""
    if call.query.get("file") not in ("logo_light", "logo_dark", "favicon"):
        raise invalid(file="The file is invalid.")
    if "theme_id" in call.query:
        call.owned("theme", call.query["theme_id"])
    else:
        call.asked_domain("domain_id")


def get_import(call: Call) -> Fields | None:
    """Answer the import job of a domain; an empty body when there is none."""
    found = call.shelf("import").of(call.asked_domain("domain_id").id)
    return found[-1].wire() if found else None


def cancel_import(call: Call) -> None:
    """Remove the import jobs of a domain."""
    for job in call.shelf("import").of(call.asked_domain("domain_id").id):
        call.shelf("import").drop(job.id)


def import_profiles(call: Call) -> list[Fields]:
    """Answer the Google profiles to import from: nobody is signed in there."""
    call.asked_domain("domain_id")
    return []


def usage(call: Call) -> list[Fields]:
    """Answer the page views of each domain; of all together when there are more than 50."""
    domains = [one for one in call.shelf("domain") if _visible(call, one)]
    rows: list[Fields] = [{"domain": one.wire(), "page_views": _views(call, one)} for one in domains]
    if len(rows) <= MOST_ROWS:
        return rows
    return [
        {"domain": {"id": "", "hostname": "All"}, "page_views": sum(_views(call, one) for one in domains)}
    ]


def _views(call: Call, domain: Document) -> int:
    record = call.record(domain)
    zone, today = record.rhythm.zone, call.now.astimezone(record.rhythm.zone).date()
    days = period.whole_days(today.replace(day=1), today, zone)
    if "from" in call.query or "to" in call.query:
        days = period.read(call.query, domain.text("timezone"), call.now)
    return Scope(record=record, now=call.now, selection=selection.everything(days)).tally().views


def _visible(call: Call, domain: Document) -> bool:
    own = call.client.domain_id if call.client else None
    return own is None or domain.id == own


def _summary(call: Call, organization: Document) -> Fields:
    members = [one for one in call.shelf("member") if one.fields["organization_id"] == organization.id]
    themes = [one for one in call.shelf("theme") if one.fields["organization_id"] == organization.id]
    counts = {"member": 1 + len(members), "domains": len(_domains(call, organization)), "themes": len(themes)}
    return organization.wire() | counts


def _organization(call: Call, id: object) -> Document:
    _user_only(call)
    return call.owned("organization", id)


def _domains(call: Call, organization: Document) -> list[Document]:
    return [one for one in call.shelf("domain") if one.fields["organization_id"] == organization.id]


def _user_only(call: Call) -> None:
    if call.client is None or call.client.domain_id is not None:
        raise Refused(403, ["Forbidden"])


ROUTES = (
    *routes(
        _ORGANIZATIONS[0],
        {"GET /organization": list_organizations, "GET /organization/domain": organization_domains},
    ),
    *routes(
        _ORGANIZATIONS[1],
        {
            "POST /organization": create_organization,
            "PUT /organization": update_organization,
            "DELETE /organization": delete_organization,
            "PUT /organization/theme": set_organization_theme,
            "POST /organization/domain": add_domain,
            "DELETE /organization/domain": remove_domain,
            "POST /organization/autojoin": add_auto_join,
            "DELETE /organization/autojoin": remove_auto_join,
        },
    ),
    *routes(_THEMES[0], {"GET /theme": list_themes}),
    *routes(
        _THEMES[1],
        {"POST /theme": save_theme, "DELETE /theme": delete_theme, "DELETE /theme/file": delete_theme_file},
    ),
    *routes(
        READ,
        {
            "GET /import": get_import,
            "GET /google/import/job": get_import,
            "GET /google/import/profile": import_profiles,
        },
    ),
    *routes(WRITE, {"DELETE /import": cancel_import, "DELETE /google/import/job": cancel_import}),
    Route(method="GET", path="/billing", answer=usage, needs=_BILLING, limited=Class.CONFIGURATION),
)
