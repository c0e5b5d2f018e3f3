"""Random responses: valid ones of several forms, with changes of their JSON, lines and bytes."""

from __future__ import annotations

import gzip
import json
import random
import zlib
from collections.abc import Callable, Mapping
from typing import Any

import httpcore
from attrs import frozen

KEY = "fw_0123456789abcdef"
Chance = random.Random
_key = KEY.encode()
RAW = "a value that json.dumps cannot write"


@frozen
class Input:
    """A response, and the walk that receives it.

    Attributes:
        pieces: The bytes of the response, of any number of responses, or of none, as they arrive.
        ending: The error of a client that reads more; None if the server closes the connection.
        page_token: The token of the page at which the walk starts.
        request: The number of the request that it follows, from 1.
    """

    pieces: list[bytes]
    ending: type[Exception] | None
    page_token: str
    request: int
    asynchronous: bool
    by_page: bool
    prefetch: bool
    skip: bool


def make_input(seed: int, number: int, pages: Mapping[str, dict[str, Any]]) -> Input:
    """Return the input of a number, derived from one of two pages, given by their tokens."""
    chance = Chance(f"{seed} {number}")
    page_token, request = chance.choice([("", 1), ("", 2), ("next", 1), ("next", 1)])
    sent = _response(chance, pages["next" if request == 2 else page_token])
    for _ in range(chance.choice([0, 0, 0, 0, 1, 2])):
        sent = _change_lines(chance, sent)
    for _ in range(chance.choice([0, 0, 0, 0, 0, 0, 1, 3])):
        sent = _change_bytes(chance, sent)
    cuts = sorted(chance.choices(range(len(sent) + 1), k=chance.choice([0, 0, 0, 1, 5])))
    return Input(
        [sent[start:end] for start, end in zip([0, *cuts], [*cuts, len(sent)], strict=True) if start < end],
        ending=chance.choice([None, httpcore.ReadError, httpcore.ReadTimeout]),
        page_token=page_token,
        request=request,
        asynchronous=chance.random() < 0.3,
        by_page=chance.random() < 0.2,
        prefetch=chance.random() < 0.05,
        skip=chance.random() < 0.2,
    )


def _response(chance: Chance, page: Any) -> bytes:
    """Return a response of a page or an error with changed values, compressed and framed in one of several ways."""
    status, value = (200, page) if chance.random() < 0.85 else (chance.choice(STATUSES), chance.choice(ERRORS))
    for _ in range(chance.choice([0, 1, 1, 1, 2, 4])):
        value = _change_value(chance, value)
    text = json.dumps(value).replace(f'"{RAW}"', chance.choice(RAW_VALUES))
    body = chance.choice(BODIES)(text) if chance.random() < 0.05 else text.encode()
    lines = [b"HTTP/1.1 %d OK" % status, b"content-type: application/json"]
    if chance.random() < 0.15:
        encoding, compress = chance.choice(COMPRESSIONS)
        lines, body = [*lines, b"content-encoding: " + encoding], compress(body)
    kind = chance.random()
    if kind < 0.15:
        size = chance.choice([100, 1000, 10**6])
        parts = [body[start : start + size] for start in range(0, len(body), size)]
        body = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (*parts, b""))
    framing = b"transfer-encoding: chunked" if kind < 0.15 else b"content-length: %d" % len(body)
    return b"\r\n".join([*lines, framing if kind < 0.95 else b"connection: close", b"", body])


STATUSES = [*range(300, 309), *range(400, 410), 413, 425, 429, 451, 499, *range(500, 506), 520, 527, 530, 999]
ERRORS: list[Any] = [
    *({"error": {"code": 5, "message": KEY, "details": [{"@type": "x", "requestId": KEY}]}}, {"error": "x"}, [], KEY),
    *({"code": 8, "message": "no", "details": [{"@type": "x/google.rpc.RetryInfo", "retryDelay": delay}]}
      for delay in ("1s", "-1s", "1e9s", "9" * 400 + "s", {"seconds": "3"})),
    *({"detail": [1]}, {"fault": []}, {"title": "x", "status": RAW}, "<html><title>Busy", "<h1>" * 500, None),
]  # fmt: skip
COMPRESSIONS: list[tuple[bytes, Callable[[bytes], bytes]]] = [
    *[(b"gzip", gzip.compress)] * 9,
    *((b"deflate", zlib.compress), (b"deflate", lambda body: zlib.compress(body)[2:-4]), (b"gzip", bytes)),
    *((b"gzip, gzip", lambda body: gzip.compress(gzip.compress(body))), (b"br", bytes), (b"identity", bytes)),
    *((b"gzip", lambda body: gzip.compress(body[:9]) + gzip.compress(body[9:])), (b"GZIP ", gzip.compress)),
    *((b"gzip", lambda body: gzip.compress(body)[:-9]), (b"gzip", lambda body: gzip.compress(body) + b"\0")),
]
BODIES: list[Callable[[str], bytes]] = [
    *(lambda text: b"\xef\xbb\xbf" + text.encode(), lambda text: text.encode("utf-16"), lambda text: text.encode()[1:]),
    *(lambda text: text.encode() + b"\n" * 3000, lambda text: text.encode() * 2, lambda text: b"[" * 50_000),
    *(lambda text: text.replace("nextPageToken", "next_page_token").encode(), lambda text: b"{" * 5000, lambda _: b""),
    *(lambda text: text.replace("a", "\xff").encode("latin-1"), lambda text: text.replace('"', "'").encode()),
    lambda text: text.replace('"models":', '"models": [], "models":').encode(),
]
RAW_VALUES = [
    *("NaN", "-Infinity", "1e400", "9" * 4400, "-" + "9" * 4400, "01", ".5", "-0", "1E5", "undefined", "'a'", ""),
    *("[" * 80 + "]" * 80, '{"a":' * 120 + "1" + "}" * 120, "[" * 1500 + "]" * 1500, "[" * 50, '{"a":1,"a":2}'),
    *('"\\ud800"', '"\\x41"', '"\t"', '"\x00"', "1_0"),
]
VALUES: list[Any] = [
    *(None, True, 0, -1, 1.5, 2**31, 2**63, -(2**63) - 1, 10**30, "", "x", "NaN", "-1", "9" * 5000, " ", "\0"),
    *([], {}, [None], [[]], [{}], {"": None}, {"x": {"y": [1]}}, "\ud800", "\u202e", "x" * 40_000, RAW, RAW, RAW, RAW),
    *("2026-01-01T00:00:00Z", "0000-00-00T00:00:00Z", "9999-12-31T23:59:60.999999999999Z", "ENUM_NAME", [0] * 300),
    *({"code": 5, "message": KEY}, {"year": 0, "month": 13, "day": 99}, [1, "a", {}], "accounts/a/models/b"),
]
KEYS = ["nextPageToken", "models", "totalSize", "next_page_token", "error", "message", "name", "kind", "", "\ud800"]


