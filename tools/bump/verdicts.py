"""The decision table: the rating of each kind of change on the wire, for users of this package.

Other tools rate for clients in general. Users of this package read responses through views that tolerate new, missing
and null values, and write requests through generated functions.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from .ratings import Rating

NONE, PATCH, MINOR, MAJOR = Rating.NONE, Rating.PATCH, Rating.MINOR, Rating.MAJOR


@frozen
class Verdict:
    """The meaning of a kind of change.

    Attributes:
        in_requests: The rating in a request.
        in_responses: The rating in a response, or in neither.
        affected: The code that it affects.
        advice: The remedy.
    """

    in_requests: Rating
    in_responses: Rating
    affected: str
    advice: str


_READERS = "code that reads it"
_CALLERS = "code that calls the operation"
_IMPORTERS = "code that imports its generated module"
_SENDERS = "everybody: the way the key is sent"
_NOBODY = "nobody"
_NOTHING = "nothing"

VERDICTS: Mapping[str, Verdict] = {
    # Schemas and their properties.
    "schema added": Verdict(MINOR, MINOR, _NOBODY, "use it if it helps"),
    "schema removed": Verdict(MAJOR, MAJOR, "code that imports its generated class", "stop using the class"),
    "property added": Verdict(MINOR, MINOR, _NOBODY, "read it if it helps"),
    "required property added": Verdict(MAJOR, MINOR, "code that builds the object", "set the property"),
    "property removed": Verdict(MAJOR, MAJOR, _READERS, "stop reading it: it is None or removed"),
    "made required": Verdict(MAJOR, MINOR, "code that builds the object", "set the property"),
    "made optional": Verdict(MINOR, MAJOR, _READERS, "expect that it is absent"),
    "type changed": Verdict(MAJOR, MAJOR, _READERS, "expect the new type"),
    "reference changed": Verdict(MAJOR, MAJOR, _READERS, "expect the other class"),
    "composition changed": Verdict(MAJOR, MAJOR, _READERS, "expect the other shapes"),
    "values closed to a list": Verdict(MAJOR, MAJOR, _READERS, "expect an enum in place of a plain value"),
    "values no longer a list": Verdict(MAJOR, MAJOR, _READERS, "expect a plain value in place of an enum"),
    "value added": Verdict(MINOR, MINOR, "code that lists all values", "add a branch; unknown values never fail"),
    "value removed": Verdict(MAJOR, MAJOR, "code that names the value", "stop naming it"),
    "values reordered": Verdict(PATCH, PATCH, _NOBODY, _NOTHING),
    "bounds loosened": Verdict(MINOR, MINOR, "code that relies on the bound", "expect values beyond it"),
    "bounds tightened": Verdict(MAJOR, MINOR, "code that sends values beyond the bound", "stay within it"),
    "default changed": Verdict(MAJOR, MINOR, "code that omits it", "send a value"),
    "access changed": Verdict(MINOR, MINOR, "code that writes the property", "read its description"),
    "other keys allowed": Verdict(MINOR, MINOR, _NOBODY, _NOTHING),
    "other keys forbidden": Verdict(MAJOR, MINOR, "code that sends other keys", "stop sending them"),
    "deprecated": Verdict(MINOR, MINOR, "code that uses it", "plan to stop"),
    "no longer deprecated": Verdict(PATCH, PATCH, _NOBODY, _NOTHING),
    # Operations and their parameters.
    "operation added": Verdict(MINOR, MINOR, _NOBODY, "use it if it helps"),
    "operation removed": Verdict(MAJOR, MAJOR, _CALLERS, "stop calling it"),
    "operation renamed": Verdict(MAJOR, MAJOR, _IMPORTERS, "import it by the new name"),
    "tags changed": Verdict(MAJOR, MAJOR, _IMPORTERS, "import it from the new tag's package"),
    "parameter added": Verdict(MINOR, MINOR, _NOBODY, "pass it if it helps"),
    "required parameter added": Verdict(MAJOR, MAJOR, _CALLERS, "pass it"),
    "parameter removed": Verdict(MAJOR, MAJOR, "code that passes it", "stop passing it"),
    "parameter renamed": Verdict(MAJOR, MAJOR, "code that passes it by name", "use the new name"),
    "parameter made required": Verdict(MAJOR, MAJOR, "code that omits it", "pass it"),
    "parameter made optional": Verdict(MINOR, MINOR, _NOBODY, _NOTHING),
    "parameter written otherwise": Verdict(MAJOR, MAJOR, "code that passes it", "generate again and check the calls"),
    "body added": Verdict(MINOR, MINOR, _NOBODY, "send one if it helps"),
    "required body added": Verdict(MAJOR, MAJOR, _CALLERS, "send one"),
    "body removed": Verdict(MAJOR, MAJOR, "code that sends one", "stop sending it"),
    "media type added": Verdict(MINOR, MINOR, _NOBODY, _NOTHING),
    "media type removed": Verdict(MAJOR, MAJOR, _CALLERS, "use another one"),
    "response documented": Verdict(
        MINOR, MINOR, "code that calls the generated functions", "expect the documented result for the status"
    ),
    "response no longer documented": Verdict(
        MINOR, MINOR, "code that calls the generated functions", "expect None, or an error, for the status"
    ),
    "success no longer documented": Verdict(MAJOR, MAJOR, _CALLERS, "expect another success"),
    "header added": Verdict(MINOR, MINOR, _NOBODY, _NOTHING),
    "header removed": Verdict(MAJOR, MAJOR, "code that reads the header", "stop reading it"),
    # The document.
    "server added": Verdict(MINOR, MINOR, _NOBODY, _NOTHING),
    "server removed": Verdict(MAJOR, MAJOR, "everybody: the key goes to another host", "confirm the host"),
    "security scheme added": Verdict(MINOR, MINOR, _NOBODY, _NOTHING),
    "security scheme removed": Verdict(MAJOR, MAJOR, _SENDERS, "confirm it with the service"),
    "security scheme changed": Verdict(MAJOR, MAJOR, _SENDERS, "confirm it with the service"),
    "security alternative added": Verdict(MINOR, MINOR, _NOBODY, _NOTHING),
    "security changed": Verdict(MAJOR, MAJOR, _SENDERS, "confirm it with the service"),
    "words changed": Verdict(PATCH, PATCH, _NOBODY, _NOTHING),
    # An unknown change may break somebody.
    "changed in a way not known here": Verdict(MAJOR, MAJOR, "unknown", "read the change"),
}
