"""A model with a field of each kind, for tests that must not depend on the fields of the document."""

from collections.abc import Mapping
from typing import Any

from fireworks_gateway import BoolField, Field, Message, MessageField, Model, ModelState, Unrecognized
from fireworks_gateway._fields.enums import OpenEnum
from fireworks_gateway._fields.kinds import Integer, Integer64, ListOf, MapOf, MessageOf, Number, String
from fireworks_gateway.testing._payloads import message_payload


class Child(Message):
    """An item of a list of messages."""

    __slots__ = ()
    name: Field[str] = Field("name", String(), doc="A name.")
    owner: Field[str] = Field("owner", String(), doc="An owner.")
    state: Field[ModelState | Unrecognized] = Field("state", OpenEnum(ModelState, "STATE_UNSPECIFIED"), doc="A state.")
    main: BoolField = BoolField("main", doc="A flag.")
    open: BoolField = BoolField("open", doc="A flag.")


class Part(Message):
    """A message within a message."""

    __slots__ = ()
    size: Field[int] = Field("size", Integer(), doc="A size.")
    owner_name: Field[str] = Field("ownerName", String(), doc="A name.")
    labels: Field[tuple[str, ...]] = Field("labels", ListOf(String()), doc="Texts.")


class Nothing(Message):
    """A message without fields."""

    __slots__ = ()


class Sample(Model):
    """A model with fields that are not the document's."""

    __slots__ = ()
    flag: BoolField = BoolField("flag", doc="A flag.")
    second_flag: BoolField = BoolField("secondFlag", doc="A flag.")
    second_length: Field[int] = Field("secondLength", Integer(), doc="A length.")
    big_number: Field[int] = Field("bigNumber", Integer64(), doc="A number.")
    level: Field[ModelState | Unrecognized] = Field("level", OpenEnum(ModelState, "STATE_UNSPECIFIED"), doc="A state.")
    number_map: Field[Mapping[str, float]] = Field("numberMap", MapOf(Number()), doc="Numbers.")
    text_list: Field[tuple[str, ...]] = Field("textList", ListOf(String()), doc="Texts.")
    child_list: Field[tuple[Child, ...]] = Field("childList", ListOf(MessageOf(lambda: Child)), doc="Children.")
    part: MessageField[Part] = MessageField("part", lambda: Part, doc="A part.")
    nothing: MessageField[Nothing] = MessageField("nothing", lambda: Nothing, doc="Nothing.")


def sample_payload(**fields: Any) -> dict[str, Any]:
    """Return the JSON object of a sample, with its unset fields printed as `model_payload` prints those of a model."""
    return message_payload(Sample, fields)
