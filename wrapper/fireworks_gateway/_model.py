"""`Model`: the generated fields of a model, with properties and methods written by hand."""

from __future__ import annotations

import copy
from collections.abc import Container, Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, cast

import attrs

from . import _openapi
from ._fields.dates import Date, PartialDate, Timestamp
from ._fields.enums import OpenEnum, Unrecognized
from ._fields.fields import Declared
from ._fields.kinds import Day, Kind, MapOf, MessageOf
from ._fields.messages import Message, fields_of
from ._fields.paths import Path
from ._fields.rows import Row, row_builder
from ._names import ModelName
from ._openapi import Code, ModelKind
from ._serving import ServingStatus, compute_serving_status, utc_day
from .errors import ConfigurationError, FieldError, quote_value
from .specification import ModelFields


def to_generated(message: Message) -> Any:
    """Convert a message to an object of its generated class.

    Values that this class rejects (null, an unknown enum value, a value that cannot be decoded) go to
    `additional_properties`, from which its `to_dict` restores them. Inner messages are converted one by one, so a
    malformed one affects only itself.
    """
    fields = fields_of(type(message))
    values = {name: value for name in fields if (value := _known_value(message, name)) is not None}
    inner = {name: objects for name, value in values.items() if (objects := _inner_objects(value)) is not None}
    plain = {
        fields[name].key: _generated_value(value, message._payload[fields[name].key], fields[name].kind)
        for name, value in values.items()
        if name not in inner
    }
    generated = message._generated()
    attributes = attrs.fields_dict(generated)
    required = _required_defaults(generated, fields)
    for name, field in fields.items():
        nullable = "None" in str(attributes[_generated_name(name, attributes)].type)
        if field.key in required and nullable and message._payload.get(field.key, "") is None:
            required[field.key] = None
    try:
        result = generated.from_dict(required | plain)
    except _REJECTED:
        plain = {key: value for key, value in plain.items() if _is_accepted(generated, required | {key: value})}
        result = generated.from_dict(required | plain)
    for name, objects in inner.items():
        setattr(result, _generated_name(name, attributes), objects)
    converted = {*plain, *(fields[name].key for name in inner)}
    others = {key: value for key, value in message._payload.items() if key not in converted}
    result.additional_properties.update(copy.deepcopy(others))
    return result


_REJECTED = (ValueError, TypeError, KeyError, AttributeError)


def _is_accepted(generated: type[Any], payload: dict[str, Any]) -> bool:
    try:
        generated.from_dict(payload)
    except _REJECTED:
        return False
    return True


def _known_value(message: Message, name: str) -> Any:
    try:
        value = getattr(message, name)
    except FieldError:
        return None
    return None if isinstance(value, Unrecognized) else value


def _inner_objects(value: Any) -> Any:
    if isinstance(value, Message):
        return to_generated(value)
    if isinstance(value, tuple):
        return [to_generated(each) for each in value if isinstance(each, Message)] or None
    return None


def _generated_value(value: Any, sent: Any, kind: Kind[Any]) -> Any:
    if isinstance(value, (int, float)):
        return str(value) if isinstance(kind.unset, str) else value  # The generated class has int64 as a string.
    if isinstance(value, PartialDate):
        return sent | {part: known for part, known in attrs.asdict(value).items() if part in sent}
    if isinstance(kind, MapOf):
        return {key: _generated_value(each, sent[key], kind.values) for key, each in value.items()}
    return copy.deepcopy(sent)


def _required_defaults(generated: type[Any], fields: Mapping[str, Declared[Any]]) -> dict[str, Any]:
    # ProtoJSON: a missing field has its default value.
    attributes = attrs.fields_dict(generated)
    declared = {_generated_name(name, attributes): each for name, each in fields.items()}
    required = [name for name, each in attributes.items() if each.init and each.default is attrs.NOTHING]
    return {declared[name].key: _default(declared[name].kind) for name in required}


def _default(kind: Kind[Any]) -> Any:
    if kind.unset is not None:
        return copy.copy(kind.unset)
    if isinstance(kind, MessageOf):
        message: type[Message] = kind.message
        return _required_defaults(message._generated(), fields_of(message))
    if isinstance(kind, OpenEnum):
        return next(iter(kind.members))
    # google.protobuf.Timestamp begins at the epoch.
    defaults: Mapping[type[Kind[Any]], Any] = {Timestamp: "1970-01-01T00:00:00Z", Day: "1970-01-01", Date: {}}
    return defaults.get(type(kind))


def _generated_name(name: str, attributes: Mapping[str, Any]) -> str:
    # `specification.py` appends an underscore to names that every message has, such as payload.
    return name if name in attributes else name.rstrip("_")


_BASE_MODELS = {ModelKind.HF_BASE_MODEL, ModelKind.FLUMINA_BASE_MODEL}
_ADDONS = {ModelKind.HF_PEFT_ADDON, ModelKind.HF_TEFT_ADDON, ModelKind.FLUMINA_ADDON, ModelKind.DRAFT_ADDON}


