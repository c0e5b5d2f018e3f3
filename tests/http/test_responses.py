"""Decoding of responses, and the errors of statuses, without a network."""

import json
import pickle
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from fireworks_gateway import Code, DecodeError, GatewayError, Response, StatusError, errors, http_status
from fireworks_gateway._http.responses import Exchange, decode_object, error_from_response, parse_retry_after

REQUEST = "GET https://gateway.example/v1/accounts/fireworks/models?pageSize=200"

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)

CLASSES: dict[type[StatusError], list[int]] = {
    errors.InvalidArgumentError: [400, 422],
    errors.UnauthenticatedError: [401],
    errors.PermissionDeniedError: [403],
    errors.NotFoundError: [404],
    errors.UnimplementedError: [405, 501],
    errors.DeadlineExceededError: [408, 504],
    errors.AbortedError: [409],
    errors.FailedPreconditionError: [412],
    errors.ResourceExhaustedError: [429],
    errors.CancelledError: [499],
    errors.InternalError: [500],
    errors.UnavailableError: [502, 503],
    StatusError: [301, 302, 307, 402, 413, 418, 520, 529, 598],
}

# Bodies without a code, and their message, if any.
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
    "empty": (b"", None),
    "broken": (b'{"code": 5, "mess', '{"code": 5, "mess'),
    "array": (b"[1]", "[1]"),
    "deep": (b"[" * 100_000, "[" * 500),
    "empty object": (b"{}", None),
    "empty array": (b"[]", None),
    "other object": (b'{"Message":\n  "not for this key"}', '{"Message": "not for this key"}'),
    "detail list": (b'{"detail": [{"msg": "not a <whole> number"}]}', '{"detail": [{"msg": "not a <whole> number"}]}'),
    "name and text": (
        b'{"error": "expired", "error_description": "x"}',
        '{"error": "expired", "error_description": "x"}',
    ),
    "nested message": (b'{"error": {"message": {"text": "no"}}}', '{"error": {"message": {"text": "no"}}}'),
    "list of an error": (b'[{"error": {"message": "endless filter"}}]', "endless filter"),
    "list of errors": (b'[{"message": "a"}, {"message": "b"}]', '[{"message": "a"}, {"message": "b"}]'),
    "bytes": (b"\xff\xfe", "\ufffd\ufffd"),
    "odd types": (b'{"code": {}, "message": 5, "details": "x"}', '{"code": {}, "message": 5, "details": "x"}'),
    "long": (b'{"message": "%b"}' % (b"x" * 501), "x" * 500),
    "long text": (b"x" * 501, "x" * 500),
}


def exchange(status: int, body: bytes, **headers: str) -> Exchange:
    """Return an exchange; a header's dashes are underscores here."""
    lower = {name.replace("_", "-"): value for name, value in headers.items()}
    return Exchange(REQUEST, Response(status, lower, attempts=1, elapsed=0.1), body)


def error_of(status: int, body: Any, **headers: str) -> StatusError:
    """Return the error of a response with a body, as bytes or as JSON."""
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    return error_from_response(exchange(status, sent, **headers), now=NOW)


@pytest.mark.parametrize("body", BODIES)
def test_a_body_without_a_code_leaves_the_class_to_the_status(body: str) -> None:
    """The message is that of the body, or a phrase for the status."""
    sent, message = BODIES[body]
    for status, kind in [(status, kind) for kind, statuses in CLASSES.items() for status in statuses]:
        error = error_of(status, sent, x_request_id="r-1")
        assert type(error) is kind
        assert (error.status_code, error.request_id, error.request) == (status, "r-1", REQUEST)
        assert error.response == Response(status, {"x-request-id": "r-1"}, attempts=1, elapsed=0.1)
        assert error.body == sent[:500].decode("utf-8", "replace").strip()
        assert error.message == message or (message is None and error.message)
        assert pickle.loads(pickle.dumps(error)) == error
    if message is None:
        assert (error_of(404, sent).message, error_of(529, sent).message) == ("Not Found", "no message")


