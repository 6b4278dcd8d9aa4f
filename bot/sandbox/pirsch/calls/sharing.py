"""Access links, alternative domains, snippets, members, invitations, and the list of clients."""

from bot.sandbox.pirsch.calls.call import READ, WRITE, Call, routes, wired
from bot.sandbox.pirsch.documents import Document, Fields
from bot.sandbox.pirsch.fields import Field, Kind, flag, of, read, text
from bot.sandbox.pirsch.refusal import Refused, invalid, missing

_SNIPPET = (
    text("domain_id"),
    text("type", required=True),
    flag("dev"),
    *(text(name) for name in ("include", "exclude", "domains", "endpoint", "sample")),
)


def list_access(call: Call) -> list[Fields]:
    """Answer the access links of a domain."""
    return wired(call.shelf("access").of(call.asked_domain("domain_id").id))


def create_access(call: Call) -> Fields:
    """Make an access link."""
    found = read(call.body(), (text("domain_id"), text("description"), *of(Kind.NULLABLE, "valid_until")))
    domain = call.domain(found.pop("domain_id"))
    return call.shelf("access").make({"code": call.account.ids.new(32)} | found, domain.id).wire()


def update_access(call: Call) -> None:
    """Change the description and the end of an access link."""
    body = call.body()
    found = read(body, (text("description"), *of(Kind.NULLABLE, "valid_until")))
    call.shelf("access").change(call.owned("access", body.get("id")), found)


def delete_access(call: Call) -> None:
    """Remove an access link."""
    call.shelf("access").drop(call.owned("access", call.query.get("id")).id)


def list_alternatives(call: Call) -> list[Fields]:
    """Answer the alternative domains of a domain."""
    return wired(call.shelf("alternative").of(call.asked_domain("domain_id").id))


def create_alternative(call: Call) -> Fields:
    """Add an alternative domain."""
    found = read(call.body(), (text("domain_id"), text("hostname", required=True)))
    domain = call.domain(found["domain_id"])
    return call.shelf("alternative").make({"hostname": found["hostname"]}, domain.id).wire()


def update_alternative(call: Call) -> None:
    """Change the hostname of an alternative domain."""
    body = call.body()
    found = read(body, (text("hostname", required=True),))
    call.shelf("alternative").change(call.owned("alternative", body.get("id")), found)


def delete_alternative(call: Call) -> None:
    """Remove an alternative domain."""
    call.shelf("alternative").drop(call.owned("alternative", call.query.get("id")).id)


def get_snippet(call: Call) -> Fields:
    """Answer the snippet settings of one type; those never saved are all empty."""
    domain, wanted = call.asked_domain("domain_id"), call.query.get("type", "")
    if not wanted:
        raise invalid(type="The type is required.")
    return _snippet(call, domain, wanted).wire()


def save_snippet(call: Call) -> None:
    """Change the snippet settings of one type."""
    found = read(call.body(), _SNIPPET)
    domain = call.domain(found.pop("domain_id"))
    call.shelf("snippet").change(_snippet(call, domain, str(found["type"])), found)


def list_members(call: Call) -> list[Fields]:
    """Answer the members of a domain (`id`) or an organization."""
    if organization := call.query.get("organization_id"):
        found = [one for one in call.shelf("member") if one.fields["organization_id"] == organization]
        return wired(found)
    return wired(call.shelf("member").of(call.asked_domain("id").id))


def invite(call: Call) -> None:
    """Invite people to a domain or an organization."""
    wanted = (
        *of(Kind.NULLABLE, "id", "organization_id"),
        Field(name="emails", kind=Kind.TEXTS, required=True),
    )
    found = read(call.body(), wanted)
    domain = call.domain(found["id"]) if found["id"] else None
    organization = call.owned("organization", found["organization_id"]) if found["organization_id"] else None
    if domain is None and organization is None:
        raise missing("Domain")
    emails = found["emails"]
    for email in emails if isinstance(emails, list) else []:
        fields = {
            "organization_id": organization.id if organization else None,
            "email": email,
            "domain": domain.wire() if domain else None,
            "organization": organization.wire() if organization else None,
        }
        call.shelf("invitation").make(fields, domain.id if domain else None)


def change_role(call: Call) -> None:
    """Change the role of a member."""
    found = read(call.body(), (text("id"), text("role", required=True)))
    if found["role"] not in ("owner", "admin", "viewer"):
        raise invalid(role="The role is invalid.")
    call.shelf("member").change(call.owned("member", found["id"]), {"role": found["role"]})


def remove_member(call: Call) -> None:
    """Remove a member."""
    call.shelf("member").drop(call.owned("member", call.query.get("id")).id)


def list_invitations(call: Call) -> list[Fields]:
    """Answer the invitations of a domain, of an organization, or all."""
    found = list(call.shelf("invitation"))
    if "domain_id" in call.query:
        found = call.shelf("invitation").of(call.asked_domain("domain_id").id)
    elif organization := call.query.get("organization_id"):
        found = [one for one in found if one.fields["organization_id"] == organization]
    elif call.client is not None and call.client.domain_id is not None:
        found = call.shelf("invitation").of(call.client.domain_id)
    return wired(found)


def delete_invitation(call: Call) -> None:
    """Withdraw an invitation. This DELETE has a body."""
    call.shelf("invitation").drop(call.owned("invitation", call.body().get("id")).id)


def accept_invitation(call: Call) -> None:
    """Turn an invitation into a membership."""
    found = call.shelf("invitation").drop(call.owned("invitation", call.body().get("id")).id)
    face = {"id": call.account.ids.new(), "email": found.fields["email"], "full_name": "", "picture": None}
    fields = {
        "organization_id": found.fields["organization_id"],
        "role": "viewer",
        "user_id": face["id"],
        "user": face,
    }
    call.shelf("member").make(fields, found.domain_id)


def list_clients(call: Call) -> list[Fields]:
    """Answer the clients of a domain (`id`), without their secrets; without `id`, those of the user."""
    if "id" in call.query:
        return wired(call.shelf("client").of(call.asked_domain("id").id))
    if call.client is None or call.client.domain_id is not None:
        raise Refused(403, ["Forbidden"])
    return wired(call.shelf("client").of(None))


def _snippet(call: Call, domain: Document, type_: str) -> Document:
    for one in call.shelf("snippet").of(domain.id):
        if one.fields["type"] == type_:
            return one
    return call.shelf("snippet").make(read({"type": type_}, _SNIPPET[1:]), domain.id)


ROUTES = (
    *routes(
        READ,
        {
            "GET /domain/link": list_access,
            "GET /domain/alternative": list_alternatives,
            "GET /domain/snippet": get_snippet,
            "GET /member": list_members,
            "GET /invitation": list_invitations,
            "GET /client": list_clients,
        },
    ),
    *routes(
        WRITE,
        {
            "POST /domain/link": create_access,
            "PUT /domain/link": update_access,
            "DELETE /domain/link": delete_access,
            "POST /domain/alternative": create_alternative,
            "PUT /domain/alternative": update_alternative,
            "DELETE /domain/alternative": delete_alternative,
            "POST /domain/snippet": save_snippet,
            "POST /member": invite,
            "PUT /member": change_role,
            "DELETE /member": remove_member,
            "DELETE /invitation": delete_invitation,
            "POST /invitation": accept_invitation,
        },
    ),
)
