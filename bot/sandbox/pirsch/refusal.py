"""How a call is refused."""

from collections.abc import Mapping, Sequence


class Refused(Exception):
    """A call is answered with an error body.

    The shape is that of the vendor's guide: `validation` maps a field to one text, `error` lists texts,
    `context` holds anything (docs.pirsch.io, "Error Handling").
    """

    def __init__(
        self,
        status: int,
        messages: Sequence[str] = (),
        fields: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, *messages)
        self.status, self.messages = status, tuple(messages)
        self.fields, self.headers = dict(fields or {}), dict(headers or {})

    @property
    def body(self) -> dict[str, object]:
        """The answer."""
        return {"validation": self.fields, "error": list(self.messages), "context": {}}


def invalid(**fields: str) -> Refused:
    """Refuse because fields are wrong."""
    return Refused(400, fields=fields)


def missing(what: str) -> Refused:
    """Refuse because something does not exist."""
    return Refused(404, [f"{what} not found."])
