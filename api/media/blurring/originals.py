"""Photos as they were before the first blur: encrypted, each under a key of its own that is sealed.

The key lies in the photo's document. So a rotation of our keys seals it anew and touches no file, and
with the document the original is gone for good, wherever a copy of the file may lie.
"""

import asyncio
import base64
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from api.kit.ids import new_id
from api.kit.resealing import seal_anew
from api.kit.sealing import SealBroken, Sealer
from api.kit.store import Store
from api.media.errors import FilesUnavailable
from api.media.files import MediaFiles
from api.media.records import Media, Original
from api.media.repository import MEDIA

_KEY_BYTES, _NONCE_BYTES = 32, 12


class Originals:
    """Every call that meets files raises FilesUnavailable."""

    def __init__(self, store: Store, files: MediaFiles, sealer: Sealer) -> None:
        self._media = store[MEDIA]
        self._files = files
        self._sealer = sealer

    async def keep(self, media_id: str, clear: bytes, folder: Path) -> Original:
        """Encrypt a photo, keep it, and return how it is found and opened."""
        key, nonce = secrets.token_bytes(_KEY_BYTES), secrets.token_bytes(_NONCE_BYTES)
        sealed = AESGCM(key).encrypt(nonce, clear, _place(media_id).encode())
        made, name = folder / "sealed", new_id()
        await asyncio.to_thread(made.write_bytes, nonce + sealed)
        await self._files.keep_sealed(media_id, name, made)
        told = base64.b64encode(key).decode()
        return Original(name, self._sealer.seal(told, _place(media_id)))

    async def read(self, media: Media) -> bytes | None:
        """Return the original; None when there is none. Raises SealBroken."""
        if media.original is None:
            return None
        sealed = await self._files.read_sealed(media.id, media.original.name)
        if sealed is None:
            raise FilesUnavailable("original")
        key = base64.b64decode(self._sealer.open(media.original.key, _place(media.id)))
        nonce, rest = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            return AESGCM(key).decrypt(nonce, rest, _place(media.id).encode())
        except InvalidTag as error:
            raise SealBroken(_place(media.id)) from error

    async def seal_anew(self) -> int:
        """Seal some keys anew, as Resealed has it."""
        return await seal_anew(self._media, self._sealer, "original_key", _place)


def _place(media_id: str) -> str:
    return f"original of media {media_id}"
