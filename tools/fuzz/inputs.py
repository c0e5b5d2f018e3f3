"""Random responses: odd heads and bodies from a grammar, and changes of their bytes; each has a seed and a number."""

from __future__ import annotations

import gzip
import json
import random
import zlib
from collections.abc import Callable, Mapping
from enum import Enum, auto
from itertools import pairwise
from typing import Any

from attrs import frozen

KEY = "fw_0123456789abcdef"
Chance = random.Random


class Ending(Enum):
    """The end of a connection after the bytes of a response, if its client reads more."""

    CLOSE = auto()
    RESET = auto()
    TIMEOUT = auto()


@frozen
class Input:
    """A response, and the walk that receives it.

    Attributes:
        sent: The bytes of the response, of any number of responses, or of none.
        cuts: The places in `sent` between its pieces.
        ending: The end of its connection.
        page_token: The token of the page at which the walk starts.
        request: The number of the request that it follows, from 1.
        asynchronous: True for the async client.
        by_page: True for a walk by pages.
        prefetch: True for a walk with prefetching.
        skip: True to skip malformed items.
    """

    sent: bytes
    cuts: tuple[int, ...]
    ending: Ending
    page_token: str
    request: int
    asynchronous: bool
    by_page: bool
    prefetch: bool
    skip: bool

    def pieces(self) -> list[bytes]:
        """Return the bytes in the pieces in which they arrive."""
        bounds = [0, *sorted(self.cuts), len(self.sent)]
        return [piece for start, end in pairwise(bounds) if (piece := self.sent[start:end])]


def make_input(seed: int, number: int, pages: Mapping[str, dict[str, Any]]) -> Input:
    """Return the input of a number, derived from one of two pages, given by their tokens."""
    chance = Chance(f"{seed} {number}")
    page_token, request = chance.choice([("", 1), ("", 2), ("next", 1), ("next", 1)])
    sent = _response(chance, pages["next" if request == 2 else page_token])
    if chance.random() < 0.2:
        sent = _change_bytes(chance, sent)
    count = chance.choice([0, 0, 0, 1, 5])
    return Input(
        sent,
        cuts=tuple(chance.randrange(len(sent) + 1) for _ in range(count)),
        ending=chance.choice(list(Ending)),
        page_token=page_token,
        request=request,
        asynchronous=chance.random() < 0.3,
        by_page=chance.random() < 0.2,
        prefetch=chance.random() < 0.05,
        skip=chance.random() < 0.2,
    )


