"""What an answer means: the object that was asked for, or an error of the right class. Pure, so a table."""

from __future__ import annotations

import json
import pickle
from datetime import UTC, datetime

import pytest

from fireworks_gateway import DecodeError, GatewayError, Response, StatusError, errors
from fireworks_gateway._http.responses import Exchange, decode_object, error_from_response, parse_retry_after

ASKED = "GET https://gateway.example/v1/accounts/fireworks/models?pageSize=200"

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)

CLASS_OF_STATUS = {
    301: StatusError,
    302: StatusError,
    307: StatusError,
    400: errors.InvalidArgumentError,
    401: errors.UnauthenticatedError,
    402: StatusError,
    403: errors.PermissionDeniedError,
    404: errors.NotFoundError,
    405: errors.UnimplementedError,
    408: errors.DeadlineExceededError,
    409: errors.AbortedError,
    412: errors.FailedPreconditionError,
    413: StatusError,
    418: StatusError,
    422: errors.InvalidArgumentError,
    429: errors.ResourceExhaustedError,
    499: errors.CancelledError,
    500: errors.InternalError,
    501: errors.UnimplementedError,
    502: errors.UnavailableError,
    503: errors.UnavailableError,
    504: errors.DeadlineExceededError,
    520: StatusError,
    529: StatusError,
    598: StatusError,
}

# What says nothing of a code, and the message that is read from it.
BODIES: dict[str, tuple[bytes, str | None]] = {
    "envelope": (b'{"error": {"code": "FORBIDDEN", "message": "Not for this key."}}', "Not for this key."),
    "error text": (b'{"error": "out of luck"}', "out of luck"),
    "error text beside a message": (b'{"error": "Not Found", "message": "no such path"}', "no such path"),
    "fault": (b'{"fault": {"faultstring": "Invalid ApiKey", "detail": {"errorcode": "x"}}}', "Invalid ApiKey"),
    "problem": (b'{"type": "about:blank", "title": "Invalid request", "status": 422}', "Invalid request"),
    "text": (b"Error listing deployed models", "Error listing deployed models"),
    "html": (b"<html><head><title>502 Bad\nGateway</title></head></html>", "502 Bad Gateway"),
    "detail": (b'{"detail": "gone"}', "gone"),
    "blank message": (b'{"message": " ", "title": " a title "}', "a title"),
    "heading": (b"<HTML><H1 class='x'>Bad\n  Gateway</H1></HTML>", "Bad Gateway"),
    "html without a title": (b"<p>hm", None),
    "nothing": (b"", None),
    "broken": (b'{"code": 5, "mess', None),
    "array": (b"[1]", None),
    "deep": (b"[" * 100_000, None),
    "null": (b"null", "null"),
    "bytes": (b"\xff\xfe", "\ufffd\ufffd"),
    "odd types": (b'{"code": {}, "message": 5, "details": "x"}', None),
    "code of success": (b'{"code": 0, "message": "fine?"}', "fine?"),
    "code beyond": (b'{"code": 99, "message": "new"}', "new"),
}


def answer(status: int, body: bytes, **headers: str) -> Exchange:
    """Return an answer; a header's dashes are underscores here."""
    lower = {name.replace("_", "-"): value for name, value in headers.items()}
    return Exchange(ASKED, Response(status, lower, attempts=1, elapsed=0.1), body)


def error_from(sent: Exchange) -> StatusError:
    """Return the error of an answer that came now."""
    return error_from_response(sent, now=NOW)


@pytest.mark.parametrize("status", CLASS_OF_STATUS)
@pytest.mark.parametrize("body", BODIES)
def test_a_status_has_its_class_whatever_the_body(status: int, body: str) -> None:
    """Where no code is sent, the status says which; the message is what there is to say."""
    sent, message = BODIES[body]
    error = error_from(answer(status, sent, x_request_id="r-1"))
    assert type(error) is CLASS_OF_STATUS[status]
    assert (error.status_code, error.request_id) == (status, "r-1")
    assert message is None or error.message == message
    assert error.message
    assert ASKED in str(error)
    assert str(status) in str(error)
    assert pickle.loads(pickle.dumps(error)) == error


@pytest.mark.parametrize("number", range(1, 17))
def test_a_code_in_the_body_has_its_class_whatever_the_status(number: int) -> None:
    """The service's own body, flat or enveloped, by number or by name."""
    kind = next(rpc.error for code, rpc in errors.RPC_CODES.items() if rpc.number == number)
    details = [{"@type": "x", "reason": "Y"}]
    said = {"code": number, "message": "because", "details": [*details, "odd"]}
    for body in (said, {"error": said}, said | {"error": "a word"}):
        error = error_from(answer(418, json.dumps(body).encode()))
        assert type(error) is kind
        assert error.message == "because"
        assert error.details == tuple(details)
    named = {"error": {"code": 418, "status": error.code, "message": "because"}}
    assert type(error_from(answer(418, json.dumps(named).encode()))) is kind


