"""Short links (docs.pirsch.io, API v1, "Short Links"). Off during a free trial."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from bot.pirsch.answers.owned import Link, LinkUrl
from bot.pirsch.errors import Unaskable
from bot.pirsch.ids import DomainId, LinkId
from bot.pirsch.making import Made, Maker, read_back
from bot.pirsch.removing import delete
from bot.pirsch.wire import Wire

TEXTS = (
    "name",
    "event_name",
    "referrer",
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "utm_term",
    "utm_content",
    "expired_url",
    "webhook_endpoint",
    "title",
    "description",
    "image",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkDraft:
    """A short link as it is written, always whole.

    A `webhook_endpoint` makes Pirsch create a webhook of its own; an empty one removes it. A password cannot
    be read back: an empty one leaves it as it is, `clear_password` removes it.
    """

    name: str
    urls: tuple[LinkUrl, ...]
    event_name: str = ""
    referrer: str = ""
    utm_source: str = ""
    utm_medium: str = ""
    utm_campaign: str = ""
    utm_term: str = ""
    utm_content: str = ""
    expires_at: datetime | None = None
    expired_url: str = ""
    password: str = field(default="", repr=False)
    clear_password: bool = False
    webhook_endpoint: str = field(default="", repr=False)
    title: str = ""
    description: str = ""
    image: str = ""
    allow_indexing: bool = False
    tags: tuple[str, ...] = ()
    rest: Mapping[str, object] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        if not self.name or not self.urls:
            raise Unaskable("a short link needs a name and a target")
        if self.expires_at and self.expires_at.tzinfo is None:
            raise Unaskable("expires_at needs a zone")

    @classmethod
    def of(cls, link: Link) -> "LinkDraft":
        """Return a link as it would be written back; its password stays as it is."""
        texts = {name: getattr(link, name) for name in TEXTS}
        return cls(
            **texts,
            urls=link.urls,
            expires_at=link.expires_at,
            allow_indexing=link.allow_indexing,
            tags=link.tags,
            rest=link.rest,
        )

    def body(self, domain: DomainId) -> dict[str, object]:
        """Return the whole object as it is sent."""
        return {
            **self.rest,
            **{name: getattr(self, name) for name in TEXTS},
            "domain_id": domain,
            "expires_at": self.expires_at
            and self.expires_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "password": self.password,
            "clear_password": self.clear_password,
            "allow_indexing": self.allow_indexing,
            "tags": list(self.tags),
            "urls": [_url(one) for one in self.urls],
        }

    def is_told_by(self, link: Link) -> bool:
        """Whether a link is as this draft says. That a new password was taken, no answer tells."""
        if self.password or (self.clear_password and link.has_password):
            return False
        try:
            return _comparable(LinkDraft.of(link)) == _comparable(self)
        except Unaskable:  # it could not even be written so
            return False


def _comparable(draft: LinkDraft) -> LinkDraft:
    urls = tuple(replace(url, id=None) for url in draft.urls)
    return replace(draft, urls=urls, tags=tuple(sorted(draft.tags)), clear_password=False, rest={})


def _url(url: LinkUrl) -> dict[str, object]:
    told: dict[str, object] = {"url": url.url, "country": url.country, "language": url.language, "os": url.os}
    return {"id": url.id, **told} if url.id else told


class Links:
    """`pirsch.links`."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._maker = Maker(wire.timing)

    def of(self, domain: DomainId, search: str = "") -> tuple[Link, ...]:
        """Return all short links."""
        pairs = (("id", domain), *((("search", search),) if search else ()))
        return self._wire.ask("links.of", pairs).many(Link)

    def tags(self, domain: DomainId, search: str = "") -> tuple[str, ...]:
        """Return the labels that short links carry."""
        pairs = (("id", domain), *((("search", search),) if search else ()))
        return self._wire.ask("links.tags", pairs).many(str)

    def create(self, domain: DomainId, draft: LinkDraft) -> Made[Link]:
        """Create a short link, unless one of that name is there (its other parts are not compared)."""
        return self._maker.make(
            look=lambda: next((one for one in self.of(domain) if one.name == draft.name), None),
            create=lambda: self._wire.ask("links.create", body=draft.body(domain)).one(Link),
        )

    def update(self, domain: DomainId, link: LinkId, draft: LinkDraft) -> Link:
        """Write a whole short link."""
        body = {**draft.body(domain), "id": link}
        return read_back(
            save=lambda: self._wire.ask("links.update", body=body).one(Link),
            look=lambda: next((one for one in self.of(domain) if one.id == link), None),
            as_wished=draft.is_told_by,
        )

    def delete(self, link: LinkId) -> bool:
        """Delete; False when it was gone already."""
        return delete(self._wire, "links.delete", link)
