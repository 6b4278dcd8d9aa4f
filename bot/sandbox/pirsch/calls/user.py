"""POST /token, /user, and the calls that do more harm than a sandbox should teach."""

from bot.sandbox.pirsch.calls.call import READ, WRITE, Answer, Call, Route, routes
from bot.sandbox.pirsch.documents import Fields, moment
from bot.sandbox.pirsch.fields import Field, Kind, read, text
from bot.sandbox.pirsch.limits import Class
from bot.sandbox.pirsch.refusal import Refused, missing
from bot.sandbox.pirsch.wire import nanoseconds

LONGEST_PICTURE = 1 << 20


def token(call: Call) -> Fields:
    """Answer a new access token. The content type and a `grant_type` are ignored."""
    found = read(call.body(), (text("client_id", required=True), text("client_secret", required=True)))
    made, ends_at = call.account.door.token(str(found["client_id"]), str(found["client_secret"]))
    return {"access_token": made, "expires_at": nanoseconds(ends_at)}


def account(call: Call) -> Fields:
    """Answer the user. The vendor documents no body."""
    _user_only(call)
    return dict(call.account.user)


def field(name: str, sent: str, kind: Kind = Kind.TEXT) -> Answer:
    """Make the handler that writes one field of the user."""

    def answer(call: Call) -> None:
        _user_only(call)
        found = read(call.body(), (Field(name=sent, kind=kind, required=kind is Kind.TEXT),))
        call.account.user[name] = found[sent]

    return answer


def toggle(name: str) -> Answer:
    """Make the handler that flips a field of the user."""

    def answer(call: Call) -> None:
        _user_only(call)
        call.account.user[name] = not call.account.user[name]

    return answer


def pin(call: Call) -> None:
    """Pin a domain, or stop it."""
    domain = call.domain(call.body().get("id"))
    domain.fields["pinned"] = not domain.fields["pinned"]


def favorite(call: Call) -> None:
    """Make a domain the favorite."""
    _user_only(call)
    call.account.user["favorite"] = call.domain(call.body().get("id")).id


def picture(call: Call) -> None:
    """Change the picture, up to 1 MiB."""
    _user_only(call)
    if len(call.raw) > LONGEST_PICTURE:
        raise Refused(400, ["The file is too large."])
    call.account.user["picture"] = f"/picture/{call.account.ids.new()}.png"


def remove_picture(call: Call) -> None:
    """Remove the picture."""
    _user_only(call)
    if not call.account.user["picture"]:
        raise missing("Picture")
    call.account.user["picture"] = None


def news(call: Call) -> list[Fields]:
    """Answer the news."""
    _user_only(call)
    date = moment(call.account.clock())
    return [{"news": 1, "date": date, "version": "2.0.0", "headline": "Sandbox", "content": "<p>Hello.</p>"}]


def rewards(call: Call) -> list[Fields]:
    """Answer the affiliate rewards: there are none, in one row."""
    _user_only(call)
    return [{"sum": 0, "count": 0, "rewards": None}]


def refused(call: Call) -> None:
    """Refuse: the reference says to keep these calls out of every bot."""
    raise Refused(403, ["The sandbox does not carry out this call."])


def _user_only(call: Call) -> None:
    if call.client is None or call.client.domain_id is not None:
        raise Refused(403, ["Forbidden"])


REFUSED = (
    "POST /user/account",
    "DELETE /user/account",
    "POST /user/email",
    "POST /user/password",
    "POST /client",
    "DELETE /client",
    "POST /google/import",
    "POST /import/fathom",
    "POST /import/plausible",
)

ROUTES = (
    Route(method="POST", path="/token", answer=token, needs=None, limited=Class.TOKEN, open=True),
    *routes(READ, {"GET /user": account, "GET /user/news": news, "GET /user/rewards": rewards}),
    *routes(
        WRITE,
        {
            "POST /user/filter": field("default_time_range", "default_time_range"),
            "POST /user/name": field("full_name", "full_name"),
            "POST /user/language": field("language", "language"),
            "POST /user/news": field("news", "news", Kind.WHOLE),
            **{
                f"POST /user/{name}": toggle(name)
                for name in ("marketing", "active", "fullwidth", "darkmode", "colorblind")
            },
            "POST /user/picture": picture,
            "DELETE /user/picture": remove_picture,
            "POST /user/pin": pin,
            "POST /user/favorite": favorite,
        },
    ),
    *(
        Route(
            method=name.split()[0],
            path=name.split()[1],
            answer=refused,
            needs=None,
            limited=Class.SECURITY if "/user/" in name else Class.CONFIGURATION,
        )
        for name in REFUSED
    ),
)
