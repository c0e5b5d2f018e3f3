"""Decode responses: plain data, JSON objects, and the error of a status."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache, partial
from typing import Any

import httpx
from attrs import evolve, field, frozen

from .._openapi import Code
from ..errors import RPC_CODES, DecodeError, Response, StatusError, quote_value


def decode_json(text: bytes) -> Any:
    """Return the value of a JSON text, equal to that of the standard library; raises its errors for another text.

    One excessive value must not cost a page. If the standard library refuses one, integers of thousands of digits are
    returned as text, and values nested deeper than `DEEPEST` levels as `TOO_DEEP`, so that only their fields raise.
    """
    try:
        return _load_decoder()(text)
    except Exception:  # msgspec raises a ValueError in some versions only.
        # msgspec rejects NaN, lone surrogates and numbers beyond a float, which the standard library reads. A text that
        # both reject gets the error of the standard library.
        try:
            return json.loads(text)
        except (json.JSONDecodeError, UnicodeDecodeError):
            raise
        except (ValueError, RecursionError):
            if (shallow := _cut_deep_values(text.decode(json.detect_encoding(text), "surrogatepass"))) is None:
                raise
            return json.loads(shallow, parse_int=_integer_or_text)


DEEPEST = 64  # The levels that are kept of a page with a value that is nested too deep.

TOO_DEEP = "(nested too deep)"

# Possessive and with an optional last quote, so that time and memory are linear for every text.
_tokens = partial(re.finditer, r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{}]', flags=re.DOTALL)


def _cut_deep_values(text: str) -> str | None:
    """Return a JSON text with deep values replaced; None if its brackets are unbalanced."""
    depth = start = 0
    pieces: list[str] = []
    for token in _tokens(text):
        if token[0] in ("[", "{"):
            depth += 1
            if depth == DEEPEST + 1:
                pieces += [text[start : token.start()], json.dumps(TOO_DEEP)]
        elif token[0] in ("]", "}"):
            if depth == DEEPEST + 1:
                start = token.end()
            depth -= 1
    return "".join([*pieces, text[start:]]) if depth == 0 else None


def _integer_or_text(digits: str) -> int | str:
    try:
        return int(digits)
    except ValueError:  # Python refuses to convert thousands of digits.
        return digits


@cache
def _load_decoder() -> Callable[[bytes], Any]:
    # Imported on first use, to keep the import of the package light.
    try:
        from msgspec.json import Decoder
    except ImportError:
        return json.loads
    return Decoder().decode


LONGEST_TEXT = 500  # The length of the excerpt of a body in an error, in characters.


@frozen(eq=False)
class Exchange:
    """A request, as method and URL, with its response and body; `redact` removes the key from a text."""

    request: str
    response: Response = field(repr=False)
    body: bytes = field(repr=False)
    redact: Callable[[str], str] = field(default=str, repr=False)


def decode_error(exchange: Exchange, content: str, *values: object) -> DecodeError:
    """Return the error of a successful response with the wrong content, and quote JSON values of it."""
    content = ": ".join([content, *(value_excerpt(value, exchange) for value in values)])
    request, response = exchange.request, exchange.response
    message = exchange.redact(f"{request} returned {response.status_code} with {content}")
    return DecodeError(message, request=request, body=body_excerpt(exchange), attempts=response.attempts)


_LONGEST_REDACTED = 2**17


def body_excerpt(exchange: Exchange) -> str:
    """Return the beginning of a body as text, without the key."""
    # Redacted before it is cut, so that no half of a key is left at the end.
    return exchange.redact(_decode_text(exchange))[:LONGEST_TEXT].strip()


def _decode_text(exchange: Exchange) -> str:
    return exchange.body[:_LONGEST_REDACTED].decode("utf-8", "replace")


def value_excerpt(value: object, exchange: Exchange) -> str:
    """Return the beginning of a JSON value as text, without the key."""
    return exchange.redact(quote_value(value, _LONGEST_REDACTED))[:200]


# The code of a status whose body names no code: the specification maps it to the status, or it means the same.
_CODE_OF_STATUS = {
    400: Code.INVALID_ARGUMENT,
    401: Code.UNAUTHENTICATED,
    403: Code.PERMISSION_DENIED,
    404: Code.NOT_FOUND,
    405: Code.UNIMPLEMENTED,
    408: Code.DEADLINE_EXCEEDED,
    409: Code.ABORTED,
    412: Code.FAILED_PRECONDITION,
    422: Code.INVALID_ARGUMENT,
    429: Code.RESOURCE_EXHAUSTED,
    499: Code.CANCELLED,
    500: Code.INTERNAL,
    501: Code.UNIMPLEMENTED,
    502: Code.UNAVAILABLE,
    503: Code.UNAVAILABLE,
    504: Code.DEADLINE_EXCEEDED,
}

_CODES: Mapping[object, Code] = {
    key: code for code, rpc in RPC_CODES.items() if code is not Code.OK for key in (code.value, rpc.number)
}
"""The error codes by name and by number."""


_ALWAYS_DECODED = 2**20  # Bytes of a body that is decoded whatever it contains: values need more memory than text.

_MOST_CONTAINERS = 2**18  # Objects and lists on a larger page; 16 MiB may have millions, for 1 GB of memory.


def decode_object(exchange: Exchange) -> dict[str, Any]:
    """Return the JSON object in a body; raises DecodeError without one, or if it has too many values."""
    body = exchange.body
    if len(body) > _ALWAYS_DECODED and body.count(b"{") + body.count(b"[") > _MOST_CONTAINERS:
        raise decode_error(exchange, "a body with too many JSON values for a page")
    try:
        value = decode_json(body)
    except RecursionError:
        content = "invalid JSON (nested too deep)"
    except ValueError as error:
        content = f"invalid JSON ({error})" if body.strip() else "an empty body"
    else:
        if isinstance(value, dict):
            return value
        content = "JSON that is not an object"
    raise decode_error(exchange, f"{content}: {body_excerpt(exchange)!r}")


def error_from_response(exchange: Exchange, *, now: datetime) -> StatusError:
    """Return the error of an error response with any body.

    The body of the service is `{"code", "message", "details"}`. Proxies send `{"error": ...}`, `{"fault": ...}`, other
    JSON, which is quoted, text, HTML or an empty body.
    """
    status, headers, redact = exchange.response.status_code, exchange.response.headers, exchange.redact
    shown_headers = {name: redact(value) for name, value in headers.items()}
    envelope = _decode_error_body(exchange)
    body, text = _open_envelope(envelope), _decode_text(exchange)
    code = _find_code(body) or _CODE_OF_STATUS.get(status)
    details = body.get("details")
    objects = tuple(each for each in details if isinstance(each, dict)) if isinstance(details, list) else ()
    waits = (parse_retry_after(headers, now=now), _parse_retry_info(objects))
    redirect = ""
    if 300 <= status < 400 and "location" in headers:
        redirect = f"redirect to {shown_headers['location']:.200}, which is not followed, to protect the key"
    error = (RPC_CODES[code].error if code else StatusError)(
        redirect
        or redact(_find_message(body))[:LONGEST_TEXT]
        or redact(_extract_text(text.strip()))[:LONGEST_TEXT]
        or httpx.codes.get_reason_phrase(status)
        or "no message",
        status_code=status,
        code=code,
        details=tuple(_redact_json(each, redact) for each in objects),
        request=exchange.request,
        request_id=redact(_find_request_id(headers, envelope, body, *objects)) or None,
        retry_after=max((wait for wait in waits if wait is not None), default=None),
        response=evolve(exchange.response, headers=shown_headers),
        body=body_excerpt(exchange),
    )
    if status == 404 and "/v1/v1/" in exchange.request:
        error.advice = f"base_url must not end in /v1, which each request adds. {error.advice}".strip()
    should_retry = headers.get("x-should-retry", "").strip().lower()
    error.retryable = {"true": True, "false": False}.get(should_retry, error.retryable)
    return error


def _decode_error_body(exchange: Exchange) -> dict[str, Any]:
    if len(exchange.body) > _ALWAYS_DECODED:
        return {}
    try:
        body = decode_json(exchange.body)
    except (ValueError, RecursionError):
        return {}
    if isinstance(body, list) and len(body) == 1:
        body = body[0]  # A stream that fails at once.
    return body if isinstance(body, dict) else {}


def _open_envelope(body: dict[str, Any]) -> dict[str, Any]:
    for inner in (body.get("error"), body.get("fault")):
        if isinstance(inner, dict):
            return inner
        # Beside other keys, the text may be a mere name, such as invalid_token: the whole body is quoted instead.
        if isinstance(inner, str) and body.keys() <= {"error", "fault", "code", "status", "message", "details"}:
            return {"message": inner} | body
    return body


def _find_request_id(headers: Mapping[str, str], *objects: Mapping[str, Any]) -> str:
    # In the body: of the envelope, of the error, or of a google.rpc.RequestInfo.
    found = [headers.get("x-request-id"), headers.get("request-id")]
    found += [each.get(key) for each in objects for key in ("request_id", "requestId")]
    return next((value for value in found if isinstance(value, str) and value), "")


def _redact_json(value: Any, redact: Callable[[str], str], depth: int = 1) -> Any:
    # Keys stay as they are. Python can neither print nor pickle a value that is nested too deep.
    if isinstance(value, str):
        return redact(value)
    if depth > DEEPEST and isinstance(value, (list, dict)):
        return TOO_DEEP
    if isinstance(value, list):
        return [_redact_json(each, redact, depth + 1) for each in value]
    if isinstance(value, dict):
        return {key: _redact_json(each, redact, depth + 1) for key, each in value.items()}
    return value


def _find_code(body: Mapping[str, Any]) -> Code | None:
    for value in (body.get("code"), body.get("status")):
        if type(value) in (int, str) and value in _CODES:
            return _CODES[value]
    return None


def _find_message(body: Mapping[str, Any]) -> str:
    for key in ("message", "faultstring", "detail", "title"):
        if isinstance(message := body.get(key), str) and message.strip():
            return message.strip()
    return ""


def _extract_text(body: str) -> str:
    if body in ("{}", "[]"):
        return ""
    if "<" not in body or body.startswith(("{", "[")):
        return " ".join(body.split())
    title = re.search(r"<(title|h1)[^>]*>(.*?)</\1>", body[:10_000], re.IGNORECASE | re.DOTALL)
    return " ".join(title[2].split()) if title else ""


def parse_retry_after(headers: Mapping[str, str], *, now: datetime) -> float | None:
    """Return the wait that the headers request, in seconds, 0 or more; None if they are absent or invalid.

    `Retry-After` is a number of seconds, also a fraction, or a date (RFC 9110), compared with the `Date` of the
    response, because the clocks may differ. `retry-after-ms` is more precise, and has priority.
    """
    for name, unit in (("retry-after-ms", 1000), ("retry-after", 1)):
        if _is_decimal(value := headers.get(name, "").strip()):
            return float(value) / unit
    date = _parse_date(headers.get("retry-after", ""))
    if date is None:
        return None
    return max(0.0, (date - (_parse_date(headers.get("date", "")) or now)).total_seconds())


_is_decimal = re.compile(r"[0-9]+(\.[0-9]+)?").fullmatch


def _parse_date(value: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return date.replace(tzinfo=date.tzinfo or UTC)


def _parse_retry_info(details: Iterable[Mapping[str, Any]]) -> float | None:
    """Return the wait of a google.rpc.RetryInfo, a Duration such as "7.5s" (AIP-193), in seconds."""
    for each in details:
        if str(each.get("@type")).endswith("google.rpc.RetryInfo"):
            seconds = str(each.get("retryDelay", each.get("retry_delay"))).removesuffix("s")
            return float(seconds) if _is_decimal(seconds) else None
    return None
