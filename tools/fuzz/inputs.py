"""Random responses: odd heads and bodies from a grammar, and changes of their bytes; each has a seed and a number."""

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
    if chance.random() < 0.2:
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


def _response(chance: Chance, page: dict[str, Any]) -> bytes:
    status, body = chance.choice([*[_success] * 5, _failure])(chance, page)
    encodings, body = _compress(chance, body)
    framing, body = _frame(chance, body)
    start = _rarely(chance, STARTS) or b"HTTP/1.1 %d %b" % (status, chance.choice(REASONS))
    lines = [start, *chance.choices(HEADERS, k=chance.choice([0, 0, 0, 1, 3])), *encodings, *framing]
    interim = _rarely(chance, INTERIM) * chance.choice([1, 1, 2, 50])
    head = chance.choice([b"\r\n"] * 9 + [b"\n"]).join(lines) + (_rarely(chance, [b"\n\n", b"\r\n"]) or b"\r\n\r\n")
    surplus = _rarely(chance, [b"\r\n", b"\0", b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}", body])
    return interim + head + body + surplus


def _rarely(chance: Chance, choices: list[bytes]) -> bytes:
    return chance.choice(choices) if chance.random() < 0.07 else b""


STARTS = (
    b"HTTP/1.0 200 OK|HTTP/2 200|HTTP/0.9 200 OK|http/1.1 200 ok|HTTP/1.1 200|ICY 200 OK|HTTP/1.1 2OO OK|HTTP/1.1 000 x"
    b"|HTTP/1.1  200 OK|HTTP/1.1 999 x|HTTP/1.1 -1 x|{}|HTTP/1.1 101 x|HTTP/1.1 204 x|HTTP/1.1 206 x|HTTP/1.1 2000 x"
).split(b"|")
REASONS = [b"OK", b"", b"\xff\xfe", b"x" * 300, b"Very\tBusy", _key]
INTERIM = [
    *(b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 Early\r\nlink: <x>\r\n\r\n"),
    b"HTTP/1.1 102 Processing\r\ncontent-length: 5\r\n\r\n",
]
HEADERS = [
    *(b"retry-after: " + value for value in b"-1|1|1e400|99999999999|nan|\xb2|1, 2||".split(b"|")),
    *(b"retry-after: " + b"9" * 5000, b"retry-after: Thu, 01 Jan 1970 00:00:00 GMT"),
    *(b"retry-after: Fri, 31 Dec 9999 23:59:59 -2359", b"retry-after: Mon, 00 Foo 0000 99:99:99 +9999"),
    *(b"date: x", b"date: Fri, 31 Dec 9999 23:59:59 -2359", b"location: http://[::1", b"location: //x:y@" + _key),
    *(b"retry-after-ms: -5", b"retry-after-ms: x", b"x-should-retry: true", b"x-should-retry: \xff"),
    *(b"connection: close", b"connection: upgrade\r\nupgrade: h2c", b"connection: \xff", b"x-request-id: " + _key),
    *(b"content-type: application/json; charset=utf-16", b"content-type: ;;;=\xff", b"set-cookie: k=" + _key),
    *(b"set-cookie: =;;=; max-age=" + b"9" * 5000, b"www-authenticate: Bearer realm=" + _key, b"x: a\r\n b"),
    *(b"no colon", b": no name", b"na me: x", b"x : y", b"\0: \0", b"x: \0", b"x:" + b"y" * 9000, b"trailer: x"),
    *(b"x: " + b"y" * 120_000, b"\r\n".join(b"h%d: v" % each for each in range(150)), b"content-encoding: gzip"),
    *(b"content-length: 5", b"content-length: 0", b"transfer-encoding: chunked"),
]


def _compress(chance: Chance, body: bytes) -> tuple[list[bytes], bytes]:
    if chance.random() < 0.85:
        return [], body
    if chance.random() < 0.5:
        return [b"content-encoding: gzip"], gzip.compress(body, 1)
    return [b"content-encoding: " + chance.choice(ENCODINGS)], chance.choice(COMPRESSIONS)(body)


ENCODINGS = b"gzip|gzip|deflate|x-gzip|br|zstd|gzip, gzip|identity|\xff||GZIP ".split(b"|")
COMPRESSIONS: list[Callable[[bytes], bytes]] = [
    *(gzip.compress, zlib.compress, bytes, lambda body: zlib.compress(body)[2:-4], lambda body: b""),
    *(lambda body: gzip.compress(gzip.compress(body)), lambda body: gzip.compress(body[:9]) + gzip.compress(body[9:])),
    *(lambda body: gzip.compress(body)[:-9], lambda body: gzip.compress(body) + b"\0"),
    *(lambda body: gzip.compress(body)[:-8] + b"12345678", lambda body: zlib.compress(body)[:-1]),
]


def _frame(chance: Chance, body: bytes) -> tuple[list[bytes], bytes]:
    kind, length = chance.random(), len(body)
    if kind < 0.7:
        return [b"content-length: %d" % length], body
    if kind < 0.85:
        return [chance.choice([b"transfer-encoding: chunked"] * 9 + TRANSFERS)], _chunks(chance, body)
    if kind < 0.9:
        return [b"connection: close"], body
    lengths = LENGTHS.format(length, length + 1, length // 2).encode().split(b"|")
    return [b"content-length: " + chance.choice([*lengths, b"9" * 400, b"0" * 30 + b"%d" % length, b"\xb2"])], body


LENGTHS = (
    "{0}, {0}|{0},{1}|-1|+{0}|0x10||1e2|{1}|{2}|{2}\r\ncontent-length: {0}|{0}\r\ntransfer-encoding: chunked|{0}_0"
)
TRANSFERS = [
    *(b"transfer-encoding: CHUNKED", b"transfer-encoding: gzip, chunked", b"transfer-encoding: identity"),
    *(b"transfer-encoding: chunked\r\ncontent-length: 3", b"transfer-encoding: chunked, chunked"),
]


def _chunks(chance: Chance, body: bytes) -> bytes:
    size = chance.choice([100, 1000, 10**6])
    form = chance.choice([b"%x\r\n%b\r\n"] * 30 + CHUNKS)
    parts = [form % (len(body[at : at + size]), body[at : at + size]) for at in range(0, len(body), size)]
    return b"".join(parts) + chance.choice([b"0\r\n\r\n"] * 30 + LAST_CHUNKS)


CHUNKS = [
    *(b"%X;a=b;c\r\n%b\r\n", b"000%x\r\n%b\r\n", b"%x \r\n%b\r\n", b"%x\n%b\n", b"%x\r\n%b", b"0x%x\r\n%b\r\n"),
    *(b"%x;" + b"e" * 5000 + b"\r\n%b\r\n", b"-%x\r\n%b\r\n", b"f" * 20 + b"%x\r\n%b\r\n"),
]
LAST_CHUNKS = b"|0\r\n|0\r\nx: y\r\n\r\n|0\r\ncontent-length: 3\r\n\r\n|0;x\r\n\r\n|0\r\nno colon\r\n\r\n".split(b"|")


def _success(chance: Chance, page: Any) -> tuple[int, bytes]:
    for _ in range(chance.choice([0, 1, 1, 1, 2, 4])):
        page = _change_value(chance, page)
    return chance.choice([*[200] * 19, 201, 203, 205, 206]), chance.choice([str.encode] * 120 + TEXTS)(
        _text(chance, page)
    )


def _text(chance: Chance, value: Any) -> str:
    return json.dumps(value).replace(f'"{RAW}"', chance.choice(RAW_VALUES))


RAW = "a value that json.dumps cannot write"
RAW_VALUES = [
    *("NaN", "-Infinity", "1e400", "9" * 4400, "-" + "9" * 4400, "01", "1.", ".5", "1e-400", "-0", "1E5", "undefined"),
    *("[" * 80 + "]" * 80, '{"a":' * 120 + "1" + "}" * 120, "[" * 1500 + "]" * 1500, "[" * 50, '{"a":1,"a":2}', "'a'"),
    *("", '"\\ud800"', '"\\x41"', '"\t"', '"\x00"', "1_0"),
]
TEXTS: list[Callable[[str], bytes]] = [
    *(lambda text: b"\xef\xbb\xbf" + text.encode(), lambda text: text.encode("utf-16"), lambda text: b"null"),
    *(lambda text: text.encode("utf-32"), lambda text: text.encode() * 2, lambda text: text.encode()[:-1]),
    *(lambda text: text.encode() + b"\n" * 3000, lambda text: b"data: " + text.encode(), lambda text: b""),
    *(lambda text: text.replace('"', "'").encode(), lambda text: text.replace("a", "\xff").encode("latin-1")),
    *(lambda text: f"[{text}]".encode(), lambda text: text.replace('"models":', '"models": [], "models":').encode()),
    *(lambda text: text.replace("nextPageToken", "next_page_token").encode(), lambda text: text.encode() + b"\0"),
    *(lambda text: text.replace('"nextPageToken"', '"nextPageToken": "x", "nextPageToken"').encode(),),
]
VALUES: list[Any] = [
    *(None, True, 0, -1, 1.5, 2**31, 2**63, -(2**63) - 1, 10**30, "", "x", "NaN", "-1", "9" * 5000, " ", "\0", "next"),
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


def _failure(chance: Chance, page: Any) -> tuple[int, bytes]:
    status = chance.choice(STATUSES)
    if chance.random() < 0.5:
        return status, chance.choice(FAILURES)
    message, detail = chance.choice(["no", KEY, ""]), chance.choice(DETAILS)
    body: Any = {"code": chance.choice(CODES), "message": message, "details": [detail]}
    body = {"error": body} if chance.random() < 0.5 else body
    return status, _text(chance, _change_value(chance, body) if chance.random() < 0.6 else body).encode()


STATUSES = [*range(300, 309), *range(399, 410), 413, 425, 429, 451, 499, *range(500, 506), 511, 520, 527, 530, 999]
CODES = [3, 5, 8, 14, 16, "NOT_FOUND", "UNAVAILABLE", 99, -1, "x", None, [], 404, True]
DETAILS: list[Any] = [
    *({}, None, "x", {"@type": 5}, {"@type": "type.googleapis.com/google.rpc.RequestInfo", "requestId": KEY}, [[]]),
    *({"@type": "x/google.rpc.RetryInfo", "retryDelay": each} for each in ("1s", "-1s", "1e9s", "9" * 400 + "s", 5)),
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
        part = sent[at : at + length]
        new = chance.choice([b"", part * 2, part[::-1], chance.randbytes(1), chance.choice(TOKENS), sent[:length]])
        sent = sent[:at] + new + chance.choice([sent[at:], *[sent[at + length :]] * 3, b""])
    return sent


TOKENS = [*b'\r\n|\n|\r|\0|\r\n\r\n|:|"|{|}|[|]|,|\\|\\u|\xff|0|-|e9999|null|HTTP/1.1 200 OK\r\n'.split(b"|")]
