"""Models as JSON: as the service prints them, in variants, and the sample catalogue.

The sample has the models of `_sample.jsonl`, and numbered copies of its add-ons. The file has a model on each line,
with the properties that are set. The last seven are well-known models that ended. Dates are days from today: a time is
"-165T00:27:36.238230Z", and a deprecation date {"days": 55}, with a 0 for each part that is unknown. A property or enum
value that the specification has dropped since the file was written is left out.
"""

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from itertools import count as numbers
from itertools import islice
from typing import Any

from attrs import field, frozen
from attrs.validators import in_, optional

from .._fields.dates import Date, Timestamp
from .._fields.enums import OpenEnum, Unrecognized
from .._fields.kinds import DECODE_ERRORS, Kind, ListOf, MessageOf
from .._fields.messages import Message, fields_of
from .._model import Model
from .._openapi import ENUM_TEXTS
from ..errors import ConfigurationError, did_you_mean, near_names


def model_payload(**fields: Any) -> dict[str, Any]:
    """Return a model's JSON object with the given properties set, by JSON key, and the others unset.

    The service prints unset properties: a string as "", a number as 0 (an int64 as "0"), a flag as false, a list as [],
    an enum as its first value, and a message as null. Messages may be given in part. Properties that the specification
    lacks are kept.

    Raises:
        TypeError: A name that the specification lacks is almost one of its names.
    """
    return message_payload(Model, fields)


