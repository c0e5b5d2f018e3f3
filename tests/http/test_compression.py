"""Decompression: any split into chunks gives the same bytes, and the limit bounds the memory."""

import gzip
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fireworks_gateway._http.deadline import CompressionError, Decompressor


def _raw_deflate(data: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-15)
    return stream.compress(data) + stream.flush()


COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    "identity": bytes,
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    " GZip ": lambda data: gzip.compress(data[:7]) + gzip.compress(data[7:]) + bytes(9),
    "deflate": zlib.compress,
    "Deflate": _raw_deflate,
}


def decompress(encoding: str, chunks: list[bytes], limit: int = 10**6) -> bytes:
    """Return the data of compressed chunks."""
    decompressor = Decompressor(encoding)
    found = b"".join(decompressor.add(chunk, limit) for chunk in chunks)
    decompressor.finish()
    return found


@given(st.sampled_from(sorted(COMPRESSORS)), st.binary(max_size=300), st.sampled_from([1, 2, 3, 10, 400]))
def test_chunks_of_any_size_decompress_to_the_data(encoding: str, data: bytes, size: int) -> None:
    """Every accepted encoding restores the data, with several members or without a header."""
    sent = COMPRESSORS[encoding](data)
    assert decompress(encoding, [sent[at : at + size] for at in range(0, len(sent), size)]) == data


@given(st.integers(1, 5000))
def test_the_limit_bounds_the_result(limit: int) -> None:
    """A bomb of a million zeros gives no more bytes than the limit, behind a part that reaches it too."""
    bomb = gzip.compress(bytes(10**6))
    for data in (bomb, gzip.compress(bytes(limit)) + bomb, gzip.compress(bytes(limit // 2)) + bomb):
        assert len(Decompressor("gzip").add(data, limit)) == limit


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_body_that_is_incomplete_or_not_compressed_is_an_error(encoding: str) -> None:
    """No error of zlib escapes."""
    whole = COMPRESSORS[encoding](b"some data")
    for sent in (whole[:-1], whole[:-8], b"\x00plain text"):
        with pytest.raises(CompressionError):
            decompress(encoding, [sent])
