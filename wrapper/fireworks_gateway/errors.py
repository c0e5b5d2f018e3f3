"""The errors of this package, as data.

    GatewayError
    ├── ConfigurationError          an invalid argument or setting; also a ValueError
    ├── BookmarkError               an invalid bookmark, or one of another listing; also a ValueError
    ├── FieldError                  a field that cannot be decoded; also a ValueError
    ├── FilterError                 an invalid filter; also a ValueError
    ├── ModelNotFoundError          a model that the account does not have; also a LookupError
    ├── SnapshotError               an incomplete listing, or a damaged file; also a ValueError
    ├── TransportError              a request that failed without a response; also a ConnectionError
    │   └── RequestTimeoutError     a request that timed out; also a TimeoutError
    ├── DecodeError                 a response that is not the requested listing
    ├── PageTokenError              page tokens that form a cycle
    └── StatusError                 an error response
        ├── CancelledError          499    ├── PermissionDeniedError    403    ├── OutOfRangeError       400
        ├── UnknownError            500    ├── UnauthenticatedError     401    ├── UnimplementedError    501
        ├── InvalidArgumentError    400    ├── ResourceExhaustedError   429    ├── InternalError         500
        ├── DeadlineExceededError   504    ├── FailedPreconditionError  400    ├── UnavailableError      503
        ├── NotFoundError           404    ├── AbortedError             409    └── DataLossError         500
        └── AlreadyExistsError      409

Errors can be pickled, and compare by their fields. Their text names the request, the response and the remedy. No error
contains the API key.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

from attrs import frozen

from ._bookmark import Bookmark
from ._openapi import Code

__all__ = [
    "AbortedError",
    "AlreadyExistsError",
    "BookmarkError",
    "CancelledError",
    "ConfigurationError",
    "DataLossError",
    "DeadlineExceededError",
    "DecodeError",
    "FailedPreconditionError",
    "FieldError",
    "FilterError",
    "GatewayError",
    "InternalError",
    "InvalidArgumentError",
    "ModelNotFoundError",
    "NotFoundError",
    "OutOfRangeError",
    "PageTokenError",
    "PermissionDeniedError",
    "RequestTimeoutError",
    "ResourceExhaustedError",
    "SnapshotError",
    "StatusError",
    "TransportError",
    "UnauthenticatedError",
    "UnavailableError",
    "UnimplementedError",
    "UnknownError",
]


class GatewayError(Exception):
    """Base class of the errors of this package.

    Attributes:
        message: The cause, as a sentence.
        bookmark: The position of the walk that failed, for `pager.resume`; None outside a walk.
        retryable: True if a later attempt may succeed. The client has already retried as often as it may.
        attempts: The number of requests that were sent.
        stop_reason: Why the client did not retry again, as a sentence; empty if the cause explains it.
    """

    def __init__(
        self, message: str, *, retryable: bool = False, attempts: int = 0, bookmark: Bookmark | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.bookmark = bookmark
        self.retryable = retryable
        self.attempts = attempts
        self.stop_reason = ""

    def __str__(self) -> str:
        return f"{self.message}. {self.stop_reason}" if self.stop_reason else self.message

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash((type(self), self.message))

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpickle, (type(self), vars(self))


def _unpickle(kind: type[GatewayError], fields: dict[str, Any]) -> GatewayError:
    error = kind.__new__(kind, fields["message"])
    vars(error).update(fields)
    error.args = (error.message,)
    return error


class ConfigurationError(GatewayError, ValueError):
    """An invalid argument or setting, raised before a request is sent.

    Attributes:
        parameter: The invalid parameter, e.g. "page_size", with which the message begins; None for several.
    """

    def __init__(self, message: str, *, parameter: str | None = None) -> None:
        super().__init__(message)
        self.parameter = parameter


def parameter_error(parameter: str, problem: str) -> ConfigurationError:
    """Return the error of an invalid parameter, whose name begins the message."""
    return ConfigurationError(f"{parameter} {problem}", parameter=parameter)


class BookmarkError(GatewayError, ValueError):
    """An invalid bookmark, or one of a listing with other parameters, whose page tokens cannot be mixed (AIP-158)."""


_DEEPEST = 100


def quote_value(value: Any, length: int = 200) -> str:
    """Return the beginning of the repr of a JSON value, which may have none."""
    try:
        return f"{value!r:.{length}}"
    except RecursionError:
        return "a value that is nested too deep"
    except ValueError:
        return "an integer of thousands of digits"


def plain_number(value: Any) -> Any:
    """Return a scalar of numpy as the Python value that it stands for, any other value unchanged."""
    return value.item() if type(value).__module__ == "numpy" and getattr(value, "shape", None) == () else value


def is_deep(value: Any) -> bool:
    """Return whether a JSON value has so many levels that copying and pickling may exceed the recursion limit."""
    level = [value]
    for _ in range(_DEEPEST):
        containers = (each for each in level if isinstance(each, (dict, list)))
        level = [*chain.from_iterable(each.values() if isinstance(each, dict) else each for each in containers)]
        if not level:
            return False
    return True


class FieldError(GatewayError, ValueError):
    """A field whose value cannot be decoded; the other fields of the message can.

    Attributes:
        model: The resource name of the message, or a description if it has no name.
        field: The path of the field, as in a filter.
        value: The JSON value; the beginning of its text if it is nested too deep to be pickled.
    """

    def __init__(self, message: str, *, model: str, field: str, value: Any, bookmark: Bookmark | None = None) -> None:
        super().__init__(message, bookmark=bookmark)
        self.model = model
        self.field = field
        self.value: Any = quote_value(value) if is_deep(value) else value


class FilterError(GatewayError, ValueError):
    """A filter that violates the filter language (AIP-160) or the types of the fields.

    Attributes:
        filter: The text of the filter.
        position: The index of the first invalid character.
        expected: The tokens that are valid there; empty if unknown.
    """

    def __init__(self, message: str, *, filter: str, position: int, expected: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.filter = filter
        self.position = position
        self.expected = expected

    def __str__(self) -> str:
        before, after = self.filter[: self.position], self.filter[self.position :]
        start = max(before.rfind("\n") + 1, self.position - 60)
        line = before[start:] + after.split("\n", 1)[0][:60]
        # A control character would move the caret from its place.
        printed = "".join(each if each.isprintable() else " " for each in line)
        *others, last = self.expected or ("",)
        tokens = f"{', '.join(others)} or {last}" if others else last
        expected = f"; expected {tokens}" if tokens else ""
        caret = " " * len(before[start:]) + "^"
        return f"{super().__str__()}{expected}, at character {self.position + 1}:\n    {printed}\n    {caret}"


class ModelNotFoundError(GatewayError, LookupError):
    """A model that `models.get` does not find in the listing of the account, or that a snapshot does not have.

    Attributes:
        name: The resource name of the model.
        near: The names of similar models that exist, the nearest first.
    """

    def __init__(self, name: str, near: Sequence[str] = (), *, place: str = "the listing of its account") -> None:
        advice = did_you_mean([each.rpartition("/")[2] for each in near]) or "; check the name"
        super().__init__(f"model {name} was not found in {place}{advice}")
        self.name = name
        self.near: tuple[str, ...] = tuple(near)


class SnapshotError(GatewayError, ValueError):
    """An incomplete listing, or a file that `Snapshot.save` did not write.

    Attributes:
        path: The path of the file; empty without a file.
        line: The number of the invalid line, from 1; None for an error of the whole file.
        snapshot: The new `Snapshot` that lacks most models of the previous one; None for other errors.
    """

    def __init__(self, message: str, *, path: str = "", line: int | None = None, snapshot: Any = None) -> None:
        super().__init__(message)
        self.path = path
        self.line = line
        self.snapshot = snapshot

    def __str__(self) -> str:
        place = f"{self.path}, line {self.line}" if self.line else self.path
        return f"{place}: {super().__str__()}" if place else super().__str__()


class TransportError(GatewayError, ConnectionError):
    """A request that failed without a response: the connection was refused, failed or broke.

    Attributes:
        request: Method and URL.
    """

    def __init__(
        self, message: str, *, request: str = "", retryable: bool = False, bookmark: Bookmark | None = None
    ) -> None:
        super().__init__(message, retryable=retryable, bookmark=bookmark)
        self.request = request


class RequestTimeoutError(TransportError, TimeoutError):
    """A request that exceeded `timeout` or `deadline`."""


class DecodeError(GatewayError):
    """A successful response that is not the requested listing: truncated, of another shape, or not JSON.

    Attributes:
        request: Method and URL.
        body: The beginning of the body as text, for a report.
    """

    def __init__(
        self, message: str, *, request: str = "", body: str = "", attempts: int = 0, bookmark: Bookmark | None = None
    ) -> None:
        super().__init__(message, attempts=attempts, bookmark=bookmark)
        self.request = request
        self.body = body


class PageTokenError(GatewayError):
    """Page tokens that form a cycle, so that the listing would never end.

    Attributes:
        page_token: The repeated token.
    """

    def __init__(self, message: str, *, page_token: str, bookmark: Bookmark | None = None) -> None:
        super().__init__(message, bookmark=bookmark)
        self.page_token = page_token


RETRYABLE_STATUSES = frozenset({408, 429, 502, 503, 504, *range(520, 525), 527, 529, 530})


@frozen
class Response:
    """The response of the service, without its body.

    Attributes:
        status_code: The HTTP status.
        headers: The headers, with names in lower case.
        attempts: The number of requests that were sent.
        elapsed: The seconds from the first request to the end of the body, waits included.
    """

    status_code: int
    headers: Mapping[str, str]
    attempts: int
    elapsed: float


class StatusError(GatewayError):
    """An error response; its class follows the google.rpc code.

    Attributes:
        status_code: The HTTP status.
        code: The google.rpc code of the body, else the one of the status; None for a status without a code.
        message: The message of the body, or the reason phrase.
        details: The `details` of the body (AIP-193).
        request: Method and URL.
        request_id: The service's ID of the request, to quote in a report; None without one.
        retry_after: The wait that the service requests, in seconds; None without one.
        response: The status and headers of the response; None in an error that your program created.
        body: The beginning of the body as text, for a report.
        advice: The remedy in the text of the error; set it on an error to replace it.
    """

    advice: str = ""

    def __init__(
        self,
        message: str,
        *,
        status_code: int,
        code: Code | None = None,
        details: tuple[Mapping[str, Any], ...] = (),
        request: str = "",
        request_id: str | None = None,
        retry_after: float | None = None,
        response: Response | None = None,
        body: str = "",
        bookmark: Bookmark | None = None,
    ) -> None:
        super().__init__(message, retryable=status_code in RETRYABLE_STATUSES, bookmark=bookmark)
        self.status_code = status_code
        self.code = code
        self.details = details
        self.request = request
        self.request_id = request_id
        self.retry_after = retry_after
        self.response = response
        self.body = body

    def __str__(self) -> str:
        request_id = f" (request {self.request_id})" if self.request_id else ""
        status = f"{self.status_code} {self.code}" if self.code else f"{self.status_code}"
        cause = f"{self.request or 'the service'} returned {status}: {self.message.rstrip('.')}{request_id}."
        return " ".join(filter(None, [cause, self.advice, self.stop_reason]))


class CancelledError(StatusError):
    """CANCELLED, 499: the request was cancelled, usually by the caller or a proxy."""


class UnknownError(StatusError):
    """UNKNOWN, 500: the service failed for an unknown reason."""


class InvalidArgumentError(StatusError):
    """INVALID_ARGUMENT, 400: an invalid filter, order, mask, page size or page token."""

    advice = "Check filter, order_by, read_mask, page_size and page_token."


class DeadlineExceededError(StatusError):
    """DEADLINE_EXCEEDED, 504: the service, or a proxy before it, timed out."""


class NotFoundError(StatusError, LookupError):
    """NOT_FOUND, 404: the account or the URL does not exist."""

    advice = "Check account_id and base_url."


class AlreadyExistsError(StatusError):
    """ALREADY_EXISTS, 409: the resource exists already."""


class PermissionDeniedError(StatusError):
    """PERMISSION_DENIED, 403: the key is valid but lacks a permission."""

    advice = "The key may not read this account; check account_id, or use another key."


class UnauthenticatedError(StatusError):
    """UNAUTHENTICATED, 401: the key is missing, invalid or revoked."""

    advice = "Check the API key (api_key, or FIREWORKS_API_KEY)."


class ResourceExhaustedError(StatusError):
    """RESOURCE_EXHAUSTED, 429: too many requests, or an exhausted quota."""

    advice = "Wait, and send fewer requests."


class FailedPreconditionError(StatusError):
    """FAILED_PRECONDITION, 400: the state of the service does not permit the request."""


class AbortedError(StatusError):
    """ABORTED, 409: the request conflicts with another."""


class OutOfRangeError(StatusError):
    """OUT_OF_RANGE, 400: a value beyond the valid range."""


class UnimplementedError(StatusError):
    """UNIMPLEMENTED, 501: the service does not support the request."""


class InternalError(StatusError):
    """INTERNAL, 500: the service failed."""


class UnavailableError(StatusError):
    """UNAVAILABLE, 503: the service is temporarily unavailable."""

    advice = "Try again later."


class DataLossError(StatusError):
    """DATA_LOSS, 500: data was lost or corrupted."""


class RpcCode(NamedTuple):
    """The gRPC number, the HTTP status and the error class of a google.rpc code."""

    number: int
    http_status: int
    error: type[StatusError] = StatusError


RPC_CODES: Mapping[Code, RpcCode] = {
    Code.OK: RpcCode(0, 200),
    Code.CANCELLED: RpcCode(1, 499, CancelledError),
    Code.UNKNOWN: RpcCode(2, 500, UnknownError),
    Code.INVALID_ARGUMENT: RpcCode(3, 400, InvalidArgumentError),
    Code.DEADLINE_EXCEEDED: RpcCode(4, 504, DeadlineExceededError),
    Code.NOT_FOUND: RpcCode(5, 404, NotFoundError),
    Code.ALREADY_EXISTS: RpcCode(6, 409, AlreadyExistsError),
    Code.PERMISSION_DENIED: RpcCode(7, 403, PermissionDeniedError),
    Code.RESOURCE_EXHAUSTED: RpcCode(8, 429, ResourceExhaustedError),
    Code.FAILED_PRECONDITION: RpcCode(9, 400, FailedPreconditionError),
    Code.ABORTED: RpcCode(10, 409, AbortedError),
    Code.OUT_OF_RANGE: RpcCode(11, 400, OutOfRangeError),
    Code.UNIMPLEMENTED: RpcCode(12, 501, UnimplementedError),
    Code.INTERNAL: RpcCode(13, 500, InternalError),
    Code.UNAVAILABLE: RpcCode(14, 503, UnavailableError),
    Code.DATA_LOSS: RpcCode(15, 500, DataLossError),
    Code.UNAUTHENTICATED: RpcCode(16, 401, UnauthenticatedError),
}
"""Written by hand, as the document has no numbers."""


def near_names(name: str, known: Iterable[str], cutoff: float = 0.6) -> tuple[str, ...]:
    """Return the known names that are similar to a name, the nearest first."""
    from difflib import get_close_matches  # Only a mistake needs it.

    return tuple(get_close_matches(name, tuple(known), cutoff=cutoff))


def near_models(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return the known resource names whose last segments are similar to that of a name, the nearest first."""
    by_id = {each.rpartition("/")[2]: each for each in known}
    return tuple(by_id[each] for each in near_names(name.rpartition("/")[2], by_id))


def did_you_mean(names: Sequence[str]) -> str:
    """Return the end of an error message that suggests names."""
    return f"; did you mean {' or '.join(names)}?" if names else ""