def test_an_error_says_what_was_asked_what_came_and_what_to_do() -> None:
    """In one sentence and a piece of advice."""
    error = error_from(answer(404, b'{"code":5,"message":"Not Found","details":[]}', x_request_id="r-1"))
    assert str(error) == (f"{ASKED} returned 404 NOT_FOUND: Not Found (request r-1). Check account_id and base_url.")


@pytest.mark.parametrize("body", [b"", b"{}", b'{"a": ', b"[1]", b"[1", b"<p>hm", b'{"message": " "}', b'{"code": 99}'])
def test_where_nothing_is_said_the_status_says_it(body: bytes) -> None:
    """What would be no sentence is not quoted."""
    assert error_from(answer(404, body)).message == "Not Found"
    assert error_from(answer(529, body)).message == "no message"


@pytest.mark.parametrize(("status", "redirected"), [(299, False), (300, True), (399, True), (400, False)])
def test_only_a_redirection_points_elsewhere(status: int, redirected: bool) -> None:
    """Other answers may have a location, too."""
    assert ("not followed" in error_from(answer(status, b"{}", location="https://x.example")).message) == redirected


@pytest.mark.parametrize("number", [0, 17, -1, True])
def test_a_number_that_is_no_code_says_nothing(number: int) -> None:
    """The codes of google.rpc end at 16, and 0 is none of an error."""
    assert error_from(answer(418, json.dumps({"code": number}).encode())).code is None


def test_a_redirection_says_where_to_and_why_not() -> None:
    """It is not followed."""
    error = error_from(answer(302, b"", location="https://elsewhere.example/"))
    assert "https://elsewhere.example/" in str(error)
    assert "not followed" in str(error)


# What came in place of an object, and what the error calls it.
NOT_OBJECTS = {
    "html": (b"<html>sign in</html>", "invalid JSON ("),
    "nothing": (b"", "an empty body: ''"),
    "blanks": (b" \r\n", "an empty body: ''"),
    "array": (b"[]", "JSON that is not an object: '[]'"),
    "null": (b"null", "JSON that is not an object: 'null'"),
    "string": (b'"models"', "JSON that is not an object: '\"models\"'"),
    "truncated": (b'{"models": [{"name": "acc', "invalid JSON ("),
    "utf-8 broken": (b'{"models": "\xff"}', "invalid JSON ("),
    "deep": (b"[" * 100_000, "invalid JSON (nested too deep): '[["),
    "long number": (b'{"totalSize": ' + b"9" * 5000 + b"}", "invalid JSON ("),
}


@pytest.mark.parametrize("name", NOT_OBJECTS)
@pytest.mark.parametrize("status", [200, 204, 206])
def test_a_success_without_an_object_cannot_be_decoded(name: str, status: int) -> None:
    """The error says what came, and quotes the start of it."""
    body, what = NOT_OBJECTS[name]
    with pytest.raises(DecodeError) as raised:
        decode_object(answer(status, body))
    assert raised.value.request == ASKED
    assert f"returned {status} with {what}" in str(raised.value)
    assert len(str(raised.value)) < 1000
    assert pickle.loads(pickle.dumps(raised.value)) == raised.value


@pytest.mark.parametrize(
    ("sent", "seconds"),
    [
        ("3", 3.0),
        ("0", 0.0),
        ("1.5", 1.5),
        (" 7 ", 7.0),
        ("99999999999", 99999999999.0),
        ("Fri, 02 Jan 2026 03:05:05 GMT", 60.0),
        ("Fri, 02 Jan 2026 03:05:05 -0000", 60.0),
        ("Fri, 02 Jan 2026 04:05:05 +0100", 60.0),
        ("Thu, 01 Jan 2026 00:00:00 GMT", 0.0),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("1e3", None),
        ("Fri, 99 Jan 2026 03:05:05 GMT", None),
        ("Fri, 31 Dec 99999999999999999999 23:59:59 GMT", None),
    ],
)
def test_how_long_to_wait_is_read(sent: str, seconds: float | None) -> None:
    """Seconds, whole or not, or a date; the rest says nothing."""
    assert parse_retry_after({"retry-after": sent}, now=NOW) == seconds
    assert parse_retry_after({}, now=NOW) is None


def test_every_error_is_drawn_in_the_tree() -> None:
    """The docstring's drawing, `__all__` and the classes are the same."""
    classes = {
        name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, GatewayError)
    }
    assert classes == set(errors.__all__)
    assert all(name in (errors.__doc__ or "") for name in classes)


def test_a_pickled_error_prints_as_it_did() -> None:
    """Its arguments too, which equality does not look at."""
    for error in (errors.TransportError("it broke", retryable=True), error_from(answer(404, b"no"))):
        again = pickle.loads(pickle.dumps(error))
        assert (repr(again), str(again), again.args) == (repr(error), str(error), error.args)
        assert again.args == (error.message,)


def test_what_a_status_means_is_what_the_specification_maps() -> None:
    """Where a status is a code's own, it is read as a code with that status."""
    from fireworks_gateway import Code, http_status
    from fireworks_gateway._http.responses import _CODE_OF_STATUS

    for status in {http_status(code) for code in Code} - {200}:
        assert http_status(_CODE_OF_STATUS[status]) == status
