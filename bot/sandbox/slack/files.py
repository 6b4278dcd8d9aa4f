"""Files by the three steps of an external upload, the only way that is left since `files.upload` was retired.

docs.slack.dev/messaging/working-with-files: ask for an address, send the bytes there, say where it belongs.
"""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.sandbox.slack import content
from bot.sandbox.slack.content import Arguments, Refused, explained, required


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file that was announced; `data` is None until its bytes came."""

    id: str
    name: str
    length: int
    title: str = ""
    alt: str = ""
    data: bytes | None = None


class Files:
    """What was announced and what came. Safe for threads."""

    def __init__(self) -> None:
        self._files: dict[str, File] = {}
        self._lock = threading.Lock()

    def announce(self, arguments: Arguments) -> File:
        """Give a file an id. Refuse one without a name or a length."""
        name, length = required(arguments, "filename"), required(arguments, "length")
        if not length.isdigit() or int(length) == 0:
            raise explained("invalid_arguments", "must be a positive integer [json-pointer:/length]")
        with self._lock:
            id = f"F{len(self._files) + 1:08d}"
            alt = str(arguments.get("alt_txt") or "")
            self._files[id] = File(id=id, name=name, length=int(length), alt=alt)
            return self._files[id]

    def take_in(self, id: str, data: bytes) -> bool:
        """Keep the bytes of an announced file. Return False when they are not what was announced."""
        with self._lock:
            file = self._files.get(id)
            if file is None or len(data) != file.length:
                return False
            self._files[id] = replace(file, data=data)
            return True

    def get(self, id: str) -> File | None:
        """Return a file, announced or complete."""
        with self._lock:
            return self._files.get(id)

    def complete(self, arguments: Arguments) -> Sequence[File]:
        """Return the files that are to be shared, with their titles. Refuse those whose bytes are missing."""
        asked = content.decoded(arguments.get("files"), "invalid_arguments")
        if not isinstance(asked, list) or not asked:
            raise explained("invalid_arguments", "missing required field: files")
        return [self._completed(one) for one in asked]

    def _completed(self, asked: object) -> File:
        if not isinstance(asked, Mapping):
            raise explained("invalid_arguments", "must be an object [json-pointer:/files/0]")
        with self._lock:
            file = self._files.get(str(asked.get("id")))
            if file is None or file.data is None:
                raise Refused("file_not_found")
            title = str(asked.get("title") or file.name)
            self._files[file.id] = replace(file, title=title)
            return self._files[file.id]
