"""The decision table: what each kind of change on the wire asks of those who use this package, and why.

Other tools rate for clients in general. This one's clients read every answer through views that tolerate what is new,
missing or null, and write requests through generated functions; so each kind is rated for these.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from .ratings import Rating

NONE, PATCH, MINOR, MAJOR = Rating.NONE, Rating.PATCH, Rating.MINOR, Rating.MAJOR


@frozen
class Verdict:
    """What a kind of change means.

    Attributes:
        in_requests: Its rating where it is of something that we send.
        in_responses: Its rating where it is of something that we are sent, or of neither.
        affected: Who is affected.
        advice: What they do.
    """

    in_requests: Rating
    in_responses: Rating
    affected: str
    advice: str


_READERS = "who reads it"
_CALLERS = "who calls the operation"
_NOBODY = "nobody"
_NOTHING = "nothing"

VERDICTS: Mapping[str, Verdict] = {
    # Schemas and their properties.
    "schema added": Verdict(MINOR, MINOR, _NOBODY, "use it if it helps"),
    "schema removed": Verdict(MAJOR, MAJOR, "who imports its generated class", "stop using the class"),
    "property added": Verdict(MINOR, MINOR, _NOBODY, "read it if it helps"),
    "required property added": Verdict(MAJOR, MINOR, "who makes the object", "give the property"),
    "property removed": Verdict(MAJOR, MAJOR, _READERS, "stop reading it; it is None, or gone"),
    "made required": Verdict(MAJOR, MINOR, "who makes the object", "give the property"),
    "made optional": Verdict(MINOR, MAJOR, _READERS, "expect that it is not there"),
    "type changed": Verdict(MAJOR, MAJOR, _READERS, "expect the new type"),
    "reference changed": Verdict(MAJOR, MAJOR, _READERS, "expect the other class"),
    "composition changed": Verdict(MAJOR, MAJOR, _READERS, "expect the other shapes"),
    "values closed to a list": Verdict(MAJOR, MAJOR, _READERS, "expect an enum in place of a plain value"),
    "values no longer a list": Verdict(MAJOR, MAJOR, _READERS, "expect a plain value in place of an enum"),
    "value added": Verdict(MINOR, MINOR, "who has a branch for every value", "add a branch; unknown values never fail"),
    "value removed": Verdict(MAJOR, MAJOR, "who names the value", "stop naming it"),
    "values reordered": Verdict(PATCH, PATCH, _NOBODY, _NOTHING),
    "bounds loosened": Verdict(MINOR, MINOR, "who relies on the bound", "expect values beyond it; we check none"),
    "bounds tightened": Verdict(MAJOR, MINOR, "who sends values beyond the bound", "stay within it"),
    "default changed": Verdict(MAJOR, MINOR, "who leaves it out", "say what is wanted; the generated call sends it"),
    "access changed": Verdict(MINOR, MINOR, "who writes the property", "see which way it may be used"),
    "other keys allowed": Verdict(MINOR, MINOR, _NOBODY, _NOTHING),
    "other keys forbidden": Verdict(MAJOR, MINOR, "who sends other keys", "send none"),
    "deprecated": Verdict(MINOR, MINOR, "who uses it", "plan to stop"),
    "no longer deprecated": Verdict(PATCH, PATCH, _NOBODY, _NOTHING),
    # Operations and their parameters.
    "operation added": Verdict(MINOR, MINOR, _NOBODY, "use it if it helps"),
    "operation removed": Verdict(MAJOR, MAJOR, _CALLERS, "stop calling it"),
    "operation renamed": Verdict(MAJOR, MAJOR, "who imports its generated module", "import it by the new name"),
    "tags changed": Verdict(MAJOR, MAJOR, "who imports its generated module", "import it from the new tag's package"),
    "parameter added": Verdict(MINOR, MINOR, _NOBODY, "give it if it helps"),
    "required parameter added": Verdict(MAJOR, MAJOR, _CALLERS, "give it"),
    "parameter removed": Verdict(MAJOR, MAJOR, "who gives it", "stop giving it"),
    "parameter renamed": Verdict(MAJOR, MAJOR, "who gives it by name", "use the new name"),
    "parameter made required": Verdict(MAJOR, MAJOR, "who leaves it out", "give it"),
    "parameter made optional": Verdict(MINOR, MINOR, _NOBODY, _NOTHING),
    "parameter written otherwise": Verdict(MAJOR, MAJOR, "who gives it", "generate and call anew"),
    "body added": Verdict(MINOR, MINOR, _NOBODY, "send one if it helps"),
    "required body added": Verdict(MAJOR, MAJOR, _CALLERS, "send one"),
    "body removed": Verdict(MAJOR, MAJOR, "who sends one", "send none"),
    "media type added": Verdict(MINOR, MINOR, _NOBODY, _NOTHING),
    "media type removed": Verdict(MAJOR, MAJOR, _CALLERS, "use one that is left"),
    "response documented": Verdict(
        MINOR, MINOR, "who calls the generated functions", "expect what they now return for the status"
    ),
    "response no longer documented": Verdict(
        MINOR, MINOR, "who calls the generated functions", "expect None, or an error, for the status"
    ),
    "success no longer documented": Verdict(MAJOR, MAJOR, _CALLERS, "expect another success"),
    "header added": Verdict(MINOR, MINOR, _NOBODY, _NOTHING),
    "header removed": Verdict(MAJOR, MAJOR, "who reads the header", "do without"),
    # The document.
    "server added": Verdict(MINOR, MINOR, _NOBODY, _NOTHING),
    "server removed": Verdict(MAJOR, MAJOR, "everybody: the key goes to another host", "confirm the host by hand"),
    "security scheme added": Verdict(MINOR, MINOR, _NOBODY, _NOTHING),
    "security scheme removed": Verdict(MAJOR, MAJOR, "everybody: how the key is sent", "confirm it with the service"),
    "security scheme changed": Verdict(MAJOR, MAJOR, "everybody: how the key is sent", "confirm it with the service"),
    "security alternative added": Verdict(MINOR, MINOR, _NOBODY, _NOTHING),
    "security changed": Verdict(MAJOR, MAJOR, "everybody: whether and how the key is sent", "confirm it by hand"),
    "words changed": Verdict(PATCH, PATCH, _NOBODY, _NOTHING),
    # What this table does not know is not guessed to be harmless.
    "changed in a way not known here": Verdict(MAJOR, MAJOR, "not known", "read what changed"),
}
