"""Everything that can go wrong, as data.

    GatewayError
    ├── ConfigurationError          an argument or a setting that cannot work; also a ValueError
    ├── BookmarkError               a bookmark that belongs to another listing; also a ValueError
    ├── FieldError                  one field of one message that cannot be read; also a ValueError
    ├── FilterError                 a filter that is none, or that does not fit what it filters; also a ValueError
    ├── ModelNotFoundError          the account has no model of that name; also a LookupError
    ├── SnapshotError               a listing or a file that is no whole snapshot; also a ValueError
    ├── TransportError              no answer came; also a ConnectionError
    │   └── RequestTimeoutError     no answer came in time; also a TimeoutError
    ├── DecodeError                 an answer that is not the listing that was asked for
    ├── PageTokenError              page tokens that lead back to a page already walked
    └── StatusError                 the service answered with an error
        ├── CancelledError          499    ├── PermissionDeniedError    403    ├── OutOfRangeError       400
        ├── UnknownError            500    ├── UnauthenticatedError     401    ├── UnimplementedError    501
        ├── InvalidArgumentError    400    ├── ResourceExhaustedError   429    ├── InternalError         500
        ├── DeadlineExceededError   504    ├── FailedPreconditionError  400    ├── UnavailableError      503
        ├── NotFoundError           404    ├── AbortedError             409    └── DataLossError         500
        └── AlreadyExistsError      409

All of them pickle, compare by their fields, and print as what was asked, what came back, and what to do next.
The API key is in none of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

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
    """The base of every error that this package raises.

    Attributes:
        message: What happened, as a sentence.
        bookmark: Where the walk stood when it happened, to go on from with `pager.resume`; None outside a walk.
        retryable: Whether asking again may help; where it may, the client has done so as often as it was allowed to.
        attempts: How many requests were sent for it; 0 where none was.
        ending: Why no further one was, as a sentence, where that does not go without saying.
    """

    def __init__(
        self, message: str, *, retryable: bool = False, attempts: int = 0, bookmark: Bookmark | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.bookmark = bookmark
        self.retryable = retryable
        self.attempts = attempts
        self.ending = ""

    def __str__(self) -> str:
        return f"{self.message}. {self.ending}" if self.ending else self.message

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash((type(self), self.message))

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (type(self), vars(self))


def _restored(kind: type[GatewayError], fields: dict[str, Any]) -> GatewayError:
    error = kind.__new__(kind, fields["message"])
    vars(error).update(fields)
    error.args = (error.message,)
    return error


class ConfigurationError(GatewayError, ValueError):
    """An invalid argument or setting, raised before a request is sent.

    Attributes:
        parameter: The parameter at fault, e.g. "page_size", with which the message begins; None if it is no single one.
    """

    def __init__(self, message: str, *, parameter: str | None = None) -> None:
        super().__init__(message)
        self.parameter = parameter


class BookmarkError(GatewayError, ValueError):
    """A bookmark of a listing with other parameters, which the specification forbids to mix; or no bookmark at all."""


class FieldError(GatewayError, ValueError):
    """A field whose value cannot be read; every other field of the message still reads.

    Attributes:
        model: Which message, by its resource name where it has one.
        field: The field's path, as in a filter.
        value: What was sent.
    """

    def __init__(self, message: str, *, model: str, field: str, value: Any, bookmark: Bookmark | None = None) -> None:
        super().__init__(message, bookmark=bookmark)
        self.model = model
        self.field = field
        self.value = value


class FilterError(GatewayError, ValueError):
    """A filter that the language (AIP-160) does not have, or that does not fit what it is to filter.

    A server answers INVALID_ARGUMENT to it.

    Attributes:
        filter: The text of the filter.
        position: Where in the text, in characters from 0.
        expected: What could have stood there; empty where that cannot be told.
    """

    def __init__(self, message: str, *, filter: str, position: int, expected: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.filter = filter
        self.position = position
        self.expected = expected

    def __str__(self) -> str:
        before, after = self.filter[: self.position], self.filter[self.position :]
        # The line, and of a long one what is near.
        start = max(before.rfind("\n") + 1, self.position - 60)
        line = before[start:] + after.split("\n", 1)[0][:60]
        # What moves a cursor would move the caret from its place.
        shown = "".join(each if each.isprintable() else " " for each in line)
        wanted = f"; expected {_listed(self.expected)}" if self.expected else ""
        caret = " " * len(before[start:]) + "^"
        return f"{super().__str__()}{wanted}, at character {self.position + 1}:\n    {shown}\n    {caret}"


def _listed(words: tuple[str, ...]) -> str:
    return " or ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


class ModelNotFoundError(GatewayError, LookupError):
    """A name that `models.get` does not find in the account's listing.

    Attributes:
        name: The name of the model.
    """

    def __init__(self, name: str) -> None:
        super().__init__(f"model {name} was not found in the listing of its account; check the name")
        self.name = name


class SnapshotError(GatewayError, ValueError):
    """A listing that cannot be taken for the whole catalogue, or a file that does not hold what was saved.

    Attributes:
        path: The file; empty where there is none yet.
        line: Which of its lines is wrong, from 1; None where that is none of them.
    """

    def __init__(self, message: str, *, path: str = "", line: int | None = None) -> None:
        super().__init__(message)
        self.path = path
        self.line = line

    def __str__(self) -> str:
        place = f"{self.path}, line {self.line}" if self.line else self.path
        return f"{place}: {super().__str__()}" if place else super().__str__()


class TransportError(GatewayError, ConnectionError):
    """No answer came: the connection failed, broke, or was refused.

    Attributes:
        request: What was asked: method and URL.
    """

    def __init__(
        self, message: str, *, request: str = "", retryable: bool = False, bookmark: Bookmark | None = None
    ) -> None:
        super().__init__(message, retryable=retryable, bookmark=bookmark)
        self.request = request


class RequestTimeoutError(TransportError, TimeoutError):
    """No answer came in time."""


class DecodeError(GatewayError):
    """An answer that is not what was asked for: not JSON, truncated, or of another shape.

    Attributes:
        request: What was asked: method and URL.
        body: The first of what came, as text, for a report.
    """

    def __init__(
        self,
        message: str,
        *,
        request: str = "",
        body: str = "",
        attempts: int = 0,
        bookmark: Bookmark | None = None,
    ) -> None:
        super().__init__(message, attempts=attempts, bookmark=bookmark)
        self.request = request
        self.body = body


class PageTokenError(GatewayError):
    """Page tokens that lead back to a page already walked, so the listing would never end.

    Attributes:
        page_token: The token that came again.
    """

    def __init__(self, message: str, *, page_token: str, bookmark: Bookmark | None = None) -> None:
        super().__init__(message, bookmark=bookmark)
        self.page_token = page_token


class StatusError(GatewayError):
    """The service answered with an error; its class follows the google.rpc code.

    Attributes:
        status_code: The HTTP status.
        code: The google.rpc code, from the body or else from the status; None where neither has one.
        message: What the service said, or the reason phrase where it said nothing.
        details: The body's `details`, as sent (AIP-193).
        request: What was asked: method and URL.
        request_id: The service's id of the request, to quote in a report; None where it sent none.
        retry_after: For how many seconds the service asks to be left alone; None where it does not say.
        advice: The remedy that the text of the error ends with; set it on an error to replace it.
    """

    advice: str = ""
    passing: ClassVar[frozenset[int]] = frozenset({408, 429, 502, 503, 504})

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
        bookmark: Bookmark | None = None,
    ) -> None:
        super().__init__(message, retryable=status_code in self.passing, bookmark=bookmark)
        self.status_code = status_code
        self.code = code
        self.details = details
        self.request = request
        self.request_id = request_id
        self.retry_after = retry_after

    def __str__(self) -> str:
        asked = f"{self.request} was answered" if self.request else "the service answered"
        came = f"{self.status_code} {self.code}" if self.code else f"{self.status_code}"
        known = f" (request {self.request_id})" if self.request_id else ""
        advice = f" {self.advice}" if self.advice else ""
        ending = f" {self.ending}" if self.ending else ""
        return f"{asked} {came}: {self.message.rstrip('.')}{known}.{advice}{ending}"


class CancelledError(StatusError):
    """CANCELLED, 499: the request was given up, usually by the caller or a proxy."""


class UnknownError(StatusError):
    """UNKNOWN, 500: the service failed without saying how."""


class InvalidArgumentError(StatusError):
    """INVALID_ARGUMENT, 400: a filter, order, mask, page size or page token that the service refuses."""

    advice = "Check filter, order_by, read_mask, page_size and page_token."


class DeadlineExceededError(StatusError):
    """DEADLINE_EXCEEDED, 504: the service, or a proxy before it, ran out of time."""


class NotFoundError(StatusError, LookupError):
    """NOT_FOUND, 404: no such account, model or address."""

    advice = "Check account_id, the name asked for, and base_url."


class AlreadyExistsError(StatusError):
    """ALREADY_EXISTS, 409."""


class PermissionDeniedError(StatusError):
    """PERMISSION_DENIED, 403: the key is good but may not do this."""

    advice = "The key may not read this account; check account_id, or use another key."


class UnauthenticatedError(StatusError):
    """UNAUTHENTICATED, 401: the key is missing, wrong or withdrawn."""

    advice = "Check the API key (api_key, or FIREWORKS_API_KEY)."


class ResourceExhaustedError(StatusError):
    """RESOURCE_EXHAUSTED, 429: too many requests, or a quota is used up."""

    advice = "Wait, and ask less often."


class FailedPreconditionError(StatusError):
    """FAILED_PRECONDITION, 400: the system is not in a state in which this can work."""


class AbortedError(StatusError):
    """ABORTED, 409: given up over a conflict with something else."""


class OutOfRangeError(StatusError):
    """OUT_OF_RANGE, 400: past the valid range."""


class UnimplementedError(StatusError):
    """UNIMPLEMENTED, 501: the service does not do this."""


class InternalError(StatusError):
    """INTERNAL, 500: the service is broken."""


class UnavailableError(StatusError):
    """UNAVAILABLE, 503: the service cannot be had just now."""

    advice = "It usually comes back; try again later."


class DataLossError(StatusError):
    """DATA_LOSS, 500: data was lost or corrupted beyond recovery."""


class RpcCode(NamedTuple):
    """The numbers of a google.rpc code: on the wire of gRPC, and as an HTTP status."""

    number: int
    http_status: int


RPC_CODES: Mapping[Code, RpcCode] = {
    Code.OK: RpcCode(0, 200),
    Code.CANCELLED: RpcCode(1, 499),
    Code.UNKNOWN: RpcCode(2, 500),
    Code.INVALID_ARGUMENT: RpcCode(3, 400),
    Code.DEADLINE_EXCEEDED: RpcCode(4, 504),
    Code.NOT_FOUND: RpcCode(5, 404),
    Code.ALREADY_EXISTS: RpcCode(6, 409),
    Code.PERMISSION_DENIED: RpcCode(7, 403),
    Code.RESOURCE_EXHAUSTED: RpcCode(8, 429),
    Code.FAILED_PRECONDITION: RpcCode(9, 400),
    Code.ABORTED: RpcCode(10, 409),
    Code.OUT_OF_RANGE: RpcCode(11, 400),
    Code.UNIMPLEMENTED: RpcCode(12, 501),
    Code.INTERNAL: RpcCode(13, 500),
    Code.UNAVAILABLE: RpcCode(14, 503),
    Code.DATA_LOSS: RpcCode(15, 500),
    Code.UNAUTHENTICATED: RpcCode(16, 401),
}
"""The gRPC number and the HTTP status of each google.rpc code; the document has no numbers."""

ERROR_OF_CODE: Mapping[Code, type[StatusError]] = {
    Code.CANCELLED: CancelledError,
    Code.UNKNOWN: UnknownError,
    Code.INVALID_ARGUMENT: InvalidArgumentError,
    Code.DEADLINE_EXCEEDED: DeadlineExceededError,
    Code.NOT_FOUND: NotFoundError,
    Code.ALREADY_EXISTS: AlreadyExistsError,
    Code.PERMISSION_DENIED: PermissionDeniedError,
    Code.UNAUTHENTICATED: UnauthenticatedError,
    Code.RESOURCE_EXHAUSTED: ResourceExhaustedError,
    Code.FAILED_PRECONDITION: FailedPreconditionError,
    Code.ABORTED: AbortedError,
    Code.OUT_OF_RANGE: OutOfRangeError,
    Code.UNIMPLEMENTED: UnimplementedError,
    Code.INTERNAL: InternalError,
    Code.UNAVAILABLE: UnavailableError,
    Code.DATA_LOSS: DataLossError,
}