def message_payload(message: type[Message], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the JSON object of any message, as `model_payload` does."""
    kinds = {field.key: field.kind for field in fields_of(message).values()}
    plain = {key.lower(): key for key in kinds}
    for key in given.keys() - kinds.keys():
        if near := near_names(key.replace("_", "").lower(), plain, cutoff=0.8):
            raise TypeError(f"{message.__name__} has no property {key}{did_you_mean([plain[near[0]]])}")
    unset = {key: copy.copy(kind.unset) for key, kind in kinds.items()}
    return unset | {key: _print_value(kinds.get(key), value) for key, value in given.items()}


def _print_value(kind: Kind[Any] | None, value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if isinstance(kind, Date):
        return {"year": 0, "month": 0, "day": 0, **value}
    return message_payload(kind.message, value) if isinstance(kind, MessageOf) else value


UNKNOWN_FIELD = "newerThanTheSpecification"

Object = dict[str, Any]


@frozen
class JsonStyle:
    """A style in which the gateway prints models. The default is the style observed in the real one.

    Attributes:
        unset: Print unset fields, as their defaults, or null for messages; otherwise leave them out.
        enum_numbers: Print enums as numbers: their positions in the specification, which has no numbers.
        fraction_digits: The number of digits after the point of the seconds: 0, 3, 6 or 9. Default: unchanged.
        unknown_fields: Add a field that the specification lacks to every message.
    """

    unset: bool = True
    enum_numbers: bool = False
    fraction_digits: int | None = field(default=None, validator=optional(in_((0, 3, 6, 9))))
    unknown_fields: bool = False


OBSERVED_STYLE = JsonStyle()


def print_model(model: Object, json_style: JsonStyle, declared: type[Message] = Model) -> Object:
    """Return a model's JSON object in a style; the given one stays unchanged."""

    def leaf(kind: Kind[Any], value: Any) -> Any:
        if isinstance(kind, Timestamp) and isinstance(value, str) and json_style.fraction_digits is not None:
            return _set_fraction(value, json_style.fraction_digits)
        if json_style.enum_numbers and isinstance(kind, OpenEnum) and value in kind.members:
            return list(ENUM_TEXTS[kind.enum]).index(value)
        if isinstance(kind, Date) and not json_style.unset and isinstance(value, dict):
            return {part: number for part, number in value.items() if number}
        return value

    def finish(message: type[Message], shown: Object) -> Object:
        if not json_style.unset:
            kinds = {field.key: field.kind for field in fields_of(message).values()}
            shown = {key: value for key, value in shown.items() if not _is_unset(kinds.get(key), value)}
        return {**shown, UNKNOWN_FIELD: "new"} if json_style.unknown_fields else shown

    return model if json_style == OBSERVED_STYLE else map_values(declared, model, leaf, finish)


def replace_enums(model: Object, value: str | int) -> Object:
    """Return a model's JSON object with one value in all its enum fields, including those of its messages."""
    return map_values(Model, model, lambda kind, sent: value if isinstance(kind, OpenEnum) else sent)


def _set_fraction(text: str, digits: int) -> str:
    """Return a timestamp with that many fractional digits; missing digits are 1, 2, 3 and so on."""
    seconds, zone = text[:19], text[19:].lstrip(".0123456789")
    fraction = (text[20 : len(text) - len(zone)] or "000000") + "123456789"
    return f"{seconds}{'.' if digits else ''}{fraction[:digits]}{zone}"


def _is_unset(kind: Kind[Any] | None, value: Any) -> bool:
    return value is None or (kind is not None and kind.unset is not None and value in (kind.unset, 0))


def map_values(
    message: type[Message],
    sent: Object,
    leaf: Callable[[Kind[Any], Any], Any],
    finish: Callable[[type[Message], Object], Object] = lambda _, shown: shown,
) -> Object:
    """Return a message's JSON object after mapping each value with `leaf`, and then each message with `finish`."""

    def map_value(kind: Kind[Any], value: Any) -> Any:
        if isinstance(kind, MessageOf) and isinstance(value, dict):
            return map_values(kind.message, value, leaf, finish)
        if isinstance(kind, ListOf) and isinstance(value, list):
            return [map_value(kind.items, each) for each in value]
        return leaf(kind, value)

    kinds = {field.key: field.kind for field in fields_of(message).values()}
    shown = {key: map_value(kinds[key], value) if key in kinds else value for key, value in sent.items()}
    return finish(message, shown)


DEFAULT_COUNT = 302


def sample_models(
    count: int | None = None, *, account_id: str = "fireworks", today: date | None = None
) -> list[dict[str, Any]]:
    """Return the first `count` models of the file as new JSON objects with every property, copies after the others.

    The dates are relative to `today`. Raises ValueError if `count` is negative, or a date is beyond the calendar.
    """
    count = DEFAULT_COUNT if count is None else count
    if count < 0:
        raise ValueError(f"models must be 0 or more, got {count}")
    today = today or datetime.now(UTC).date()
    text = files("fireworks_gateway.testing").joinpath("_sample.jsonl").read_text(encoding="utf-8")
    start = json.dumps(f"accounts/{account_id}/").removesuffix('"')
    lines = text.replace('"accounts/fireworks/', start).splitlines()
    try:
        models = [_model(line, today) for line in lines]
        copies = _copies(models, f"accounts/{account_id}", today)
        return [*models[:count], *islice(copies, max(0, count - len(models)))]
    except OverflowError:
        raise ConfigurationError(f"today must be some years from the ends of the calendar, got {today}") from None


def _model(line: str, today: date) -> dict[str, Any]:
    fields = json.loads(line)
    for key in ("createTime", "updateTime"):
        days, _, time = fields[key].partition("T")
        fields[key] = f"{today + timedelta(int(days))}T{time}"
    if end := fields.get("deprecationDate"):
        day = today + timedelta(end.pop("days"))
        fields["deprecationDate"] = {"year": day.year, "month": day.month, "day": day.day, **end}
    return model_payload(**map_values(Model, fields, lambda _, value: value, _drop_unknown))


def _drop_unknown(message: type[Message], sent: dict[str, Any]) -> dict[str, Any]:
    kinds = {field.key: field.kind for field in fields_of(message).values()}
    return {key: value for key, value in sent.items() if key in kinds and _is_known(kinds[key], value)}


def _is_known(kind: Kind[Any], value: Any) -> bool:
    try:
        return not isinstance(kind.decode(value), Unrecognized)
    except DECODE_ERRORS:
        return False


def _copies(models: list[dict[str, Any]], account: str, today: date) -> Iterator[dict[str, Any]]:
    # To parse a text is several times as fast as to copy an object.
    addons = [json.dumps(model) for model in models if model["kind"] == "HF_PEFT_ADDON"]
    first = datetime(today.year, today.month, today.day) - timedelta(days=324)
    for number in numbers(1):
        created = first + number % 100_000 * timedelta(minutes=4, microseconds=7)
        time = created.isoformat(timespec="microseconds") + "Z"
        addon = json.loads(addons[number % len(addons)])
        own = {
            "name": f"{account}/models/my-tune-{number:05}",
            "displayName": f"My tune {number:05}",
            "description": "A LoRA add-on, one of many.",
            "fineTuningJob": f"{account}/supervisedFineTuningJobs/my-tune-{number:05}",
            "importedFrom": "",
            "createTime": time,
            "updateTime": time,
        }
        yield {key: own.get(key, value) for key, value in addon.items()}
