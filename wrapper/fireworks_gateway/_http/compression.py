"""Decompress a response body within a limit: gzip (RFC 1952) and deflate (RFC 1950), the two encodings requested."""

from __future__ import annotations

import zlib

ACCEPTED = "gzip, deflate"
"""The value of `Accept-Encoding` in every request."""

_WINDOWS = {"gzip": 31, "x-gzip": 31, "deflate": 15}
_RAW_DEFLATE = -15
_GZIP_MEMBER = b"\x1f\x8b"


class CompressionError(Exception):
    """A body whose compression is broken or incomplete."""


class EncodingError(CompressionError):
    """A body in an encoding that was not requested."""


def is_accepted(content_encoding: str) -> bool:
    """Return whether `Decompressor` reads an encoding, given as the header's value."""
    return content_encoding.strip().lower() in ("", "identity", *_WINDOWS)


class Decompressor:
    """Decompresses the chunks of one body.

    `content_encoding` is the header's value; a body without one, or with "identity", is returned unchanged.

    Raises:
        EncodingError: The request did not accept the encoding.
    """

    def __init__(self, content_encoding: str) -> None:
        encoding = content_encoding.strip().lower()
        if not is_accepted(encoding):
            raise EncodingError(f"Content-Encoding {content_encoding!r} was not requested")
        self._window = _WINDOWS.get(encoding)
        self._stream = zlib.decompressobj(self._window) if self._window else None
        self._head: bytes | None = b""  # The first two bytes tell a member's format; None while inside a member.

    def add(self, chunk: bytes, limit: int) -> bytes:
        """Return at most `limit` decompressed bytes of a chunk.

        Raises:
            CompressionError: The compression is broken.
        """
        if self._stream is None:
            return chunk
        parts, size = [], 0
        while chunk and size < limit:
            if self._head is not None:
                chunk = self._head + chunk
                if len(chunk) < 2:
                    self._head = chunk
                    break
                if self._stream.eof and not chunk.startswith(_GZIP_MEMBER):
                    break  # Servers pad the last member; the data was complete before.
                self._stream, self._head = zlib.decompressobj(self._format_of(chunk)), None
            try:
                parts.append(self._stream.decompress(chunk, limit - size))
            except zlib.error as error:
                raise CompressionError(str(error)) from None
            size += len(parts[-1])
            chunk = self._stream.unused_data
            if self._stream.eof:
                self._head = b""
        return b"".join(parts)

    def _format_of(self, head: bytes) -> int:
        if self._window == _WINDOWS["deflate"] and (head[0] & 15 != 8 or (head[0] << 8 | head[1]) % 31):
            return _RAW_DEFLATE  # Some servers leave out the header of zlib (RFC 1950, section 2.2).
        return self._window or 0

    def finish(self) -> None:
        """Check that the body is complete.

        Raises:
            CompressionError: The end of the compressed data is missing.
        """
        if self._stream is not None and not self._stream.eof and self._head != b"":
            raise CompressionError("the compressed data is incomplete")
