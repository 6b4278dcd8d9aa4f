"""What a mail server's refusals mean. 4xx: later. 5xx: this mail never, or nothing until somebody acts.

Source: RFC 5321 4.2 (reply codes), RFC 4954 6 (codes of AUTH), RFC 3207 (STARTTLS).
"""

import smtplib
import ssl
from collections.abc import Mapping
from socket import gaierror

from bot.deliver.channel import Closed, Permanent, Temporary, Undelivered
from bot.writing.text import cut, oneline

_LOG_IN = "Check user and password of the mail server; many providers want a password made for programs."
_TRUST = "Check the server's name in the config, or name its authority's certificate in ca_file."
_TLS = "Check host, port and security in the config: tls is usually port 465, starttls port 587."

WANT_LOGIN = frozenset({530, 534, 535, 538})


def said(code: int, text: bytes | str) -> str:
    """Quote the server on one line."""
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return cut(oneline(f"{code} {words}"), 200)


def unreachable(error: OSError, host: str, *, ambiguous: bool = False) -> Temporary:
    """Name a connection that could not be made, or was lost."""
    if isinstance(error, gaierror):
        detail = "its name is not known"
    elif isinstance(error, smtplib.SMTPServerDisconnected):
        detail = "the connection was lost"
    else:
        detail = error.strerror or type(error).__name__
    return Temporary(f"{host} cannot be reached: {detail}", ambiguous=ambiguous)


def judge_opening(refusal: smtplib.SMTPException, host: str) -> Undelivered:
    """Name what went wrong before any mail was offered.

    Answers to AUTH are told by their code alone: a server may repeat what it was sent.
    """
    match refusal:
        case smtplib.SMTPAuthenticationError(smtp_code=code):
            why = f"{host} refuses user and password ({code})"
            return Temporary(why) if 400 <= code < 500 else Closed(why, _LOG_IN)
        case smtplib.SMTPResponseException(smtp_code=code, smtp_error=text):
            why = f"{host} says {said(code, text)}"
            return (
                Closed(why, _LOG_IN if code in (530, 534, 538) else _TLS) if code >= 500 else Temporary(why)
            )
        case smtplib.SMTPServerDisconnected():
            return unreachable(refusal, host)
        case smtplib.SMTPNotSupportedError():
            return Closed(f"{host} does not offer what the config asks for: {oneline(refusal)}", _TLS)
        case _:
            return Closed(f"{host} and we have no way to log in in common", _LOG_IN)


def judge_sender(code: int, text: bytes, sender: str) -> Undelivered:
    """Name the answer to MAIL FROM."""
    why = f"the mail server refuses {sender}: {said(code, text)}"
    if code < 500:
        return Temporary(why)
    if code == 552:  # too large, RFC 1870
        return Permanent(why)
    if code in WANT_LOGIN:
        return Closed(why, _LOG_IN)
    return Closed(why, f"Let the mail server accept {sender} as a sender, or write another one as `from`.")


def judge_recipients(refused: Mapping[str, tuple[int, bytes]]) -> Undelivered:
    """Name what it means that nobody was accepted. One who may be accepted later is worth waiting for."""
    why = "; ".join(f"{who}: {said(code, text)}" for who, (code, text) in list(refused.items())[:3])
    if any(code < 500 for code, _ in refused.values()):
        return Temporary(f"the mail server takes no recipient now: {why}")
    if all(code in WANT_LOGIN for code, _ in refused.values()):
        return Closed(f"the mail server wants a login: {why}", _LOG_IN)
    return Closed(f"the mail server refuses every recipient: {why}", "Check the addresses in `to`.")


def judge_data(code: int, text: bytes | str) -> Undelivered:
    """Name the answer to the mail itself."""
    why = f"the mail server refuses the mail: {said(code, text)}"
    return Permanent(why) if code >= 500 else Temporary(why)


def judge_tls(error: ssl.SSLError, host: str) -> Undelivered:
    """Name why no encrypted connection came about."""
    if isinstance(error, ssl.SSLCertVerificationError):
        why = f"the certificate of {host} is not trusted: {oneline(error.verify_message)}"
        return Closed(why, _TRUST)
    if error.reason in {"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE"}:
        return Closed(f"{host} does not speak TLS from the first byte", _TLS)
    return unreachable(error, host)
