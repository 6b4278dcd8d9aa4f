"""Who counts a site."""

from enum import StrEnum


class Vendor(StrEnum):
    """A service that counts visitors, by the word that the file has for it."""

    PIRSCH = "pirsch"
    UMAMI = "umami"

    @property
    def called(self) -> str:
        """How people call it."""
        return self.value.capitalize()