def _change_value(chance: Chance, value: Any) -> Any:
    """Return a copy of a JSON value with one change somewhere inside."""
    if not isinstance(value, (dict, list)) or not value or chance.random() < 0.07:
        return chance.choice(VALUES)
    kind = chance.random()
    if isinstance(value, list):
        at = chance.randrange(len(value))
        new = [chance.choice(VALUES), value[at]] if kind < 0.2 else [_change_value(chance, value[at])]
        return [*value[:at], *(new if kind > 0.1 else []), *value[at + 1 :]]
    changed = dict(value)
    key = "models" if "models" in value and chance.random() < 0.7 else chance.choice(list(value))
    if kind < 0.1:
        del changed[key]
    elif kind < 0.2:
        changed[chance.choice(KEYS)] = changed.pop(key)
    elif kind < 0.3:
        changed[chance.choice(KEYS)] = chance.choice(VALUES)
    else:
        changed[key] = _change_value(chance, value[key])
    return changed


def _change_lines(chance: Chance, sent: bytes) -> bytes:
    """Insert or replace a line of the head, or of a chunked body."""
    lines = sent.split(b"\r\n")
    at = chance.choice([0, *[chance.randrange(len(lines))] * 5])
    lines[at : at + chance.choice([0, 0, 1])] = [chance.choice(LINES if at else [*STARTS, *LINES])]
    return b"\r\n".join(lines)


STARTS = [
    *(b"HTTP/1.1 " + start for start in b"000 x|999 x|-1 x|101 x|204 x|206 x|200|2OO OK|200 \xff\xfe".split(b"|")),
    *(b"HTTP/1.0 200 OK", b"HTTP/2 200", b"http/1.1 200 ok", b"ICY 200 OK", b"{}"),
    *(b"HTTP/1.1 100 Continue\r\n", b"HTTP/1.1 103 Early\r\nlink: <x>\r\n", b"HTTP/1.1 100 x\r\n\r\n" * 50),
    *(b"HTTP/1.1 200 " + _key, b"HTTP/1.1 200 " + b"x" * 300, b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"),
]
LINES = [
    *(b"retry-after: " + value for value in b"-1|1|1e400|99999999999|nan|\xb2|1, 2||Thu, 01 Jan 1970 GMT".split(b"|")),
    *(b"retry-after: " + b"9" * 5000, b"retry-after: Fri, 31 Dec 9999 23:59:59 -2359", b"retry-after-ms: -5"),
    *(b"date: x", b"date: Fri, 31 Dec 9999 23:59:59 -2359", b"location: http://[::1", b"location: //x:y@" + _key),
    *(b"x-should-retry: true", b"x-should-retry: \xff", b"connection: close", b"connection: upgrade\r\nupgrade: h2c"),
    *(b"x-request-id: " + _key, b"set-cookie: k=" + _key, b"set-cookie: =;;=; max-age=" + b"9" * 5000),
    *(b"content-type: application/json; charset=utf-16", b"content-type: ;;;=\xff", b"x: a\r\n b", b"no colon"),
    *(b": no name", b"na me: x", b"x : y", b"\0: \0", b"x: \0", b"x: " + b"y" * 9000, b"x: " + b"y" * 120_000),
    *(b"\r\n".join(b"h%d: v" % each for each in range(150)), b"content-encoding: gzip", b"content-length: 5"),
    *(b"content-length: 0", b"content-length: 0x10", b"content-length: 5, 5", b"content-length: " + b"9" * 400),
    *(b"transfer-encoding: chunked", b"transfer-encoding: gzip, chunked", b"transfer-encoding: identity"),
    *(b"", b"0", b"5", b"000", b"-5", b"0x5", b"f" * 20, b"5;" + b"e" * 5000, b"0;x", b"0\r\nx: y\r\n"),
]


def _change_bytes(chance: Chance, sent: bytes) -> bytes:
    # Half of the changes are near the start, where the head is.
    at = chance.randrange(len(sent) + 1) if chance.random() < 0.5 else chance.randrange(min(len(sent), 200) + 1)
    part = sent[at : at + chance.choice([1, 1, 2, 8, 64])]
    new = chance.choice([b"", part * 2, part[::-1], chance.randbytes(1), chance.choice(TOKENS), sent[:64]])
    return sent[:at] + new + chance.choice([sent[at:], *[sent[at + len(part) :]] * 3, b""])


TOKENS = [*b'\r\n|\n|\r|\0|\r\n\r\n|:|"|{|}|[|]|,|\\|\\u|\xff|0|-|e9999|null|HTTP/1.1 200 OK\r\n'.split(b"|")]
