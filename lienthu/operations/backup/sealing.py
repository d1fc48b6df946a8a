"""Encryption of a backup file: chunks under AES-256-GCM, their order and end authenticated (STREAM).

    magic        16 bytes  b"lienthu-sealed1\\n"
    length        4 bytes  of the header, big endian
    header       JSON      cipher, chunk (bytes of plain text), prefix, kdf: scrypt with n, r, p and salt
    check        32 bytes  HMAC-SHA-256 over all of the above
    chunks       each `chunk` bytes of plain text and a tag of 16 bytes; the last one may be shorter

scrypt(passphrase, salt) gives 64 bytes: the key of AES, then the key of HMAC. Nonce of chunk i: prefix (7 bytes), i
(4 bytes), 1 for the last chunk or else 0. A chunk that is moved, missing, or was not the last one therefore fails.
Rogaway and others, "Online authenticated-encryption and its nonce-reuse misuse-resistance" (2015).
"""

import hashlib
import hmac
import json
import os
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lienthu.operations.problems import BackupProblem

MAGIC = b"lienthu-sealed1\n"
CHUNK = 1 << 20
_TAG = 16
_CHECK = 32
_PREFIX = 7
# About 0.1 s and 64 MB: slow to guess, bearable on a small server.
_SCRYPT = {"n": 1 << 16, "r": 8, "p": 1}
# What a file may ask of the reader's machine.
_LARGEST_HEADER = 4096
_LARGEST_CHUNK = 16 << 20
_LARGEST_N = 1 << 20


def is_sealed(beginning: bytes) -> bool:
    """Do these first bytes begin an encrypted backup?"""
    return beginning.startswith(MAGIC)


def _keys(passphrase: str, kdf: dict[str, object]) -> tuple[bytes, bytes]:
    n, r, p = int(str(kdf["n"])), int(str(kdf["r"])), int(str(kdf["p"]))
    if not (1 < n <= _LARGEST_N and 1 <= r <= 16 and 1 <= p <= 4):
        raise ValueError("scrypt parameters out of bounds")
    salt = bytes.fromhex(str(kdf["salt"]))
    secret = hashlib.scrypt(passphrase.encode(), salt=salt, n=n, r=r, p=p, maxmem=256 * n * r, dklen=64)
    return secret[:32], secret[32:]


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + (b"\1" if last else b"\0")


class SealingWriter:
    """Encrypts what is written to it. `close` writes the last chunk; without it the file is not whole."""

    def __init__(self, out: BinaryIO, passphrase: str) -> None:
        kdf = {"name": "scrypt", **_SCRYPT, "salt": os.urandom(16).hex()}
        self._prefix = os.urandom(_PREFIX)
        header = json.dumps(
            {"cipher": "AES-256-GCM", "chunk": CHUNK, "prefix": self._prefix.hex(), "kdf": kdf}
        ).encode()
        key, check_key = _keys(passphrase, kdf)
        beginning = MAGIC + len(header).to_bytes(4, "big") + header
        out.write(beginning + hmac.digest(check_key, beginning, "sha256"))
        self._out, self._cipher = out, AESGCM(key)
        self._number = 0
        self._buffer = bytearray()

    def write(self, data: bytes) -> int:
        self._buffer += data
        # the last chunk must not be empty unless everything is, so a full one waits for the byte after it
        while len(self._buffer) > CHUNK:
            self._put(bytes(self._buffer[:CHUNK]), last=False)
            del self._buffer[:CHUNK]
        return len(data)

    def close(self) -> None:
        self._put(bytes(self._buffer), last=True)
        self._buffer.clear()

    def _put(self, plain: bytes, *, last: bool) -> None:
        self._out.write(self._cipher.encrypt(_nonce(self._prefix, self._number, last=last), plain, None))
        self._number += 1


class SealedReader:
    """Reads what SealingWriter wrote, in order. Raises BackupProblem for a wrong key, damage or a missing end."""

    def __init__(self, source: BinaryIO, passphrase: str) -> None:
        header, key = _read_header(source, passphrase)
        self._source, self._cipher = source, AESGCM(key)
        self._prefix = bytes.fromhex(header["prefix"])
        self._size = int(header["chunk"]) + _TAG
        self._number = 0
        self._plain = b""
        self._place = 0
        self._offset = source.tell()
        self._next = _read_fully(source, self._size)
        self._ended = False

    def read(self, size: int) -> bytes:
        """Up to `size` bytes; b"" only at the authenticated end."""
        while self._place >= len(self._plain) and not self._ended:
            self._open_next()
        piece = self._plain[self._place : self._place + size]
        self._place += len(piece)
        return piece

    def _open_next(self) -> None:
        sealed, self._next = self._next, _read_fully(self._source, self._size)
        last = not self._next
        self._plain, self._place = self._opened(sealed, last=last), 0
        self._number += 1
        self._offset += len(sealed)
        self._ended = last

    def _opened(self, sealed: bytes, *, last: bool) -> bytes:
        try:
            return self._cipher.decrypt(_nonce(self._prefix, self._number, last=last), sealed, None)
        except (InvalidTag, ValueError):
            pass
        if not sealed or (last and self._is_inner(sealed)):
            raise BackupProblem("cut")
        # a short last chunk may be cut or damaged: nobody can tell
        raise BackupProblem("cut_or_damaged" if last else "damaged", offset=self._offset)

    def _is_inner(self, sealed: bytes) -> bool:
        try:
            self._cipher.decrypt(_nonce(self._prefix, self._number, last=False), sealed, None)
        except (InvalidTag, ValueError):
            return False
        return True


def _read_header(source: BinaryIO, passphrase: str) -> tuple[dict[str, str], bytes]:
    beginning = _read_fully(source, len(MAGIC) + 4)
    length = int.from_bytes(beginning[len(MAGIC) :], "big")
    if not is_sealed(beginning) or length > _LARGEST_HEADER:
        raise BackupProblem("damaged", offset=0)
    raw = _read_fully(source, length)
    check = _read_fully(source, _CHECK)
    if len(raw) < length or len(check) < _CHECK:
        raise BackupProblem("cut")
    try:
        header = json.loads(raw)
        key, check_key = _keys(passphrase, header["kdf"])
        bytes.fromhex(header["prefix"])
        usable = 0 < int(header["chunk"]) <= _LARGEST_CHUNK and header["cipher"] == "AES-256-GCM"
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BackupProblem("wrong_key") from None
    if not usable or not hmac.compare_digest(check, hmac.digest(check_key, beginning + raw, "sha256")):
        raise BackupProblem("wrong_key")
    return header, key


def _read_fully(source: BinaryIO, size: int) -> bytes:
    """Up to `size` bytes; fewer only at the end of the file."""
    pieces, missing = [], size
    while missing and (piece := source.read(missing)):
        pieces.append(piece)
        missing -= len(piece)
    return b"".join(pieces)
