"""The extra `fast` decodes JSON to the same values and errors as the standard library."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fireworks_gateway._http import responses as _json
from fireworks_gateway.testing import FakeGateway

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)

# Numbers beyond 64 bits and a float, half a surrogate pair, a repeated name, a byte order mark, UTF-16, depth.
STRANGE = [
    b"18446744073709551616",
    b"-9223372036854775809",
    b"1" * 400 + b".0",
    b"1e400",
    b"-0",
    b"-1e-400",
    b"NaN",
    b'"\\ud800"',
    b'"\xed\xa0\x80"',
    b'{"a": 1, "b": 2, "a": 3}',
    b"\xef\xbb\xbf{}",
    '{"name": "é"}'.encode("utf-16"),
    b'"\xff"',
    b'"\x00"',
    b"",
    b"[" * 100_000,
]


def outcome_of(read: Any, text: bytes) -> tuple[str, str]:
    """Return the value of a text with its types, or the error with its message."""
    try:
        value = read(text)
    except RecursionError:
        return "RecursionError", ""  # The messages differ in the depth.
    except ValueError as error:
        return type(error).__name__, str(error)
    return "", repr(value)  # NaN equals itself as text, and 1 is not 1.0.


def test_the_extra_is_used() -> None:
    """Otherwise the tests below would compare the standard library with itself."""
    _json._load_decoder.cache_clear()
    assert isinstance(_json._load_decoder().__self__, msgspec.json.Decoder)  # type: ignore[attr-defined]


@given(VALUES, st.booleans(), st.sampled_from([None, 1]))
def test_json_decodes_alike(value: Any, ascii_only: bool, indent: int | None) -> None:
    """Any value in any layout."""
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode("utf-8", "surrogatepass")
    assert outcome_of(_json.decode_json, text) == outcome_of(json.loads, text)


@given(VALUES, st.data())
def test_damaged_json_decodes_alike(value: Any, data: st.DataObject) -> None:
    """With one byte replaced, or cut off at any place."""
    text = bytearray(json.dumps(value).encode())
    at = data.draw(st.integers(0, len(text) - 1))
    if data.draw(st.booleans()):
        text[at] = data.draw(st.integers(0, 255))
    else:
        del text[at:]
    assert outcome_of(_json.decode_json, bytes(text)) == outcome_of(json.loads, bytes(text))


@pytest.mark.parametrize("text", STRANGE, ids=lambda text: repr(text[:20]))
def test_differences_of_decoders_are_hidden(text: bytes) -> None:
    """Texts that a fast decoder rounds, rejects or describes in other words."""
    assert outcome_of(_json.decode_json, text) == outcome_of(json.loads, text)


def test_a_listing_is_the_same_without_the_extra(request: pytest.FixtureRequest) -> None:
    """The extra is optional."""
    pager = FakeGateway().client().models.list()
    models = pager.to_list()
    assert _json._load_decoder() is not json.loads
    request.getfixturevalue("without_fast")
    assert pager.to_list() == models
    assert _json._load_decoder() is json.loads
