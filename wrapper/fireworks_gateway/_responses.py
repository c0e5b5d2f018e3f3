"""What came back, as plain data: nothing of httpx in it, so that nothing of httpx outlives it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from attrs import field, frozen

from .errors import DecodeError

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
