"""The addresses that one gives to Pirsch for its webhooks."""

from collections.abc import Iterator

from bot.settings import Settings

ELSEWHERE = "https://…"


def addresses(settings: Settings, *, show_tokens: bool) -> Iterator[str]:
    """Give a line for each site that can be heard; its token is spelled only if it may be shown."""
    for name, site in settings.sites.items():
        token = site.hook_token
        if token is None:
            continue
        shown = token.reveal() if show_tokens else token.name if token.name.startswith("$") else "<token>"
        yield f"Webhook of {name}: {address(settings.bot.public_url, name, shown)}"


def address(public_url: str | None, site: str, token: str) -> str:
    """Return a webhook's address, as the receiver takes it."""
    return f"{public_url or ELSEWHERE}/hooks/{site}/{token}"
