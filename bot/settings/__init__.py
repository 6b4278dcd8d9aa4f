"""config.toml -> one frozen value, or every mistake at once, each with its place and what would be right."""

from bot.settings.load import Settings, load, read
from bot.settings.mistakes import BadSettings, Mistake
from bot.settings.secret import Secret

__all__ = ["BadSettings", "Mistake", "Secret", "Settings", "load", "read"]
