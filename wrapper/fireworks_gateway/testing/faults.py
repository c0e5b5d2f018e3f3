r"""What can go wrong with an answer: what it says, when it comes, and how it comes over the wire.

    FakeGateway(faults=[faults.busy(retry_after=2), None, faults.empty_page() & faults.late(1.5)])

Each request takes the next fault of the script; None, and the end of the script, stand for the right answer. A script
may be endless (`itertools.repeat`), and `&` joins faults of one answer. Each function here returns a `Fault`, and its
docstring says what the client sees. Those that happen on the wire need a socket (`FakeGateway.serve`, `FaultServer`); a
client in process sees all others.

One of your own is a line: something done to a page, to each of its models, another answer, or what happens on the
wire, as bytes to send, seconds to pause, and `Act`s (when the list ends the connection is kept alive):

    faults.changed_page(lambda page: page.pop("totalSize"))
    faults.changed_models(lambda model: model.pop("name"))
    faults.answered(418, b"I'm a teapot")
    Fault("teapot()", lambda reply: [b"HTTP/1.1 418 I'm a teapot\r\ncontent-length: 0\r\n\r\n", 0.5, Act.CLOSE])
"""

from __future__ import annotations

from ._faults import Act, Fault, Step
from ._page_faults import (
    changed_models,
    changed_page,
    earlier_token,
    empty_page,
    in_print,
    meanwhile,
    repeated_token,
    short_page,
    timestamps,
    total_size,
    unknown_enum_names,
    unknown_enum_numbers,
    unknown_fields,
    with_fields,
)
from ._refusals import (
    answered,
    busy,
    error_object,
    expired_token,
    fault_object,
    html,
    plain_text,
    redirected,
    refused,
    unavailable,
)
from ._wire import whole
from ._wire_faults import (
    bad_chunk,
    bad_gzip,
    chunked,
    closed_after,
    closed_before,
    dribbled_body,
    dribbled_headers,
    endless,
    endless_headers,
    garbage,
    gzipped,
    interim,
    invalid_utf8,
    late,
    long_content_length,
    reset_after,
    reset_before,
    reset_within,
    short_content_length,
    stall,
    stall_within,
    switched_protocol,
    truncated_body,
    truncated_chunks,
    truncated_gzip,
    truncated_headers,
    truncated_json,
    unframed,
)

__all__ = [
    "Act",
    "Fault",
    "Step",
    "answered",
    "bad_chunk",
    "bad_gzip",
    "busy",
    "changed_models",
    "changed_page",
    "chunked",
    "closed_after",
    "closed_before",
    "dribbled_body",
    "dribbled_headers",
    "earlier_token",
    "empty_page",
    "endless",
    "endless_headers",
    "error_object",
    "expired_token",
    "fault_object",
    "garbage",
    "gzipped",
    "html",
    "in_print",
    "interim",
    "invalid_utf8",
    "late",
    "long_content_length",
    "meanwhile",
    "plain_text",
    "redirected",
    "refused",
    "repeated_token",
    "reset_after",
    "reset_before",
    "reset_within",
    "short_content_length",
    "short_page",
    "stall",
    "stall_within",
    "switched_protocol",
    "timestamps",
    "total_size",
    "truncated_body",
    "truncated_chunks",
    "truncated_gzip",
    "truncated_headers",
    "truncated_json",
    "unavailable",
    "unframed",
    "unknown_enum_names",
    "unknown_enum_numbers",
    "unknown_fields",
    "whole",
    "with_fields",
]
