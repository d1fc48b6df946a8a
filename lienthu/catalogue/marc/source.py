"""Bytes in order, with their offset, never more in memory than asked for."""

import io
from typing import BinaryIO

HEAD = 1 << 16
BLOCK = 1 << 20


class Source:
    """A stream of unpacked bytes that knows its position and shows its head before it is read."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.head = _read_fully(stream, HEAD)
        self._pending = self.head
        self.offset = 0
        """Offset of the next byte that ``read`` gives."""
        self._last = b""

    def read(self) -> bytes:
        """The next block, at most 1 MiB; empty at the end."""
        block = self._pending
        if block:
            self._pending = b""
        else:
            block = self._stream.read(BLOCK) or b""
        self.offset += len(block)
        self._last = block
        return block

    def next_of(self, one: bytes, other: bytes, *, after: int) -> int:
        """Offset of the next of two bytes in the block read last, from ``after`` on; the end of the block without."""
        block = self._last
        start = max(0, after - self.offset + len(block))
        first = block.find(one, start)
        second = block.find(other, start) if first < 0 else block.find(other, start, first)
        found = second if second >= 0 else first
        return self.offset - len(block) + found if found >= 0 else self.offset

    def skip_to(self, offset: int) -> None:
        """Go on from ``offset``, by seeking where the stream can, else by reading past."""
        if offset < len(self.head):
            self._pending = self.head[offset:]
            self.offset = offset
            return
        self._pending = b""
        ahead = offset - len(self.head)
        if self._stream.seekable():
            self._stream.seek(ahead, io.SEEK_CUR)
        else:
            while ahead > 0 and (block := self._stream.read(min(BLOCK, ahead))):
                ahead -= len(block)
        self.offset = offset


def _read_fully(stream: BinaryIO, size: int) -> bytes:
    parts: list[bytes] = []
    while size > 0 and (block := stream.read(size)):
        parts.append(block)
        size -= len(block)
    return b"".join(parts)