class Model(ModelFields):
    """A model in an account's catalogue.

    A view of the JSON object that the service sent. An absent or null field is None. A field that cannot be decoded
    raises `FieldError` and affects no other field. `unknown_fields` has the fields that the specification lacks. Models
    are equal if their JSON objects are; the hash is that of the name.

    The `is_` properties are None if a field that they use was not sent, is unspecified, or has a value that the
    specification lacks. A read mask must contain these fields.
    """

    __slots__ = ()
    _summary = ("model_id", "serving", "deprecation_date", "context_length", "kind")
    _derived = MappingProxyType(
        {
            "serving": lambda model, on: str(model.serving_status(on=on).state),
            "days_left": lambda model, on: model.serving_status(on=on).days_left,
        }
    )

    @property
    def resource_name(self) -> ModelName | None:
        """The name, parsed (AIP-122); None if the model has no name. A name of another form raises FieldError."""
        name = self.name
        if not name:
            return None
        try:
            return ModelName.parse(name)
        except ConfigurationError as error:
            raise FieldError(str(error), model=name, field="name", value=name) from error

    @property
    def model_id(self) -> str | None:
        """The last segment of the name, e.g. llama-v3p1-8b-instruct; raises the errors of `resource_name`."""
        name = self.resource_name
        return None if name is None else name.model_id

    @property
    def account_id(self) -> str | None:
        """The account in the name, e.g. fireworks; raises the errors of `resource_name`."""
        name = self.resource_name
        return None if name is None else name.account_id

    @property
    def is_base_model(self) -> bool | None:
        """True if the kind is a base model (HF_BASE_MODEL, FLUMINA_BASE_MODEL)."""
        return _is_one_of(_BASE_MODELS, self.kind)

    @property
    def is_addon(self) -> bool | None:
        """True if the kind is an addon (PEFT, TEFT, Flumina, draft), which needs a base model."""
        return _is_one_of(_ADDONS, self.kind)

    @property
    def is_chat_model(self) -> bool | None:
        """True if a conversation configuration is set, which enables the Chat Completions API.

        False for an embedding model, which may have a configuration too. None otherwise: models without a configuration
        chat as well. Needs `kind` and `conversation_config`.
        """
        if self.kind is ModelKind.EMBEDDING_MODEL:
            return False
        return True if self.conversation_config else None

    @property
    def last_operation_failed(self) -> bool | None:
        """True if the status code of the last operation is an error; `status.message` describes it."""
        code = self.status.code if self.status is not None else None
        return None if code is None else code != Code.OK

    def serving_status(self, *, on: date | None = None) -> ServingStatus:
        """Return the availability for serverless inference, and the days left.

        A `read_mask` must contain `state`, `supports_serverless` and `deprecation_date`: a default printed for a masked
        field looks like a value.

        Args:
            on: The day, in UTC; today by default. A datetime needs a time zone.

        Raises:
            ConfigurationError: `on` has no day in UTC. A field value never raises; it makes the status UNKNOWN.
        """
        return compute_serving_status(utc_day(on), self)

    def to_row(self, columns: Iterable[Path] | None = None, *, on: date | None = None) -> Row:
        """Return the model as a flat dictionary, for a data frame; `pager.rows` converts a whole listing.

        Cells are text, numbers, booleans, datetimes in UTC, lists of text, or None. Enums and dates are text, maps and
        lists of messages JSON. None means unset, or a value that cannot be decoded, which is logged.

        Args:
            columns: Paths or fields, in order; every field by default. A message means all its fields, and a key of a
                map is a column too, e.g. "default_sampling_params.top_p". So are properties such as "model_id" and
                "is_chat_model", "serving" and "days_left" (of the serving status), and a field that the specification
                lacks, by the path that `diff` prints: "unknown_fields.region".
            on: The day of the serving status, in UTC; today by default.

        Raises:
            ConfigurationError: A column does not exist; the error suggests similar ones.
        """
        return row_builder(type(self), columns, on)(self)

    @property
    def generated(self) -> _openapi.models.GatewayModel:
        """The model as an object of the generated class.

        Values that this class rejects (null, an unknown enum value, a value that cannot be decoded) are in its
        `additional_properties`, so that its `to_dict()` is complete. A missing required property has its default.
        """
        self._check_depth()
        return cast("_openapi.models.GatewayModel", to_generated(self))

    def __hash__(self) -> int:
        name = self._payload.get("name")
        return hash(name) if isinstance(name, str) else 0  # A malformed name may have no hash.

    def _repr_html_(self) -> str:
        return f"<p>{self.serving_status()._repr_html_()}</p>{super()._repr_html_()}"

    def __repr__(self) -> str:
        shown = ", ".join(f"{key}={quote_value(self._payload.get(key))}" for key in ("name", "kind", "state"))
        return f"Model({shown})"


def _is_one_of(kinds: Container[object], kind: ModelKind | Unrecognized | None) -> bool | None:
    known = isinstance(kind, ModelKind) and kind is not ModelKind.KIND_UNSPECIFIED
    return kind in kinds if known else None
