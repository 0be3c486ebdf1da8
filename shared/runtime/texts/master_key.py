"""Master key, which wraps the keys of texts. Its file holds several; it is read again when it changes."""

import base64
import binascii
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.contract.ids import short_hash
from shared.runtime.log import logger
from shared.runtime.settings import read_secret
from shared.runtime.texts.rows import WrappedKey
from shared.runtime.texts.tables import TextKeyRow

log = logger("keeping")

NONCE, KEY = 12, 32

Random = Callable[[int], bytes]
"""Returns this number of new random bytes."""


class UnreadableText(Exception):
    """Raised when the text does not exist, was erased, or has a key that is not ours."""


class MasterKeyMissing(UnreadableText):
    """Another process wrapped it by a master key that has not come here yet: an outage, which passes."""


class UnusableMasterKey(ValueError):
    """Raised when the master key file holds no key. The message names the expected content, `zh` in
    Chinese.
    """

    zh = "文件须存放 32 个随机字节（base64），每行一个密钥"


@dataclass(frozen=True)
class _Ring:
    """Keys at one moment: threads that wrap or unwrap see all of it or nothing."""

    id: str
    ciphers: dict[str, AESGCM]
    listed: list[str]

    def wrap(self, complaint_id: str, key: bytes, random: Random) -> bytes:
        nonce = random(NONCE)
        return nonce + self.ciphers[self.id].encrypt(nonce, key, complaint_id.encode())


def _ring(keys: list[bytes], before: dict[str, AESGCM]) -> _Ring:
    """Ring in which the first of `keys` wraps; what could be unwrapped before still can."""
    found = {_key_id(one): AESGCM(one) for one in keys}
    return _Ring(_key_id(keys[0]), before | found, list(found))


class MasterKey:
    """Master key of 32 bytes; `id` names it without revealing it.

    Further keys only unwrap: `former` keys what was wrapped before the present key came (`rotation`),
    later keys what other processes wrap already. A file is read again when it has changed (`refresh`).
    """

    def __init__(self, key: bytes, *former: bytes, path: Path | None = None) -> None:
        self._path, self._seen = path, _state(path)
        self._ring = _ring([key, *former], {})

    @property
    def id(self) -> str:
        """Id of the key in force."""
        return self._ring.id

    @property
    def former(self) -> list[str]:
        """Ids of the keys that only unwrap."""
        ring = self._ring
        return [one for one in ring.ciphers if one != ring.id]

    @property
    def listed(self) -> list[str]:
        """Ids of all keys in the file, the key in force first."""
        return self._ring.listed

    @classmethod
    def from_file(cls, path: Path) -> "MasterKey":
        """Read a file with one key a line, the key in force first. Raises `UnusableMasterKey` with one
        sentence.
        """
        return cls(*_keys_in(path), path=path)

    def refresh(self) -> bool:
        """Read the file again if it has changed; whether it has. One that is spoilt now changes nothing."""
        if self._path is None or (state := _state(self._path)) in (None, self._seen):
            return False
        self._seen = state
        try:
            self._ring = _ring(_keys_in(self._path), self._ring.ciphers)
        except (OSError, UnusableMasterKey) as error:
            log.warning("master_key_not_read", error=str(error)[:200])
            return False
        log.info("master_key_read", master_key=self.id, readable=len(self._ring.ciphers))
        return True

    def new_data_key(
        self, complaint_id: str, random: Random = secrets.token_bytes
    ) -> tuple[dict[str, Any], AESGCM]:
        """New data key for one complaint: the columns of its row, wrapped, and its cipher."""
        key, ring = random(KEY), self._ring
        wrapped = ring.wrap(complaint_id, key, random)
        return {"complaint_id": complaint_id, "master_key_id": ring.id, "wrapped": wrapped}, AESGCM(key)

    def unwrap(self, row: TextKeyRow | WrappedKey) -> AESGCM:
        """Cipher of one complaint. Raises `UnreadableText` if no master key of ours wrapped it."""
        return AESGCM(self._data_key(row.complaint_id, row.master_key_id, row.wrapped))

    def data_key(self, row: TextKeyRow | WrappedKey) -> bytes:
        """Data key itself. Raises `UnreadableText` if no master key of ours wrapped it."""
        return self._data_key(row.complaint_id, row.master_key_id, row.wrapped)

    def rewrap(self, complaint_id: str, master_key_id: str, wrapped: bytes) -> tuple[str, bytes]:
        """Same data key, wrapped by the master key in force, and its id. Raises the errors of `unwrap`."""
        key, ring = self._data_key(complaint_id, master_key_id, wrapped), self._ring
        return ring.id, ring.wrap(complaint_id, key, secrets.token_bytes)

    def _data_key(self, complaint_id: str, master_key_id: str, wrapped: bytes) -> bytes:
        if master_key_id not in self._ring.ciphers:
            self.refresh()  # another process wraps by a key that was not in the file when we read it
        cipher = self._ring.ciphers.get(master_key_id)
        if cipher is None:
            raise MasterKeyMissing("the master key does not fit this text's key")
        try:
            return cipher.decrypt(wrapped[:NONCE], wrapped[NONCE:], complaint_id.encode())
        except InvalidTag as error:
            raise UnreadableText("the master key does not fit this text's key") from error


def _keys_in(path: Path) -> list[bytes]:
    lines = [line for line in read_secret(path).splitlines() if line.strip()]
    try:
        keys = [base64.b64decode(line.strip(), validate=True) for line in lines or [b""]]
        for key in keys:
            _key_id(key)
    except (binascii.Error, ValueError) as error:
        which = "does not hold" if len(lines) < 2 else "has a line that does not hold"
        raise UnusableMasterKey(f"{path.name} {which} 32 random bytes in base64") from error
    return keys


def _state(path: Path | None) -> tuple[int, int, int] | None:
    """Changes with the file, however it is replaced."""
    try:
        found = path.stat() if path else None
    except OSError:
        return None
    return (found.st_ino, found.st_mtime_ns, found.st_size) if found else None


def _key_id(key: bytes) -> str:
    if len(key) != KEY:
        raise UnusableMasterKey("the master key must be 32 bytes in base64")
    return short_hash(base64.b64encode(key).decode(), 12)
