"""Tests of read masks in the fake gateway (AIP-157, AIP-161)."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fireworks_gateway import InvalidArgumentError, Model
from fireworks_gateway._fields.fields import DateField
from fireworks_gateway._fields.messages import Message, MessageField, fields_of
from fireworks_gateway.testing import FakeGateway, model_payload
from fireworks_gateway.testing._queries import compile_mask

REFS = [
    {"name": "one", "deployment": "d", "state": "DEPLOYED", "default": True, "public": True},
    {"name": "two", "deployment": "e", "state": "DEPLOYING", "default": False, "public": False},
]
GIVEN: dict[str, Any] = {
    "name": "accounts/a/models/m",
    "displayName": "M",
    "kind": "HF_BASE_MODEL",
    "status": {"code": "INTERNAL", "message": "no"},
    "contextLength": 4096,
    "supportsTools": True,
    "baseModelDetails": {"moe": True, "parameterCount": "7", "huggingfaceFiles": ["a"]},
    "peftDetails": {"r": 8, "targetModules": ["q", "k"]},
    "deprecationDate": {"year": 2027, "month": 3, "day": 9},
    "defaultSamplingParams": {"temperature": 0.5, "top k": 40, "a`b": 1, "*": 2},
    "deployedModelRefs": REFS,
}
WHOLE = model_payload(**GIVEN)

# A mask, and what of the model differs from an unset one under it.
SHOWN: list[tuple[str, dict[str, Any]]] = [
    ("", GIVEN),
    ("*", GIVEN),
    ("name", {"name": "accounts/a/models/m"}),
    ("`name`", {"name": "accounts/a/models/m"}),
    ("context_length,display_name", {"contextLength": 4096, "displayName": "M"}),
    ("contextLength,displayName", {"contextLength": 4096, "displayName": "M"}),
    ("kind,kind", {"kind": "HF_BASE_MODEL"}),
    ("supports_tools", {"supportsTools": True}),
    ("teft_details", {}),
    ("status", {"status": GIVEN["status"]}),
    ("status.code", {"status": {"code": "INTERNAL"}}),
    ("status.message", {"status": {"message": "no"}}),
    ("status.code,status", {"status": GIVEN["status"]}),
    ("status,status.code", {"status": GIVEN["status"]}),
    ("base_model_details.moe,baseModelDetails.moe", {"baseModelDetails": {"moe": True}}),
    ("peft_details.r,peftDetails.targetModules", {"peftDetails": GIVEN["peftDetails"]}),
    ("base_model_details.huggingface_files.*", {"baseModelDetails": {"huggingfaceFiles": ["a"]}}),
    ("peft_details.target_modules", {"peftDetails": {"targetModules": ["q", "k"]}}),
    ("deprecation_date", {"deprecationDate": GIVEN["deprecationDate"]}),
    ("deprecation_date.year", {"deprecationDate": {"year": 2027}}),
    ("deprecationDate.month,deprecation_date.day", {"deprecationDate": {"month": 3, "day": 9}}),
    ("default_sampling_params", {"defaultSamplingParams": GIVEN["defaultSamplingParams"]}),
    ("default_sampling_params.temperature", {"defaultSamplingParams": {"temperature": 0.5}}),
    ("defaultSamplingParams.`top k`", {"defaultSamplingParams": {"top k": 40}}),
    ("default_sampling_params.`a``b`", {"defaultSamplingParams": {"a`b": 1}}),
    ("default_sampling_params.`*`", {"defaultSamplingParams": {"*": 2}}),
    ("default_sampling_params.*", {"defaultSamplingParams": GIVEN["defaultSamplingParams"]}),
    ("default_sampling_params.absent", {}),
    ("deployed_model_refs", {"deployedModelRefs": REFS}),
    ("deployed_model_refs.*", {"deployedModelRefs": REFS}),
]  # fmt: skip


@pytest.mark.parametrize(("mask", "fields"), SHOWN, ids=[mask for mask, _ in SHOWN])
def test_a_mask_keeps_its_fields(mask: str, fields: dict[str, Any]) -> None:
    """The others are printed as unset."""
    assert compile_mask(mask)(WHOLE) == model_payload(**fields)


def test_a_star_masks_each_item() -> None:
    """Every message of a list keeps the same parts."""
    shown = compile_mask("deployed_model_refs.*.name,deployedModelRefs.*.state")(WHOLE)["deployedModelRefs"]
    unset = {"deployment": "", "default": False, "public": False}
    assert shown == [{"name": "one", "state": "DEPLOYED", **unset}, {"name": "two", "state": "DEPLOYING", **unset}]


REFUSED: list[tuple[str, str]] = [
    ("*,name", r"\* among other paths"),
    ("name,*", r"\* among other paths"),
    ("*,*", r"\* among other paths"),
    ("*.name", r"\* means every item"),
    ("status.*", r"status is neither"),
    ("contxt_length", r"no field contxt_length; did you mean .*context_length"),
    (
        "baseModelDetails.mo",
        r"no field base_model_details\.mo; did you mean base_model_details\.moe\?",
    ),
    ("deprecation_date.week", r"no field deprecation_date\.week"),
    ("deployed_model_refs.0", r"deployed_model_refs is a list"),
    ("deployed_model_refs.0.name", r"deployed_model_refs is a list"),
    ("deployed_model_refs.name", r"deployed_model_refs is a list"),
    ("deployed_model_refs.*.nam", r"refs\.\*\.nam; did you mean deployed_model_refs\.\*.name\?"),
    ("name.length", r"name is a string and has no fields"),
    ("name.*", r"name is neither"),
    ("deprecation_date.year.x", r"deprecation_date\.year is an integer"),
    ("default_sampling_params.temperature.x", r"default_sampling_params\.temperature is a number"),
    ("peft_details.target_modules.*.x", r"target_modules\.\* is a string"),
    ("teft_details.x", r"no field teft_details\.x"),
    ("name,,kind", r"got ''"),
    ("name,", r"got ''"),
    (",", r"got ''"),
    (" ", r"got ' '"),
    ("name, kind", r"got ' kind'"),
    ("name\n", r'must be paths such as "name,status.code"'),
    ("status.", r'must be paths such as "name,status.code"'),
    (".status", r'must be paths such as "name,status.code"'),
    ("status..code", r'must be paths such as "name,status.code"'),
    ("``", r'must be paths such as "name,status.code"'),
    ("default_sampling_params.`top", r'must be paths such as "name,status.code"'),
    ("default_sampling_params.`top`k", r'must be paths such as "name,status.code"'),
    ("default_sampling_params.`a,b`", r"default_sampling_params\.`a'"),
]


@pytest.mark.parametrize(("mask", "words"), REFUSED, ids=[repr(mask) for mask, _ in REFUSED])
def test_a_malformed_mask_is_refused(mask: str, words: str) -> None:
    """The error names the wrong path, and near names if there are any."""
    with pytest.raises(ValueError, match=words):
        compile_mask(mask)


@given(text=st.text() | st.lists(st.sampled_from([*".,*`", "name", "status", "code", "x "])).map("".join))
def test_any_text_is_a_mask_or_refused(text: str) -> None:
    """There is no other outcome."""
    try:
        compile_mask(text)(WHOLE)
    except ValueError as error:
        assert str(error).startswith("read_mask ")


def paths_of(message: type[Message], owner: Any, key_path: str = "") -> Iterator[tuple[str, str]]:
    """Return the path of every field, including those of messages and dates, in both spellings."""
    for name, field in fields_of(message).items():
        asked = getattr(owner, name)
        camel = f"{key_path}{field.key}"
        yield str(asked), camel
        if isinstance(field, MessageField):
            yield from paths_of(field.kind.message, asked, f"{camel}.")
        if isinstance(field, DateField):
            yield from ((str(getattr(asked, part)), f"{camel}.{part}") for part in ("year", "month", "day"))


PATHS = dict(paths_of(Model, Model))
SAMPLE = [model.to_dict() for model in FakeGateway(40).client().models.list()]
masks = st.lists(st.sampled_from([*PATHS, *PATHS.values(), "deployed_model_refs.*.name"]), min_size=1)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["code", "name", "year", "moe", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)
odd = st.dictionaries(st.sampled_from([*(field.key for field in fields_of(Model).values()), "own"]), json_values)
payloads = st.sampled_from(SAMPLE) | odd


def test_every_field_has_two_spellings_of_its_path() -> None:
    """`str(Model.field)`, and the same in camelCase, with the same meaning."""
    for snake, camel in PATHS.items():
        assert [compile_mask(snake)(each) for each in SAMPLE] == [compile_mask(camel)(each) for each in SAMPLE]


@given(payload=st.sampled_from(SAMPLE))
def test_every_field_together_is_everything(payload: dict[str, Any]) -> None:
    """A mask of all fields keeps the whole model."""
    assert compile_mask(",".join(fields_of(Model)))(payload) == payload == compile_mask("*")(payload)


@given(paths=masks, payload=payloads)
def test_masking_twice_is_masking_once(paths: list[str], payload: dict[str, Any]) -> None:
    """A masked model has nothing more to lose."""
    masking = compile_mask(",".join(paths))
    assert masking(masking(payload)) == masking(payload)


@given(paths=masks, payload=payloads, data=st.data())
def test_neither_order_nor_repetition_matters(paths: list[str], payload: dict[str, Any], data: st.DataObject) -> None:
    """A mask is a set of paths."""
    other = data.draw(st.permutations([*paths, *data.draw(st.lists(st.sampled_from(paths)))]))
    assert compile_mask(",".join(other))(payload) == compile_mask(",".join(paths))(payload)


@given(paths=masks, payload=payloads)
def test_the_model_is_left_as_it_is(paths: list[str], payload: dict[str, Any]) -> None:
    """The gateway prints it again under another mask."""
    before = copy.deepcopy(payload)
    compile_mask(",".join(paths))(payload)
    assert payload == before


def test_masked_models_share_no_containers() -> None:
    """A change of one masked model does not show in the next."""
    masking = compile_mask("name")
    shown = masking(WHOLE)
    before = copy.deepcopy(shown)
    shown["deployedModelRefs"].append("mine")
    shown["defaultSamplingParams"]["mine"] = 1
    assert masking(WHOLE) == before


def test_absent_fields_stay_absent() -> None:
    """A field of the mask that the caller's model lacks is not printed; the others are."""
    assert compile_mask("name,kind")({"name": "x"}) == {
        key: value for key, value in model_payload(name="x").items() if key != "kind"
    }