@pytest.mark.parametrize(
    ("headers", "body", "request_id"),
    [
        ({"x_request_id": "r-1", "request_id": "r-2"}, {"request_id": "r-3"}, "r-1"),
        ({"request_id": "r-2"}, {"request_id": "r-3"}, "r-2"),
        ({}, {"request_id": "r-3", "message": "no"}, "r-3"),
        ({}, {"requestId": "r-3", "error": {"message": "no"}}, "r-3"),
        ({}, {"error": {"request_id": "r-4", "message": "no"}}, "r-4"),
        ({}, {"details": [{}, {"@type": "type.googleapis.com/google.rpc.RequestInfo", "requestId": "r-5"}]}, "r-5"),
        ({"x_request_id": ""}, {"request_id": 5, "requestId": None}, None),
    ],
)
def test_the_request_id_is_in_a_header_or_the_body(
    headers: dict[str, str], body: dict[str, Any], request_id: str | None
) -> None:
    """The header has priority; a text only."""
    assert error_of(400, body, **headers).request_id == request_id


@pytest.mark.parametrize("code", [code for code in errors.RPC_CODES if code is not Code.OK])
def test_a_code_in_the_body_decides_the_class(code: Code) -> None:
    """Flat or in an envelope, by number or by name; the status, which a proxy may have changed, does not."""
    details = [{"@type": "x", "reason": "Y"}]
    number, _, kind = errors.RPC_CODES[code]
    body = {"code": number, "message": "because", "details": [*details, "odd"]}
    named = {"error": {"code": 418, "status": code.value, "message": "because", "details": details}}
    for each in (body, {"error": body}, body | {"error": "a word"}, named):
        error = error_of(418, each)
        assert (type(error), error.code) == (kind, code)
        assert (error.message, error.details) == ("because", tuple(details))


def test_deep_details_are_cut() -> None:
    """At 64 levels, so that the error prints and pickles."""
    error = error_of(400, b'{"message": "no", "details": [{"a": %b}]}' % (b"[" * 400 + b"]" * 400))
    assert error.message == "no"
    assert "(nested too deep)" in repr(error.details)
    assert pickle.loads(pickle.dumps(error)) == error


def test_a_large_error_is_quoted_and_not_decoded() -> None:
    """Its objects would need far more memory than its text."""
    error = error_of(503, b'{"message": "no", "details": [%b{}]}' % (b"{}, " * 2**18))
    assert (type(error), error.details) == (errors.UnavailableError, ())
    assert error.message == error.body
    assert error.message.startswith('{"message": "no"')


@pytest.mark.parametrize("code", [0, 17, -1, True, 5.0, "OK", "NEW", None, []])
def test_an_invalid_code_is_ignored(code: Any) -> None:
    """The codes of errors are the numbers 1 to 16 and their names."""
    assert (error_of(418, {"code": code}).code, error_of(418, {"status": code}).code) == (None, None)


@pytest.mark.parametrize("name", [name for name in errors.__all__ if "Error" in name])
def test_the_text_of_a_status_error_has_four_parts(name: str) -> None:
    """Request, response, advice, and the reason to stop; advice that is set on an error replaces its own."""
    kind = getattr(errors, name)
    if not issubclass(kind, StatusError):
        return
    error = kind("no such model.", status_code=404, code=Code.NOT_FOUND, request=REQUEST, request_id="r-1")
    error.stop_reason = "Failed after 3 attempts."
    cause = f"{REQUEST} returned 404 NOT_FOUND: no such model (request r-1)."
    assert str(error) == f"{cause} {f'{kind.advice} ' if kind.advice else ''}Failed after 3 attempts."
    error.advice = "Use another name."
    assert str(error) == f"{cause} Use another name. Failed after 3 attempts."
    assert str(kind("no", status_code=404)).startswith("the service returned 404: no.")


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (400, "filter order_by read_mask page_size page_token"),
        (401, "api_key FIREWORKS_API_KEY"),
        (403, "account_id"),
        (404, "account_id base_url"),
        (429, "Wait"),
        (503, "later"),
    ],
)
def test_the_advice_names_the_parameters(status: int, words: str) -> None:
    """Those that can cause the status; for a status that they cannot cause, the remedy is time."""
    assert set(words.split()) <= set(re.findall(r"\w+", str(error_of(status, {}))))


