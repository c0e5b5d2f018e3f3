"""`Model`: the generated fields of a model, and properties and methods by hand."""

from __future__ import annotations

import copy
from collections.abc import Container, Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, TypeGuard, cast

import attrs

from . import _openapi
from ._fields.dates import PartialDate
from ._fields.enums import Unrecognized
from ._fields.fields import Field, Message, MessageField, fields_of
from ._fields.paths import Path
from ._fields.rows import Row, row_reading
from ._names import ModelName
from ._openapi import Code, ModelKind, ModelState
from ._serving import ServingStatus, day_of, serving_status_on
from .errors import ConfigurationError, FieldError
from .specification import ModelFields


def counterpart_of(message: Message) -> Any:
    """Return the generated object that shows the same as a message.

    What its class would choke on (null, an unknown enum value, a value that cannot be read) is kept from it and put
    in `additional_properties`, where its `to_dict` finds it again. Messages inside are converted one by one, so that a
    bad one costs only itself.
    """
    fields = fields_of(type(message))
    values = {name: value for name in fields if (value := _value(message, name)) is not None}
    inner = {name: counterparts for name, value in values.items() if (counterparts := _counterparts(value)) is not None}
    plain = {
        fields[name].key: _plain(value, message._payload[fields[name].key], fields[name].reader.unset)
        for name, value in values.items()
        if name not in inner
    }
    generated = cast("type[Any]", message._generated)
    made = generated.from_dict(_required(generated, fields) | plain)
    attributes = attrs.fields_dict(generated)
    for name, counterparts in inner.items():
        setattr(made, _generated_name(name, attributes), counterparts)
    held = {fields[name].key for name in values}
    made.additional_properties.update({k: copy.deepcopy(v) for k, v in message._payload.items() if k not in held})
    return made


def _value(message: Message, name: str) -> Any:
    try:
        value = getattr(message, name)
    except FieldError:
        return None
    return None if isinstance(value, Unrecognized) else value


def _counterparts(value: Any) -> Any:
    if isinstance(value, Message):
        return counterpart_of(value)
    if _is_tuple(value):
        return [counterpart_of(each) for each in value if isinstance(each, Message)] or None
    return None


def _is_tuple(value: Any) -> TypeGuard[tuple[Any, ...]]:
    return isinstance(value, tuple)


def _plain(value: Any, sent: Any, unset: Any) -> Any:
    if isinstance(value, (int, float)):
        return str(value) if isinstance(unset, str) else value  # An int64 is a string there, other numbers are not.
    if isinstance(value, PartialDate):
        return sent | {part: known for part, known in attrs.asdict(value).items() if part in sent}
    if isinstance(value, MappingProxyType):
        return dict(cast("Mapping[str, Any]", value))
    return copy.deepcopy(sent)


def _required(generated: type[Any], fields: Mapping[str, Field[Any] | MessageField[Any]]) -> dict[str, Any]:
    # ProtoJSON reads a missing field as its default, so a required one that is missing is its default.
    attributes = attrs.fields_dict(generated)
    declared = {_generated_name(name, attributes): each for name, each in fields.items()}
    needed = [name for name, each in attributes.items() if each.init and each.default is attrs.NOTHING]
    return {declared[name].key: copy.copy(declared[name].reader.unset) for name in needed}


def _generated_name(name: str, attributes: Mapping[str, Any]) -> str:
    # `specification.py` appends an underscore to a name that every message has, such as payload.
    return name if name in attributes else name.rstrip("_")


_BASE_MODELS = {ModelKind.HF_BASE_MODEL, ModelKind.FLUMINA_BASE_MODEL}
_ADDONS = {ModelKind.HF_PEFT_ADDON, ModelKind.HF_TEFT_ADDON, ModelKind.FLUMINA_ADDON, ModelKind.DRAFT_ADDON}


