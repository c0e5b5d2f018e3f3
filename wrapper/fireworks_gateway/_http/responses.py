"""Decode responses: plain data, JSON objects, and the error of a status."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from http import HTTPStatus
from typing import Any, TypeGuard

from attrs import field, frozen

from .._openapi import Code
from ..errors import ERROR_OF_CODE, RPC_CODES, DecodeError, StatusError


def decoded(text: bytes) -> Any:
    """Return the value that JSON text stands for, as the standard library reads it.

    Raises:
        ValueError: It is not JSON.
        RecursionError: It is nested too deep.
    """
    try:
        return _fastest()(text)
    except Exception:  # Its errors are a ValueError in some versions only.
        # The fast decoder refuses what the standard library reads, NaN, half a surrogate pair, numbers beyond a float;
        # and what both refuse is said in the words of one.
        return json.loads(text)


@cache
def _fastest() -> Callable[[bytes], Any]:
    # Looked for when the first answer is there, so that the import of the package stays light.
    try:
        from msgspec.json import Decoder
    except ImportError:
        return json.loads
    return Decoder().decode


LONGEST_TEXT = 500
"""How much of a body an error quotes, in bytes."""


@frozen
class Response:
    """How the service answered, as plain data.

    Attributes:
        status_code: The HTTP status.
        headers: The headers, with their names in lower case.
        attempts: How many requests it took.
        elapsed: How long it took, in seconds, attempts and waits included.
    """

    status_code: int
    headers: Mapping[str, str]
    attempts: int
    elapsed: float


@frozen(eq=False)
class Answer:
    """An answer: the response as plain data, its body, and the request that it answers, as text.

    Attributes:
        request: What was asked: method and URL.
        response: How it was answered.
        body: What with.
        kept_out: Returns a text without the key, should the service have repeated it.
    """

    request: str
    response: Response
    body: bytes = field(repr=False)
    kept_out: Callable[[str], str] = field(default=str, repr=False)


def undecodable(answer: Answer, came: str) -> DecodeError:
    """Return the error of an answer that is not what was asked for; `came` says what it is instead."""
    message = answer.kept_out(f"{answer.request} was answered {answer.response.status_code} with {came}")
    return DecodeError(message, request=answer.request, body=text_of(answer), attempts=answer.response.attempts)


def text_of(answer: Answer) -> str:
    """Return the first of an answer's body as text, without the key."""
    # Searched before it is cut, lest half a key is left at its end.
    return answer.kept_out(answer.body[: 20 * LONGEST_TEXT].decode("utf-8", "replace"))[:LONGEST_TEXT].strip()


def excerpt_of(value: object, answer: Answer) -> str:
    """Return the first of a value that was sent as text, without the key."""
    return answer.kept_out(f"{value!r:.{20 * LONGEST_TEXT}}")[:200]


def is_object(value: object) -> TypeGuard[dict[str, Any]]:
    """Return whether a JSON value is an object."""
    return isinstance(value, dict)


def _is_array(value: object) -> TypeGuard[list[Any]]:
    return isinstance(value, list)


# What a status says where the body names no code: the code that the specification maps to it, where that is one or one
# of them plainly means the same for a listing.
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

_CODE_OF_NUMBER = {rpc.number: code for code, rpc in RPC_CODES.items() if code is not Code.OK}


def object_in(answer: Answer) -> dict[str, Any]:
    """Return the JSON object that a successful answer holds.

    Raises:
        DecodeError: The answer is no JSON object.
    """
    try:
        value = decoded(answer.body)
    except (ValueError, RecursionError) as error:
        reason = _reason(answer.body, error)
    else:
        if is_object(value):
            return value
        reason = "JSON that is not an object"
    raise undecodable(answer, f"{reason}: {text_of(answer)!r}")


def _reason(body: bytes, error: Exception) -> str:
    if not body.strip():
        return "nothing at all"
    return f"what is not JSON ({'nested too deep' if isinstance(error, RecursionError) else error})"


def error_from(answer: Answer, *, now: datetime) -> StatusError:
    """Return the error that an answer is, whichever body it has.

    The service's own body is `{"code", "message", "details"}`; proxies before it send `{"error": ...}`,
    `{"fault": ...}`, text, HTML, or nothing.
    """
    status, headers = answer.response.status_code, answer.response.headers
    said = _said(answer)
    code = _code_in(said) or _CODE_OF_STATUS.get(status)
    kind = StatusError if code is None else ERROR_OF_CODE[code]
    details = said.get("details")
    return kind(
        _redirection(status, headers) or _message_in(said) or _plain_text(text_of(answer)) or _reason_phrase(status),
        status_code=status,
        code=code,
        details=tuple(filter(is_object, details)) if _is_array(details) else (),
        request=answer.request,
        request_id=headers.get("x-request-id"),
        retry_after=retry_after_from(headers, now=now),
    )


def _said(answer: Answer) -> dict[str, Any]:
    try:
        said = _without_key(decoded(answer.body), answer)
    except (ValueError, RecursionError):
        return {}
    if not is_object(said):
        return {}
    for inner in (said.get("error"), said.get("fault")):
        if is_object(inner):
            return inner
        if isinstance(inner, str):
            return {"message": inner} | said
    return said


def _without_key(said: Any, answer: Answer) -> Any:
    # After decoding, since JSON may spell the key in escapes.
    if isinstance(said, str):
        return answer.kept_out(said)
    if _is_array(said):
        return [_without_key(each, answer) for each in said]
    return {answer.kept_out(k): _without_key(v, answer) for k, v in said.items()} if is_object(said) else said


def _code_in(said: Mapping[str, Any]) -> Code | None:
    for value in (said.get("code"), said.get("status")):
        if type(value) is int and value in _CODE_OF_NUMBER:
            return _CODE_OF_NUMBER[value]
        if isinstance(value, str) and value in ERROR_OF_CODE:
            return Code(value)
    return None


def _message_in(said: Mapping[str, Any]) -> str:
    for key in ("message", "faultstring", "detail", "title"):
        if isinstance(message := said.get(key), str) and message.strip():
            return message.strip()[:LONGEST_TEXT]
    return ""


def _redirection(status: int, headers: Mapping[str, str]) -> str:
    if 300 <= status < 400 and "location" in headers:
        return f"it points to {headers['location']:.200}, which is not followed, so that the key goes nowhere else"
    return ""


def _plain_text(text: str) -> str:
    if "<" not in text:
        return "" if text.startswith(("{", "[")) else text
    title = re.search(r"<(title|h1)[^>]*>(.*?)</\1>", text, re.IGNORECASE | re.DOTALL)
    return " ".join(title[2].split()) if title else ""


def _reason_phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:  # 499, 520, 529 and the like
        return "no reason was given"


def retry_after_from(headers: Mapping[str, str], *, now: datetime) -> float | None:
    """Return for how many seconds an answer asks to be left alone: 0 or more, or None where it does not say.

    `Retry-After` is a number of seconds, whole or not, or a date (RFC 9110); what is neither is passed over.
    """
    sent = headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", sent):
        return float(sent)
    try:
        until = parsedate_to_datetime(sent)
    except (ValueError, OverflowError):
        return None
    return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - now).total_seconds())
