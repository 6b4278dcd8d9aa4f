"""Webhooks: Pirsch tells an endpoint of every event with one name (docs.pirsch.io, "Webhooks"; Plus plan)."""

from bot.http.transport import check_address
from bot.pirsch.answers.owned import Webhook
from bot.pirsch.errors import Unaskable
from bot.pirsch.ids import DomainId, WebhookId
from bot.pirsch.making import Made, Maker, read_back
from bot.pirsch.removing import delete
from bot.pirsch.wire import Wire


class Webhooks:
    """`pirsch.webhooks`. Changes take Pirsch a few minutes to follow."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._maker = Maker(wire.timing)

    def of(self, domain: DomainId) -> tuple[Webhook, ...]:
        """Return all webhooks, with those that short links keep for themselves."""
        return self._wire.ask("webhooks.of", (("domain_id", domain),)).many(Webhook)

    def create(self, domain: DomainId, event: str, endpoint: str, description: str = "") -> Made[Webhook]:
        """Have an endpoint told of an event, unless it is already. It is https, or http on this machine."""
        if not event or not _takes(endpoint):
            raise Unaskable("a webhook needs the name of an event and an https endpoint")
        body = {"domain_id": domain, "description": description, "event": event, "endpoint": endpoint}
        return self._maker.make(
            look=lambda: self._like(domain, event, endpoint),
            create=lambda: self._wire.ask("webhooks.create", body=body).one(Webhook),
        )

    def update(self, domain: DomainId, webhook: Webhook) -> Webhook:
        """Write a whole webhook. Saving one that Pirsch switched off revives it, even unchanged."""
        body = {
            **webhook.rest,
            "id": webhook.id,
            "domain_id": domain,
            "description": webhook.description,
            "event": webhook.event,
            "endpoint": webhook.endpoint,
        }
        return read_back(
            save=lambda: self._wire.ask("webhooks.update", body=body).one(Webhook),
            look=lambda: next((one for one in self.of(domain) if one.id == webhook.id), None),
            as_wished=lambda found: found.active is not False and _wish(found) == _wish(webhook),
        )

    def delete(self, webhook: WebhookId) -> bool:
        """Delete; False when it was gone already."""
        return delete(self._wire, "webhooks.delete", webhook)

    def _like(self, domain: DomainId, event: str, endpoint: str) -> Webhook | None:
        alike = (one for one in self.of(domain) if one.event == event and one.endpoint == endpoint)
        return next(alike, None)


def _wish(webhook: Webhook) -> tuple[str, str, str]:
    return webhook.description, webhook.event, webhook.endpoint


def _takes(endpoint: str) -> bool:
    """Whether Pirsch would send there; http on this machine is for a simulated one."""
    try:
        check_address(endpoint)
    except ValueError:
        return False
    return True