@pytest.mark.parametrize("status", [404, 400])
def test_a_base_url_with_the_version_is_the_first_hint(status: int) -> None:
    """After a 404 alone."""
    sent = exchange(status, b"")
    sent = Exchange(sent.request.replace("/v1/", "/v1/v1/"), sent.response, sent.body)
    hint = "base_url must not end in /v1, which each request adds. Check account_id and base_url."
    assert (hint in str(error_from_response(sent, now=NOW))) == (status == 404)
    assert "/v1, " not in str(error_of(404, b""))


@pytest.mark.parametrize(("status", "redirected"), [(299, False), (300, True), (399, True), (400, False)])
def test_a_redirect_is_described(status: int, redirected: bool) -> None:
    """With its location; other statuses may have one as well."""
    message = error_of(status, b"{}", location="https://elsewhere.example").message
    assert message.startswith("redirect to https://elsewhere.example, which is not followed") == redirected
    assert "redirect" not in error_of(status, b"{}").message


# Bodies that are not an object, and their description in the error.
NOT_OBJECTS = {
    "html": (b"<html>sign in</html>", "invalid JSON ("),
    "empty": (b"", "an empty body: ''"),
    "blank": (b" \r\n", "an empty body: ''"),
    "array": (b"[]", "JSON that is not an object: '[]'"),
    "utf-8 broken": (b'{"models": "\xff"}', "invalid JSON ("),
    "deep": (b"[" * 100_000, "invalid JSON (nested too deep): '[["),
    "many": (b'{"models":[' + b"{}," * 2**19 + b"{}]}", "a body with too many JSON values for a page"),
}


@pytest.mark.parametrize("name", NOT_OBJECTS)
def test_a_success_without_an_object_is_a_decode_error(name: str) -> None:
    """The error describes the body and quotes its beginning."""
    body, content = NOT_OBJECTS[name]
    with pytest.raises(DecodeError) as raised:
        decode_object(exchange(206, body))
    assert str(raised.value).startswith(f"{REQUEST} returned 206 with {content}")
    assert (raised.value.request, raised.value.attempts) == (REQUEST, 1)
    assert raised.value.body == body[:500].decode("utf-8", "replace").strip()
    assert pickle.loads(pickle.dumps(raised.value)) == raised.value


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("3", 3.0),
        ("1.5", 1.5),
        (" 7 ", 7.0),
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
def test_retry_after_is_seconds_or_a_date(value: str, seconds: float | None) -> None:
    """Other texts are ignored."""
    assert parse_retry_after({"retry-after": value}, now=NOW) == seconds
    assert error_of(503, b"", retry_after=value).retry_after == seconds


def test_every_error_is_in_the_tree() -> None:
    """The drawing in the docstring, `__all__` and the classes are the same."""
    kinds = {
        name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, GatewayError)
    }
    assert kinds == set(errors.__all__)
    assert all(name in (errors.__doc__ or "") for name in kinds)


def test_a_pickled_error_prints_as_before() -> None:
    """Its arguments are the same, which equality ignores."""
    for error in (
        errors.TransportError("it broke", retryable=True),
        error_of(404, b"no"),
        errors.ModelNotFoundError("m"),
    ):
        again = pickle.loads(pickle.dumps(error))
        assert (repr(again), str(again), again.args, hash(again)) == (repr(error), str(error), error.args, hash(error))
        assert again.args == (error.message,)
        assert error != GatewayError(error.message)


def test_a_status_of_a_code_means_a_code_with_that_status() -> None:
    """As the specification maps them."""
    for status in {http_status(code) for code in errors.RPC_CODES} - {200}:
        code = error_of(status, b"").code
        assert code is not None
        assert http_status(code) == status
