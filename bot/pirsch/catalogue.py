"""Every documented call of the API: which method makes it, or why none does. Writes docs/pirsch-calls.md.

python -m bot.pirsch.catalogue > docs/pirsch-calls.md
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass

from bot.pirsch.calls import ALL, Call, Key, Rate, Repeat


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A documented call that no method makes, and why."""

    method: str
    path: str
    why: str


def _left_out(why: str, *calls: str) -> list[LeftOut]:
    return [LeftOut(method=call.split()[0], path=call.split()[1], why=why) for call in calls]


LEFT_OUT = (
    *_left_out(
        "Not an update, whatever the method says: it resets the tracking code and silently stops tracking.",
        "PUT /domain",
    ),
    *_left_out("Deletes a dashboard with all its numbers.", "DELETE /domain"),
    *_left_out(
        "Deletes numbers, later and for good; an empty `kind` deletes more than `all`.",
        "DELETE /statistics",
    ),
    *_left_out(
        "A wrong value stops tracking or locks people out; a person does it in the dashboard.",
        "POST /domain/hostname",
        "POST /domain/custom",
        "POST /domain/snippet",
    ),
    *_left_out(
        "The look of a dashboard is a person's choice.",
        "PUT /domain/theme",
        "POST /domain/theme",
        "POST /theme",
        "DELETE /theme",
        "DELETE /theme/file",
        "PUT /organization/theme",
    ),
    *_left_out("Makes secrets, and changes a client when an `id` is set.", "POST /client"),
    *_left_out("Locks out whoever uses the client, maybe ourselves.", "DELETE /client"),
    *_left_out(
        "Who may see and do what is for people to decide.",
        "POST /member",
        "PUT /member",
        "DELETE /member",
        "POST /invitation",
        "DELETE /invitation",
        "POST /organization",
        "PUT /organization",
        "POST /organization/domain",
        "DELETE /organization/domain",
        "POST /organization/autojoin",
        "DELETE /organization/autojoin",
    ),
    *_left_out("`delete_domains=true` deletes every dashboard of the organisation.", "DELETE /organization"),
    *_left_out(
        "Mixes other numbers into the statistics, or stops that half-way.",
        "DELETE /import",
        "DELETE /google/import/job",
        "POST /google/import",
        "POST /import/fathom",
        "POST /import/plausible",
    ),
    *_left_out("Deletes the account. `DELETE` on the same path takes that back.", "POST /user/account"),
    *_left_out("Belongs to deleting the account, which is left out.", "DELETE /user/account"),
    *_left_out(
        "The account's password and address: not a program's business. The one path has two meanings.",
        "POST /user/password",
        "POST /user/email",
    ),
    *_left_out(
        "Flips a preference of a person, whose position cannot be read.",
        "POST /user/active",
        "POST /user/fullwidth",
        "POST /user/darkmode",
        "POST /user/colorblind",
        "POST /user/marketing",
    ),
    *_left_out(
        "A preference of a person, not of a site.",
        "POST /user/filter",
        "POST /user/name",
        "POST /user/picture",
        "DELETE /user/picture",
        "POST /user/language",
        "POST /user/news",
        "POST /user/favorite",
        "POST /user/pin",
    ),
)

RATES = {
    Rate.SECURITY: "10 a minute",
    Rate.CONFIGURATION: "60 a minute",
    Rate.FREE: "no limit",
}
REPEATS = {
    Repeat.FREELY: "repeated",
    Repeat.LOOK: "looks first, and again after a doubt",
    Repeat.NEVER: "never repeated",
}

HEAD = """\
# Calls to Pirsch

Written by `python -m bot.pirsch.catalogue`; do not edit. Paths are below `/api/v1`. How often a call may be
made is Pirsch's rule, kept by the client itself. "After a doubt": when nobody knows whether it happened, as
after a time-out, a lost connection, or a 502, 503 or 504 answer (other 5xx are never repeated). A clean 401
(once, with a new token) or 429 is replayed for every call, because Pirsch did not carry it out.
"""


def method_of(call: Call) -> str:
    """Return the Python method that makes a call, or what makes it where there is none."""
    if call.key is Key.NOBODY:
        return "by itself, for every other"
    return f"`pirsch.{call.name}`"


def page() -> str:
    """Return the page about all calls, as Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield HEAD
    yield "## Calls that are made"
    yield ""
    yield "| call | method | how often | after a doubt |"
    yield "|---|---|---|---|"
    for call in ALL:
        manners = f"{RATES[call.rate]} | {REPEATS[call.repeat]}"
        yield f"| `{call.method} {call.path}` | {method_of(call)} | {manners} |"
    yield ""
    yield "## Calls that are left out"
    yield ""
    yield "| call | why |"
    yield "|---|---|"
    for left in LEFT_OUT:
        yield f"| `{left.method} {left.path}` | {left.why} |"


if __name__ == "__main__":
    sys.stdout.write(page())