@given(paths=masks, payload=odd)
def test_a_callers_own_fields_are_masked_out(paths: list[str], payload: dict[str, Any]) -> None:
    """They can be in no mask, so only a listing without a mask shows them."""
    assert "own" not in compile_mask(",".join(paths))(payload)
    assert compile_mask("*")(payload) == payload


@given(path=st.sampled_from(sorted(PATHS)), others=masks, payload=st.sampled_from(SAMPLE))
def test_fields_of_a_mask_read_the_same(path: str, others: list[str], payload: dict[str, Any]) -> None:
    """A client reads the same value as without a mask."""
    if path == "deprecation_date.day":
        path += ",deprecation_date.month"  # A day of no month is no date, to the service or to the client.
    others = [other for other in others if not other.endswith(".day")]
    masked = Model(compile_mask(",".join([path, *others]))(payload))
    assert read(masked, path.split(",")[0]) == read(Model(payload), path.split(",")[0])


def read(model: Model, path: str) -> Any:
    """Return the value at a path of a model; None below what is None."""
    value: Any = model
    for name in path.split("."):
        value = None if value is None else getattr(value, name)
    return value


def test_a_null_message_stays_null() -> None:
    """It has no parts to show; other values of a wrong type stay as they are too."""
    mask = "status.code,deprecation_date.year,default_sampling_params.x,deployed_model_refs.*.name"
    names = ("status", "deprecationDate", "defaultSamplingParams", "deployedModelRefs")
    for value in (None, "junk", 5):
        shown = compile_mask(mask)(dict.fromkeys(names, value))
        assert [shown[name] for name in names] == [value] * 4