def _response(chance: Chance, page: dict[str, Any]) -> bytes:
    status, body = chance.choice([*[_success] * 5, _failure])(chance, page)
    encodings, body = _compress(chance, body)
    framing, body = _frame(chance, body)
    lines = [_status_line(chance, status), *encodings, *framing]
    lines[1:1] = [chance.choice(HEADERS) for _ in range(chance.choice([0, 0, 0, 1, 3]))]
    interim = _some(chance, 0.1, INTERIM) * chance.choice([1, 1, 2, 50])
    surplus = _some(chance, 0.1, [b"\r\n", b"\0", b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}", body])
    end = _some(chance, 0.05, [b"\n\n", b"\r\n", b"\r\n\r\n\r\n", b""]) or b"\r\n\r\n"
    return interim + chance.choice([b"\r\n"] * 9 + [b"\n"]).join(lines) + end + body + surplus


def _some(chance: Chance, probability: float, choices: list[bytes]) -> bytes:
    return chance.choice(choices) if chance.random() < probability else b""


def _status_line(chance: Chance, status: int) -> bytes:
    return _some(chance, 0.05, STATUS_LINES) or b"HTTP/1.1 %d %b" % (status, chance.choice(REASONS))


STATUS_LINES = [
    *(b"HTTP/1.0 200 OK", b"HTTP/2 200", b"HTTP/0.9 200 OK", b"http/1.1 200 ok", b"HTTP/1.1 200", b"ICY 200 OK"),
    *(b"HTTP/1.1 2OO OK", b"HTTP/1.1  200 OK", b"HTTP/1.1 000 x", b"HTTP/1.1 999 x", b"HTTP/1.1 -1 x", b"", b"{}"),
    *(b"HTTP/1.1 101 Switching", b"HTTP/1.1 204 x", b"HTTP/1.1 304 x", b"HTTP/1.1 206 x", b"HTTP/1.1 2000 x"),
]
REASONS = [b"OK", b"", b"\xff\xfe", b"x" * 300, b"Very\tBusy", KEY.encode()]
INTERIM = [
    *(b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 Early\r\nlink: <x>\r\n\r\n", b"HTTP/1.1 199 x\r\nx: y\r\n\r\n"),
    b"HTTP/1.1 102 Processing\r\ncontent-length: 5\r\n\r\n",
]
_key = KEY.encode()
HEADERS = [
    *(b"connection: close", b"connection: keep-alive", b"connection: upgrade\r\nupgrade: h2c", b"connection: \xff"),
    *(b"retry-after: -1", b"retry-after: 1", b"retry-after: 1e400", b"retry-after: 99999999999", b"retry-after: nan"),
    *(b"retry-after: " + b"9" * 5000, b"retry-after: Thu, 01 Jan 1970 00:00:00 GMT", b"retry-after: \xb2"),
    *(b"retry-after: Fri, 31 Dec 9999 23:59:59 -2359", b"retry-after: Mon, 00 Foo 0000 99:99:99 +9999"),
    *(b"retry-after-ms: -5", b"retry-after-ms: 1", b"retry-after-ms: x", b"retry-after: 1, 2", b"retry-after:"),
    *(b"date: Thu, 01 Jan 1970 00:00:00 GMT", b"date: x", b"date: Fri, 31 Dec 9999 23:59:59 -2359"),
    *(b"x-should-retry: true", b"x-should-retry: false", b"x-should-retry: \xff", b"x-request-id: " + _key),
    *(b"content-type: application/json; charset=utf-16", b"content-type: text/html", b"content-type: ;;;=\xff"),
    *(b"location: http://[::1", b"location: urn:a", b"location: //x:y@" + _key, b"location: http://\xff", b"location:"),
    *(b"set-cookie: a=b; expires=Thu, 99 Foo 2026 99:99:99 GMT", b"set-cookie: =;;=; max-age=" + b"9" * 5000),
    *(b"set-cookie: k=" + _key, b"www-authenticate: Bearer realm=" + _key, b"warning: \xff\xfe", b"x: a\r\n b"),
    *(b"no colon", b": no name", b"na me: x", b"x : y", b"\0: \0", b"x: \0", b"x:" + b"y" * 9000, b"trailer: x"),
    *(b"x: " + b"y" * 120_000, b"\r\n".join(b"h%d: v" % each for each in range(150)), b"content-range: bytes 0-1/9"),
    *(b"content-length: 5", b"transfer-encoding: chunked", b"content-encoding: gzip", b"content-length: 0"),
]


def _compress(chance: Chance, body: bytes) -> tuple[list[bytes], bytes]:
    if chance.random() < 0.85:
        return [], body
    if chance.random() < 0.5:
        return [b"content-encoding: gzip"], _gzip(body)
    return [b"content-encoding: " + chance.choice(ENCODINGS)], chance.choice(COMPRESSIONS)(body)


ENCODINGS = b"gzip|gzip|deflate|x-gzip|br|zstd|gzip, gzip|identity|\xff||GZIP ".split(b"|")


def _raw_deflate(body: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-15)
    return stream.compress(body) + stream.flush()


def _gzip(body: bytes) -> bytes:
    return gzip.compress(body, 1)


COMPRESSIONS: list[Callable[[bytes], bytes]] = [
    *(_gzip, _gzip, zlib.compress, _raw_deflate, bytes, lambda body: _gzip(_gzip(body))),
    *(lambda body: _gzip(body[:9]) + _gzip(body[9:]), lambda body: _gzip(body)[:-9], lambda body: _gzip(body) + b"\0"),
    *(lambda body: _gzip(body)[:-8] + b"12345678", lambda body: zlib.compress(body)[:-1], lambda body: b""),
]


def _frame(chance: Chance, body: bytes) -> tuple[list[bytes], bytes]:
    kind = chance.random()
    if kind < 0.7:
        return [b"content-length: %d" % len(body)], body
    if kind < 0.85:
        return [chance.choice([b"transfer-encoding: chunked"] * 9 + TRANSFERS)], _chunks(chance, body)
    if kind < 0.9:
        return [b"connection: close"], body
    length = len(body)
    forms = (
        "{0}, {0}|{0},{1}|-1|+{0}|0x10||1e2|{1}|{2}|{2}\r\ncontent-length: {0}|{0}\r\ncontent-length: {0}| {0} |{0}_0"
    )
    lengths = forms.format(length, length + 1, length // 2).encode().split(b"|")
    lengths += [b"9" * 400, b"0" * 30 + b"%d" % length, b"\xb2", b"%d\r\ntransfer-encoding: chunked" % length]
    return [b"content-length: " + chance.choice(lengths)], body


TRANSFERS = [
    *(b"transfer-encoding: CHUNKED", b"transfer-encoding: gzip, chunked", b"transfer-encoding: identity"),
    *(b"transfer-encoding: chunked\r\ncontent-length: 3", b"transfer-encoding: chunked, chunked", b"te: chunked"),
]


def _chunks(chance: Chance, body: bytes) -> bytes:
    size = chance.choice([1, 7, 100, 1000, 10**6]) if len(body) < 500 else chance.choice([100, 1000, 10**6])
    form = chance.choice([b"%x\r\n%b\r\n"] * 30 + CHUNKS)
    parts = [form % (len(body[at : at + size]), body[at : at + size]) for at in range(0, len(body), size)]
    return b"".join(parts) + chance.choice([b"0\r\n\r\n"] * 30 + LAST_CHUNKS)


CHUNKS = [
    *(b"%X;a=b;c\r\n%b\r\n", b"000%x\r\n%b\r\n", b"%x \r\n%b\r\n", b"%x\n%b\n", b"%x\r\n%b", b"0x%x\r\n%b\r\n"),
    *(b"%x;" + b"e" * 5000 + b"\r\n%b\r\n", b"-%x\r\n%b\r\n", b"%x;\0\r\n%b\r\n", b"f" * 20 + b"%x\r\n%b\r\n"),
]
LAST_CHUNKS = b"|0\r\n|0\r\nx: y\r\n\r\n|0\r\ncontent-length: 3\r\n\r\n|0;x\r\n\r\n|0\r\nno colon\r\n\r\n".split(b"|")


def _success(chance: Chance, page: dict[str, Any]) -> tuple[int, bytes]:
    status = chance.choice([*[200] * 19, 201, 202, 203, 205, 206, 226])
    changed = page
    for _ in range(chance.choice([0, 1, 1, 1, 2, 4])):
        changed = _change_value(chance, changed)
    text = json.dumps(changed)
    if RAW in text:  # Values that json.dumps cannot write.
        text = text.replace(f'"{RAW}"', chance.choice(RAW_VALUES))
    return status, chance.choice([_utf_8] * 120 + TEXTS)(text)


RAW = "a value of another writer"
RAW_VALUES = [
    *("NaN", "Infinity", "-Infinity", "1e400", "-1e400", "9" * 4400, "-" + "9" * 4400, "01", "1.", ".5", "0x1", "nan"),
    *("[" * 80 + "]" * 80, '{"a":' * 120 + "1" + "}" * 120, "[" * 1500 + "]" * 1500, "[" * 50, '{"a":1,"a":2}', "'a'"),
    *("1e-400", "-0", "-0.0", "1E5", "undefined", "True", "", "//x", '"\\ud800"', '"\\x41"', '"\t"', '"\x00"', "1_0"),
]


def _utf_8(text: str) -> bytes:
    return text.encode()


TEXTS: list[Callable[[str], bytes]] = [
    *(
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.encode("utf-16"),
        lambda text: text.encode("utf-32"),
    ),
    *(lambda text: text.encode("utf-16-le"), lambda text: text.encode() * 2, lambda text: text.encode()[:-1]),
    *(
        lambda text: b")]}',\n" + text.encode(),
        lambda text: text.encode() + b"\n" * 3000,
        lambda text: b"data: " + text.encode(),
    ),
    *(lambda text: text.replace('"', "'").encode(), lambda text: text.replace(":", ":\xa0").encode("latin-1")),
    *(lambda text: b"[" + text.encode() + b"]", lambda text: text.replace("a", "\xff").encode("latin-1")),
    *(
        lambda text: text.replace('"models":', '"models": [], "models":').encode(),
        lambda text: b"",
        lambda text: b"null",
    ),
    *(lambda text: text.replace("nextPageToken", "next_page_token").encode(), lambda text: text.encode() + b"\0"),
    *(lambda text: text.replace('"nextPageToken"', '"nextPageToken": "x", "nextPageToken"').encode(),),
]
VALUES: list[Any] = [
    *(None, True, False, 0, -1, 1.5, 2**31, 2**63, -(2**63) - 1, 10**30, "", "x", "NaN", "-1", "9" * 5000, " ", "\0"),
    *([], {}, [None], [[]], [{}], {"": None}, {"x": {"y": [1]}}, "\ud800", "\u202e", "x" * 40_000, RAW, RAW, RAW, RAW),
    *("2026-01-01T00:00:00Z", "0000-00-00T00:00:00Z", "9999-12-31T23:59:60.999999999999Z", "ENUM_NAME", "next", 7.0),
    *([0] * 300, {"code": 5, "message": KEY}, {"year": 0, "month": 13, "day": 99}, [1, "a", {}], "accounts/a/models/b"),
]
KEYS = ["nextPageToken", "models", "totalSize", "next_page_token", "error", "message", "name", "kind", "", "\ud800"]


def _change_value(chance: Chance, value: Any) -> Any:
    """Return a copy of a JSON value with one change somewhere inside."""
    if isinstance(value, dict) and value and chance.random() < 0.93:
        changed = dict(value)
        key = "models" if "models" in value and chance.random() < 0.7 else chance.choice(list(value))
        kind = chance.random()
        if kind < 0.1:
            del changed[key]
        elif kind < 0.2:
            changed[chance.choice(KEYS)] = changed.pop(key)
        elif kind < 0.3:
            changed[chance.choice(KEYS)] = chance.choice(VALUES)
        else:
            changed[key] = _change_value(chance, value[key])
        return changed
    if isinstance(value, list) and value and chance.random() < 0.93:
        at, kind = chance.randrange(len(value)), chance.random()
        if kind < 0.1:
            return value[:at] + value[at + 1 :]
        if kind < 0.2:
            return [*value[:at], chance.choice(VALUES), *value[at:]]
        return [*value[:at], _change_value(chance, value[at]), *value[at + 1 :]]
    return chance.choice(VALUES)


def _failure(chance: Chance, page: dict[str, Any]) -> tuple[int, bytes]:
    status = chance.choice(STATUSES)
    if chance.random() < 0.5:
        return status, chance.choice(FAILURES)
    body: Any = {
        "code": chance.choice(CODES),
        "message": chance.choice(["no", KEY, ""]),
        "details": [chance.choice(DETAILS)],
    }
    if chance.random() < 0.5:
        body = {"error": body}
    body = _change_value(chance, body) if chance.random() < 0.6 else body
    return status, json.dumps(body).replace(f'"{RAW}"', chance.choice(RAW_VALUES)).encode()


STATUSES = [*range(300, 309), *range(399, 410), 413, 425, 429, 451, 499, *range(500, 506), 511, 520, 527, 530, 999]
CODES = [3, 5, 8, 14, 16, "NOT_FOUND", "UNAVAILABLE", 99, -1, "x", None, [], 404, True]
DELAYS = ["1s", "-1s", "1e9s", "9" * 400 + "s", 5, None]
DETAILS: list[Any] = [
    *({}, None, "x", {"@type": 5}, {"@type": "type.googleapis.com/google.rpc.RequestInfo", "requestId": KEY}, [[]]),
    *({"@type": "x/google.rpc.RetryInfo", "retryDelay": delay} for delay in DELAYS),
    {"@type": "x/google.rpc.RetryInfo", "retry_delay": {"seconds": "3"}},
]
FAILURES = [
    *b'|{}|[]|null|"text"|1|\xff\xfe|<html><title>Busy</title>|{"error": "x"}|{"error": {"error": {}}}'.split(b"|"),
    *(b"<title>" * 500, b"<h1>" + b"x" * 9000, b'[{"error": {"code": 404}}]', b'{"fault": []}', b'{"detail": [1]}'),
    *(b'{"error": "x", "error_description": "' + _key + b'"}', b"no " + _key, b"{" * 5000, b"[" * 200_000, b"\0" * 99),
    *(b'{"message": ' + b"9" * 5000 + b"}", b'{"title": "x", "status": 1e400}', b"x" * 200_000),
]


def _change_bytes(chance: Chance, sent: bytes) -> bytes:
    for _ in range(chance.choice([1, 1, 2, 4])):
        # Most changes near the start, where the head is.
        at = chance.randrange(len(sent) + 1) if chance.random() < 0.5 else chance.randrange(min(len(sent), 200) + 1)
        length = chance.choice([1, 1, 2, 8, 64])
        part, start = sent[at : at + length], sent[: chance.randrange(300)]
        new = chance.choice([b"", part * 2, part[::-1], bytes([chance.randrange(256)]), chance.choice(TOKENS), start])
        sent = sent[:at] + new + (sent[at:] if chance.random() < 0.3 else sent[at + length :])
        if chance.random() < 0.1:
            sent = sent[: chance.randrange(len(sent) + 1)]
    return sent


TOKENS = [
    *b'\r\n|\n|\r|\0|\r\n\r\n|:|"|{|}|[|]|,|\\|\\u|\xff|0|-|e9999|null|\xef\xbb\xbf'.split(b"|"),
    *(b"HTTP/1.1 200 OK\r\n", b"content-length: 0\r\n", b"transfer-encoding: chunked\r\n"),
]
