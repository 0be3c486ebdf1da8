"""Encrypted storage of texts: AES-256-GCM under a key of that complaint alone, in this service alone.

The key is wrapped by the master key. A text's reference is derived from its complaint and place, so
storing it twice keeps the first. The reference is bound to the ciphertext, so texts cannot be swapped.
"""

import base64
import binascii
import io
import secrets
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlmodel import Session, col, delete, insert

from shared.contract.ids import text_ref
from shared.contract.subjects import Service
from shared.runtime.storage.database import Database
from shared.runtime.texts.covering import Covering
from shared.runtime.texts.master_key import (
    KEY,
    NONCE,
    MasterKey,
    Random,
    UnreadableText,
)
from shared.runtime.texts.rows import (
    WrappedKey,
    held_key,
    instant_of_erasure,
    keep_first,
    keep_first_key,
    sealed_text,
)
from shared.runtime.texts.tables import TextKeyRow, TextReadRow, TextRow

ORDER_NUMBER = "order_ref-"
"""Prefix of the keys of order numbers: they are search keys, and some look like a card's."""

PURPOSE = "#purpose"
"""Suffix that a purpose is bound to besides the reference of the text: no text can pass for a purpose."""

Mask = Callable[[str], str]


class NoSuchText(UnreadableText):
    """Raised when there is no text under this reference, or no more: it was erased."""


def seal(
    cipher: AESGCM, ref: str, complaint_id: str, text: str, random: Random = secrets.token_bytes
) -> dict[str, Any]:
    """Encrypt a text and bind it to its reference: the columns of its row."""
    nonce = random(NONCE)
    sealed = nonce + cipher.encrypt(nonce, text.encode(), ref.encode())
    return {"ref": ref, "complaint_id": complaint_id, "sealed": sealed}


def _random_of(total: int) -> Random:
    """`total` random bytes, asked for once and then handed out: each request is a system call."""
    return io.BytesIO(secrets.token_bytes(total)).read


class Texts:
    """Texts of one service. `put` and `drop` run inside the caller's transaction."""

    def __init__(self, service: Service, database: Database, master: MasterKey, mask: Mask = str) -> None:
        """`mask` covers in every text what the policy will not have stored."""
        self.service = service
        self.database = database
        self.master = master
        self.mask = mask

    async def prepare(self, size: int, texts: Iterable[str]) -> None:
        """Mask the words of a command of `size` bytes before they are stored. Raises `TooComplex`."""
        if isinstance(self.mask, Covering):
            await self.mask.prepare(size, texts)

    def refs(self, complaint_id: str, texts: Mapping[str, str]) -> dict[str, str]:
        """References that `put` will give: they depend on names only."""
        return {key: text_ref(self.service, complaint_id, key) for key in texts}

    def put(
        self, session: Session, complaint_id: str, texts: Mapping[str, str], *, covered: bool = False
    ) -> dict[str, str]:
        """Put texts away under their keys; returns their references. The first text under a key stays.

        `covered`: what must not be stored is masked already, as in the texts of a submission.
        """
        refs = self.refs(complaint_id, texts)
        if not texts:
            return refs
        cipher = self.master.unwrap(self._key(session, complaint_id))
        stored = texts if covered else {key: self._masked(key, text) for key, text in texts.items()}
        rows = [seal(cipher, refs[key], complaint_id, text) for key, text in stored.items()]
        session.connection().execute(self.database.statement(keep_first), rows)
        return refs

    def put_new(self, session: Session, texts: Mapping[str, Mapping[str, str]]) -> None:
        """Encrypt and store the texts of many complaints that have none yet, in two statements, masked
        already.

        Raises `IntegrityError` if one of them has a key after all; then nothing was stored.
        """
        keys: list[dict[str, Any]] = []
        rows: list[dict[str, Any]] = []
        random = _random_of(sum(KEY + NONCE * (len(own) + 1) for own in texts.values()))
        for complaint_id, own in texts.items():
            key, cipher = self.master.new_data_key(complaint_id, random)
            keys.append(key)
            refs = self.refs(complaint_id, own)
            rows.extend(seal(cipher, refs[name], complaint_id, text, random) for name, text in own.items())
        connection = session.connection()
        connection.execute(insert(TextKeyRow), keys)
        connection.execute(insert(TextRow), rows)

    def open(self, session: Session, ref: str) -> str:
        """Decrypted text, for the service's own use. Raises `UnreadableText`."""
        found = sealed_text(session, ref)
        if found is None:
            raise NoSuchText("there is no text under this reference, or it was erased")
        sealed, key = found
        try:
            return self.master.unwrap(key).decrypt(sealed[:NONCE], sealed[NONCE:], ref.encode()).decode()
        except InvalidTag as error:
            raise UnreadableText("this text was not sealed under the key of its complaint") from error

    def drop(self, session: Session, refs: list[str]) -> None:
        """Forget texts that came with something that was refused."""
        session.connection().execute(delete(TextRow).where(col(TextRow.ref).in_(refs)))

    def erased_at(self, session: Session, ref: str) -> datetime | None:
        """Instant at which the texts of this reference's complaint were destroyed, if they were."""
        complaint = ref.split(":")[1] if ref.count(":") >= 2 else ""
        return instant_of_erasure(session, complaint)

    async def read(self, ref: str, actor: str, purpose: str, now: datetime, via: str | None = None) -> str:
        """Decrypted text. The read is logged first, with the client. Raises `UnreadableText`."""

        def work(session: Session) -> str:
            text = self.open(session, ref)
            session.add(self._note_of(session, ref, actor, purpose, now, via))
            return text

        return await self.database.write(work)

    def purpose_of(self, session: Session, row: TextReadRow) -> str:
        """Decrypted purpose of a read. Raises `UnreadableText`, also when it was erased."""
        bound = f"{row.ref}{PURPOSE}".encode()
        try:
            sealed = base64.b64decode(row.purpose, validate=True)
            return self._cipher_of(session, row.ref).decrypt(sealed[:NONCE], sealed[NONCE:], bound).decode()
        except (binascii.Error, InvalidTag) as error:
            raise UnreadableText("this purpose was not sealed under the key of its complaint") from error

    def _note_of(
        self, session: Session, ref: str, actor: str, purpose: str, now: datetime, via: str | None
    ) -> TextReadRow:
        """Log entry of a read. Its purpose may name people, so it is encrypted under the complaint's key."""
        sealed = seal(self._cipher_of(session, ref), f"{ref}{PURPOSE}", "", purpose)["sealed"]
        written = base64.b64encode(sealed).decode()
        return TextReadRow(ref=ref, actor=actor, purpose=written, read_at=now, via=via)

    def _cipher_of(self, session: Session, ref: str) -> AESGCM:
        found = sealed_text(session, ref)
        if found is None:
            raise NoSuchText("there is no text under this reference, or it was erased")
        return self.master.unwrap(found[1])

    def _masked(self, key: str, text: str) -> str:
        return text if key.startswith(ORDER_NUMBER) else self.mask(text)

    def _key(self, session: Session, complaint_id: str) -> WrappedKey:
        # Held until the text is there: an erasure at the same time waits, and takes the text along.
        if found := held_key(session, complaint_id):
            return found
        fresh, _ = self.master.new_data_key(complaint_id)
        session.connection().execute(self.database.statement(keep_first_key), fresh)
        found = held_key(session, complaint_id)
        assert found is not None
        return found
