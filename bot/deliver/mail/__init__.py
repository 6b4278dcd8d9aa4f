"""Mail by SMTP: one connection for each message, one transaction for each copy of it.

`channel` is the road; `letter` is the mail as it goes over the wire; `server` is where it is handed in, the
one door to SMTP; `refusals` says what the server's answers mean.
"""

from bot.deliver.mail.channel import Draw, Mail
from bot.deliver.mail.letter import address, letter
from bot.deliver.mail.server import Server

__all__ = ["Draw", "Mail", "Server", "address", "letter"]
