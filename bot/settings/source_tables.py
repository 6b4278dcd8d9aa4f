"""The tables about where numbers and events come from: [pirsch], [umami], [site.<name>]."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from bot.facts import Vendor
from bot.settings.secret import Secret, SecretText
from bot.settings.table import Table
from bot.settings.words import Host, LocaleName, Text, WebAddress, Zone
from bot.umami.auth import ApiKey
from bot.umami.wire import CLOUD, Server

SHORTEST_TOKEN = 22  # characters of base64: 132 bits
LONGEST_TOKEN = 200  # it is a part of an address


def _hook_token(secret: Secret) -> Secret:
    token = secret.reveal()
    if not SHORTEST_TOKEN <= len(token) <= LONGEST_TOKEN:
        raise ValueError(
            f"{SHORTEST_TOKEN} to {LONGEST_TOKEN} characters are needed, these are {len(token)}; "
            "`pirsch-bot token` makes one"
        )
    if not all(letter.isascii() and (letter.isalnum() or letter in "-_~.") for letter in token):
        raise ValueError("use letters, digits, - and _ only: it is a part of an address")
    return secret


def _api_key(secret: Secret) -> Secret:
    ApiKey(key=secret.reveal())
    return secret


def _server(url: str) -> str:
    Server.at(url)
    return url


def _website(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        raise ValueError(
            "the id of a website is needed, as its address at Umami ends:"
            " 11111111-1111-4111-8111-111111111111"
        ) from None


HookToken = Annotated[SecretText, AfterValidator(_hook_token)]
ApiKeyText = Annotated[SecretText, AfterValidator(_api_key)]
UmamiAddress = Annotated[WebAddress, AfterValidator(_server)]
WebsiteId = Annotated[Text, AfterValidator(_website)]


class Pirsch(Table):
    """[pirsch]: a client of Pirsch's API."""

    client_id: SecretText
    client_secret: SecretText
    url: WebAddress = "https://api.pirsch.io"


class Umami(Table):
    """[umami]: a login at a server of one's own, or a key."""

    url: UmamiAddress = CLOUD
    username: Text | None = None
    password: SecretText | None = Field(default=None, validate_default=True)
    api_key: ApiKeyText | None = Field(default=None, validate_default=True)

    @field_validator("password")
    @classmethod
    def _both(cls, password: Secret | None, info: ValidationInfo) -> Secret | None:
        if "username" in info.data and (info.data["username"] is None) != (password is None):
            raise ValueError("username and password belong together")
        return password

    @field_validator("api_key")
    @classmethod
    def _one_way_in(cls, key: Secret | None, info: ValidationInfo) -> Secret | None:
        if not info.data.keys() >= {"url", "username", "password"}:
            return key  # what is wrong with them is said already
        login = info.data["username"] is not None
        if login and key is not None:
            raise ValueError("either a key or username and password: leave one out")
        if not login and key is None:
            raise ValueError("either api_key, or username and password, are needed")
        if login and Server.at(info.data["url"]).cloud:
            raise ValueError("Umami Cloud takes an api_key; for a server of your own, write its url")
        return key


class Site(Table):
    """[site.<name>]: one dashboard at Pirsch, or one website at Umami."""

    source: Literal["pirsch", "umami"] = "pirsch"
    domain: Host
    website: WebsiteId | None = None
    timezone: Zone | None = None
    locale: LocaleName | None = None
    hook_token: HookToken | None = None
    hook_token_old: HookToken | None = None

    @property
    def vendor(self) -> Vendor:
        """Who counts it."""
        return Vendor(self.source)

    @field_validator("website")
    @classmethod
    def _of_umami(cls, id: str | None, info: ValidationInfo) -> str | None:
        if id is not None and info.data.get("source") == "pirsch":
            raise ValueError('this belongs to source = "umami"; a dashboard at Pirsch is found by its domain')
        return id

    @field_validator("timezone")
    @classmethod
    def _without_its_own(cls, zone: object, info: ValidationInfo) -> object:
        if zone is not None and info.data.get("source") == "pirsch":
            raise ValueError("a dashboard at Pirsch has its own: change it there, in its settings")
        return zone

    @field_validator("hook_token", "hook_token_old")
    @classmethod
    def _heard(cls, token: Secret | None, info: ValidationInfo) -> Secret | None:
        if token is not None and info.data.get("source") == "umami":
            raise ValueError("Umami sends no webhooks: only numbers can be read from it")
        return token

    @field_validator("hook_token_old")
    @classmethod
    def _in_rotation(cls, old: Secret | None, info: ValidationInfo) -> Secret | None:
        new = info.data.get("hook_token", old)
        if old is not None and new is None:
            raise ValueError("without hook_token: the old one is only for the time of a change")
        if old is not None and old is not new and old == new:
            raise ValueError("this is the same as hook_token")
        return old
