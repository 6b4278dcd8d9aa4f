"""A mailbox behind a real SMTP server."""

from bot.sandbox.mailbox.server import Mailbox

__all__ = ["Mailbox"]