class Model(ModelFields):
    """A model in an account's catalogue.

    A view of what the service sent: a field that was not sent, or sent as null, is None; one that cannot be read
    raises `FieldError` and costs no other; what the specification lacks is in `unknown_fields`. Two models are equal
    when they show equal objects; their hash is their name's.

    The `is_` properties are None where the answer cannot be told: the field was not sent, or holds a value that says
    nothing (unspecified, or not in the specification). With a read mask, name the fields that they rest on: where the
    service prints what the mask leaves out as its default, "" and false cannot be told from an answer.
    """

    __slots__ = ()

    @property
    def resource_name(self) -> ModelName | None:
        """The name in its parts (AIP-122), or None where no name was sent.

        Raises:
            FieldError: What was sent is not a model's name.
        """
        name = self.name
        if not name:
            return None
        try:
            return ModelName.parse(name)
        except ConfigurationError as error:
            raise FieldError(str(error), model=name, field="name", value=name) from error

    @property
    def model_id(self) -> str | None:
        """The last part of the name, e.g. llama-v3p1-8b-instruct; raises as `resource_name` does."""
        name = self.resource_name
        return None if name is None else name.model_id

    @property
    def account_id(self) -> str | None:
        """The account's part of the name, e.g. fireworks; raises as `resource_name` does."""
        name = self.resource_name
        return None if name is None else name.account_id

    @property
    def is_ready(self) -> bool | None:
        """Whether the state is READY: uploaded whole. It does not say that the model is being served."""
        return _among({ModelState.READY}, self.state)

    @property
    def is_uploading(self) -> bool | None:
        """Whether the state is UPLOADING."""
        return _among({ModelState.UPLOADING}, self.state)

    @property
    def is_base_model(self) -> bool | None:
        """Whether the kind is one of the base models (HF_BASE_MODEL, FLUMINA_BASE_MODEL)."""
        return _among(_BASE_MODELS, self.kind)

    @property
    def is_addon(self) -> bool | None:
        """Whether the kind is one of the addons, which need a base model (PEFT, TEFT, Flumina and draft addons)."""
        return _among(_ADDONS, self.kind)

    @property
    def is_draft_model(self) -> bool | None:
        """Whether the kind is DRAFT_ADDON, a model that drafts for another's speculative decoding."""
        return _among({ModelKind.DRAFT_ADDON}, self.kind)

    @property
    def is_embedding_model(self) -> bool | None:
        """Whether the kind is EMBEDDING_MODEL."""
        return _among({ModelKind.EMBEDDING_MODEL}, self.kind)

    @property
    def is_mixture_of_experts(self) -> bool | None:
        """Whether the base model details mark a mixture of experts; None without such details."""
        return self.base_model_details.moe if self.base_model_details is not None else None

    @property
    def is_chat_model(self) -> bool | None:
        """Whether a conversation configuration is set, which enables the Chat Completions API.

        None where the field was not sent at all; null, or an object of defaults, is how the service prints an unset
        one.
        """
        return bool(self.conversation_config) if "conversationConfig" in self._payload else None

    @property
    def is_fine_tuned(self) -> bool | None:
        """Whether the model came out of a fine-tuning job of the service."""
        return None if self.fine_tuning_job is None else self.fine_tuning_job != ""

    @property
    def is_imported(self) -> bool | None:
        """Whether the model was imported from another."""
        return None if self.imported_from is None else self.imported_from != ""

    @property
    def last_operation_failed(self) -> bool | None:
        """Whether the last operation on the model failed, by its status code; `status.message` says how."""
        code = self.status.code if self.status is not None else None
        return None if code is None else code != Code.OK

    def serving_status(self, *, on: date | None = None) -> ServingStatus:
        """Return whether the model can be called without a deployment of one's own, and until when.

        It rests on `state`, `supports_serverless` and `deprecation_date`, so a `read_mask` has to name these: where
        the service prints a field that was left out as its default, false and null cannot be told from an answer.

        Args:
            on: For which day; today by default. Days are counted in UTC, and a datetime needs a time zone.

        Raises:
            ConfigurationError: `on` is no date. Nothing that the service sent raises: it makes the answer UNKNOWN.
        """
        return serving_status_on(day_of(on), self)

    def to_row(self, columns: Iterable[Path] | None = None) -> Row:
        """Return the model as a flat dictionary, for a data frame; `pager.rows` does so for a whole listing.

        Cells are text, numbers, truth values, datetimes in UTC, lists of text, or None. Enums and dates are text, maps
        and lists of messages JSON. None stands for what is unset, and for what cannot be read, which is logged.

        Args:
            columns: Which fields, as paths or fields, in which order; a message stands for all its parts, and a map's
                keys can be asked for, e.g. "default_sampling_params.top_p". Every field by default.

        Raises:
            ConfigurationError: There is no such field; the error says which are near.
        """
        return row_reading(Model, columns)(self)

    @property
    def generated(self) -> _openapi.models.GatewayModel:
        """The model as the generated package's class.

        What that class cannot hold (null, an unknown enum value, a value that cannot be read) is in its
        `additional_properties`, so that its `to_dict()` still says what was sent; a required property that is missing
        has its default.
        """
        return cast("_openapi.models.GatewayModel", counterpart_of(self))

    def __hash__(self) -> int:
        return hash(self._payload.get("name"))

    def __repr__(self) -> str:
        shown = ", ".join(f"{key}={self._payload.get(key)!r}" for key in ("name", "kind", "state"))
        return f"Model({shown})"


def _among(wanted: Container[object], value: str | None) -> bool | None:
    known = isinstance(value, (ModelKind, ModelState)) and not value.endswith("_UNSPECIFIED")
    return value in wanted if known else None
