"""What can go wrong, named for what the caller can do about it.

    PirschError
      Unreachable      nobody answered, or the call never left: ask again later
      TryLater         Pirsch is busy, or we asked too often: ask again after `retry_after`
      Unsure           a write was cut short and may have happened: look before doing it again
      Refused          Pirsch understood and said no; `fields` and `messages` say why
        NotFound       the object or the domain does not exist (any more)
        Forbidden      the credentials are good, but not for this
      BadCredentials   the credentials are not good: a person must act, repeating is pointless
      NotReadable      Pirsch said yes, in words that we do not know: the call was carried out
      Unaskable        not sent, because Pirsch would have ignored a part of it without a word

No error holds a secret: query values are never kept, and what we sent in secret is struck out of the
messages. Texts are cut and freed of control characters; they are prose, so never branch on them.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

LONGEST_TEXT = 300
MOST_TEXTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """An error body in one form, whatever form it came in. Empty when the body said nothing."""

    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    messages: tuple[str, ...] = ()
    context: Mapping[str, object] = field(default_factory=dict, repr=False)

    def __str__(self) -> str:
        named = [f"{name}: {', '.join(texts)}" for name, texts in self.fields.items()]
        return "; ".join([*self.messages, *named])


SAID_NOTHING = Problem()


class PirschError(Exception):
    """A call to Pirsch did not do what it should. `method` and `path` name the call, never its values."""

    def __init__(
        self,
        why: str,
        *,
        method: str = "",
        path: str = "",
        status: int | None = None,
        problem: Problem = SAID_NOTHING,
    ) -> None:
        self.why = why
        self.method = method
        self.path = path
        self.status = status
        self.problem = problem
        super().__init__(why)

    @property
    def fields(self) -> Mapping[str, tuple[str, ...]]:
        """What Pirsch objects to, by the name of the field that it calls wrong."""
        return self.problem.fields

    @property
    def messages(self) -> tuple[str, ...]:
        """What Pirsch objects to in general."""
        return self.problem.messages

    @property
    def context(self) -> Mapping[str, object]:
        """Further facts about the error, as Pirsch sends them since 2024."""
        return self.problem.context

    def __str__(self) -> str:
        place = f"{self.method} {self.path}: " if self.method else ""
        status = f"{self.status} " if self.status else ""
        said = f" ({self.problem})" if str(self.problem) else ""
        return f"{place}{status}{self.why}{said}"


class Unreachable(PirschError):
    """Nobody answered a read, or a write never left this machine. Asking again later does no harm."""


class TryLater(PirschError):
    """Pirsch is busy or limits us, and did not do it. `retry_after` is None when it named no time."""

    def __init__(
        self,
        why: str,
        *,
        retry_after: timedelta | None = None,
        method: str = "",
        path: str = "",
        status: int | None = None,
        problem: Problem = SAID_NOTHING,
    ) -> None:
        self.retry_after = retry_after
        super().__init__(why, method=method, path=path, status=status, problem=problem)


class Unsure(PirschError):
    """A write was cut short: it may have happened, or not. Look at the present state before a repetition."""


class Refused(PirschError):
    """Pirsch understood and said no.

    A write to one object that keeps being refused may meet a lock: the dashboard shows locks on filters,
    webhooks, reports and funnels, the API does not (docs.pirsch.io, dashboard settings).
    """


class NotFound(Refused):
    """The object or the domain does not exist, or not any more."""


class Forbidden(Refused):
    """The credentials are good but not for this: a scope, a role or the plan is missing."""


class BadCredentials(PirschError):
    """Pirsch does not know these credentials. A person must act; repeating is pointless.

    Until 2023 Pirsch also answered 401 for an unknown domain id, so that may be the cause as well.
    """


class NotReadable(PirschError):
    """Pirsch said yes in words that we do not know. A write was carried out."""


class Unaskable(PirschError, ValueError):
    """Not sent: Pirsch would silently ignore a part of it, and answer another question than the asked one."""


# ---------------------------------------------------------------- reading error bodies


def read_problem(body: object, secrets: Collection[str] = ()) -> Problem:
    """Read a decoded error body in any of the forms that Pirsch has used; never raises.

    docs.pirsch.io, API v1: `{"validation": {field: text}, "error": [text], "context": {...}}`. Each member
    may be missing or null, a text may stand for a list of texts and the other way round, and a proxy
    answers with something else altogether.
    """
    if not isinstance(body, Mapping):
        return SAID_NOTHING
    validation = body.get("validation")
    fields = {
        _clean(str(name), secrets): _texts(said, secrets)
        for name, said in (list(validation.items())[:MOST_TEXTS] if isinstance(validation, Mapping) else ())
    }
    context = body.get("context")
    return Problem(
        fields=fields,
        messages=_texts(body.get("error"), secrets),
        context=_without(context, secrets) if isinstance(context, Mapping) else {},
    )


def _texts(said: object, secrets: Collection[str]) -> tuple[str, ...]:
    if said is None or said == "":
        return ()
    several = said if isinstance(said, list) else [said]
    return tuple(_clean(str(text), secrets) for text in several[:MOST_TEXTS] if text is not None)


def _clean(text: str, secrets: Collection[str]) -> str:
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, "…")
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    return printable if len(printable) <= LONGEST_TEXT else printable[: LONGEST_TEXT - 1] + "…"


def _without(context: Mapping[str, object], secrets: Collection[str]) -> Mapping[str, object]:
    """Keep the simple values; a nested one is told as text, so that nothing hides in its depths."""
    return {
        _clean(str(name), secrets): value
        if value is None or isinstance(value, bool | int | float)
        else _clean(str(value), secrets)
        for name, value in list(context.items())[:MOST_TEXTS]
    }