def test_a_listing_through_a_mask() -> None:
    """Every page has the fields of the mask, and the others unset."""
    models = FakeGateway(40).client().models
    asked = (Model.name, Model.base_model_details.parameter_count, Model.deprecation_date.year)
    pages = list(models.list(read_mask=asked, page_size=15).pages())
    masking = compile_mask("name,base_model_details.parameter_count,deprecation_date.year")
    assert [model.to_dict() for page in pages for model in page.items] == list(map(masking, SAMPLE))
    assert {page.total_size for page in pages} == {len(SAMPLE)}
    assert {model.kind for page in pages for model in page.items} == {"KIND_UNSPECIFIED"}


def test_filters_and_orders_ignore_the_mask() -> None:
    """A mask changes the content of the models, and neither their choice nor their order."""
    models = FakeGateway().client().models
    chosen: dict[str, Any] = {"filter": "supports_serverless = true", "order_by": "create_time desc, name"}
    masked = models.list(**chosen, read_mask=[Model.display_name]).to_list()
    assert [model.display_name for model in masked] == [model.display_name for model in models.list(**chosen)]
    assert {(model.name, model.create_time) for model in masked} == {("", None)}


def test_a_refused_mask_reaches_the_caller() -> None:
    """As INVALID_ARGUMENT, with the near name."""
    with pytest.raises(InvalidArgumentError, match=r"contextlength.*context_length"):
        FakeGateway(1).client().models.list(read_mask="contextlength").first()
