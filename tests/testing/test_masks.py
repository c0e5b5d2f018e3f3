"""Tests of read masks in the fake gateway (AIP-157, AIP-161)."""

import copy
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fireworks_gateway.testing import FakeGateway
from fireworks_gateway.testing._queries import compile_mask
from tests.shared.field_paths import field_paths
from tests.shared.json_values import JSON_VALUES
from tests.shared.sample_message import Sample, sample_payload

mask_of = partial(compile_mask, message=Sample)

REFS = [
    {"name": "one", "owner": "d", "state": "READY", "main": True, "open": True},
    {"name": "two", "owner": "e", "state": "UPLOADING", "main": False, "open": False},
]
GIVEN: dict[str, Any] = {
    "name": "accounts/a/models/m",
    "displayName": "M",
    "kind": "HF_BASE_MODEL",
    "status": {"code": "INTERNAL", "message": "no"},
    "contextLength": 4096,
    "secondFlag": True,
    "baseModelDetails": {"moe": True, "parameterCount": "7"},
    "textList": ["a"],
    "part": {"size": 8, "labels": ["q", "k"]},
    "deprecationDate": {"year": 2027, "month": 3, "day": 9},
    "numberMap": {"temperature": 0.5, "top k": 40, "a`b": 1, "*": 2},
    "childList": REFS,
}
WHOLE = sample_payload(**GIVEN)

# A mask, and what of the model differs from an unset one under it.
SHOWN: list[tuple[str, dict[str, Any]]] = [
    ("", GIVEN),
    ("*", GIVEN),
    ("name", {"name": "accounts/a/models/m"}),
    ("`name`", {"name": "accounts/a/models/m"}),
    ("context_length,displayName", {"contextLength": 4096, "displayName": "M"}),
    ("nothing", {}),
    ("status", {"status": GIVEN["status"]}),
    ("status.code", {"status": {"code": "INTERNAL"}}),
    ("status.code,status", {"status": GIVEN["status"]}),
    ("base_model_details.moe,baseModelDetails.moe", {"baseModelDetails": {"moe": True}}),
    ("part.size,part.labels", {"part": GIVEN["part"]}),
    ("text_list.*", {"textList": ["a"]}),
    ("deprecation_date.year", {"deprecationDate": {"year": 2027}}),
    ("number_map", {"numberMap": GIVEN["numberMap"]}),
    ("number_map.temperature", {"numberMap": {"temperature": 0.5}}),
    ("numberMap.`top k`", {"numberMap": {"top k": 40}}),
    ("number_map.`a``b`", {"numberMap": {"a`b": 1}}),
    ("number_map.`*`", {"numberMap": {"*": 2}}),
    ("number_map.*", {"numberMap": GIVEN["numberMap"]}),
    ("number_map.absent", {}),
    ("child_list.*", {"childList": REFS}),
]  # fmt: skip


@pytest.mark.parametrize(("mask", "fields"), SHOWN, ids=[mask for mask, _ in SHOWN])
def test_a_mask_keeps_its_fields(mask: str, fields: dict[str, Any]) -> None:
    """The others are printed as unset."""
    assert mask_of(mask)(WHOLE) == sample_payload(**fields)


def test_a_star_masks_each_item() -> None:
    """Every message of a list keeps the same parts."""
    shown = mask_of("child_list.*.name,childList.*.state")(WHOLE)["childList"]
    unset = {"owner": "", "main": False, "open": False}
    assert shown == [{"name": "one", "state": "READY", **unset}, {"name": "two", "state": "UPLOADING", **unset}]


PATHS_ONLY = r'must be paths such as "name,status.code"'
REFUSED: list[tuple[str, str]] = [
    *((mask, r"\* among other paths") for mask in ("*,name", "name,*", "*,*")),
    ("*.name", r"\* means every item"),
    ("status.*", r"status is neither"),
    ("contxt_length", r"no field contxt_length; did you mean .*context_length"),
    ("baseModelDetails.mo", r"no field base_model_details\.mo; did you mean base_model_details\.moe\?"),
    ("deprecation_date.week", r"no field deprecation_date\.week"),
    *((f"child_list.{name}", r"child_list is a list") for name in ("0", "0.name", "name")),
    ("child_list.*.nam", r"list\.\*\.nam; did you mean child_list\.\*.name\?"),
    ("name.length", r"name is a string and has no fields"),
    ("part.labels.*.x", r"labels\.\* is a string"),
    ("nothing.x", r"nothing is an object and has no fields"),
    *((mask, r"got ''") for mask in ("name,,kind", "name,", ",")),
    ("name, kind", r"got ' kind'"),
    *((mask, PATHS_ONLY) for mask in ("name\n", "status.", ".status", "status..code", "``")),
    *((f"number_map.{key}", PATHS_ONLY) for key in ("`top", "`top`k")),
    ("number_map.`a,b`", r"number_map\.`a'"),
]


@pytest.mark.parametrize(("mask", "words"), REFUSED, ids=[repr(mask) for mask, _ in REFUSED])
def test_a_malformed_mask_is_refused(mask: str, words: str) -> None:
    """The error names the wrong path, and near names if there are any."""
    with pytest.raises(ValueError, match=words):
        mask_of(mask)


@given(text=st.text() | st.lists(st.sampled_from([*".,*`", "name", "status", "code", "x "])).map("".join))
def test_any_text_is_a_mask_or_refused(text: str) -> None:
    """There is no other outcome."""
    try:
        mask_of(text)(WHOLE)
    except ValueError as error:
        assert str(error).startswith("read_mask ")


FIELDS = {path.snake: path.camel for path in field_paths(Sample)}
FIELDS_OF_A_MODEL = {snake: camel for snake, camel in FIELDS.items() if "." not in snake}
PATHS = {**FIELDS, **{f"deprecation_date.{part}": f"deprecationDate.{part}" for part in ("year", "month", "day")}}
SAMPLE = [model.to_dict() for model in FakeGateway(40).client().models.list()]
masks = st.lists(st.sampled_from([*PATHS, *PATHS.values(), "child_list.*.name"]), min_size=1)
odd = st.dictionaries(
    st.sampled_from([*FIELDS_OF_A_MODEL.values(), "own"]),
    JSON_VALUES | st.dictionaries(st.sampled_from(["code", "name", "year", "moe", "x"]), JSON_VALUES, max_size=3),
    max_size=5,
)
payloads = st.sampled_from(SAMPLE) | odd


def test_every_field_has_two_spellings_of_its_path() -> None:
    """Both spellings of a path mean the same."""
    for snake, camel in PATHS.items():
        assert [mask_of(snake)(each) for each in SAMPLE] == [mask_of(camel)(each) for each in SAMPLE]


@given(paths=masks, payload=payloads, data=st.data())
def test_a_mask_is_a_set_of_paths(paths: list[str], payload: dict[str, Any], data: st.DataObject) -> None:
    """Order and repetition do not matter, masking twice is masking once, and the given model is unchanged."""
    masking, before = mask_of(",".join(paths)), copy.deepcopy(payload)
    masked = masking(payload)
    assert payload == before
    assert masking(masked) == masked
    other = data.draw(st.permutations([*paths, *data.draw(st.lists(st.sampled_from(paths), max_size=3))]))
    assert mask_of(",".join(other))(payload) == masked
    # The caller's own fields can be in no mask.
    assert "own" not in masked
    assert mask_of("*")(payload) == payload


def test_masked_models_share_no_containers() -> None:
    """A change of one masked model does not show in the next."""
    masking = mask_of("name")
    shown = masking(WHOLE)
    before = copy.deepcopy(shown)
    shown["childList"].append("mine")
    shown["numberMap"]["mine"] = 1
    assert masking(WHOLE) == before


def test_absent_fields_stay_absent() -> None:
    """A field of the mask that the caller's model lacks is not printed; the others are."""
    masked = mask_of("name,kind")({"name": "x"})
    assert masked | {"kind": "KIND_UNSPECIFIED"} == sample_payload(name="x")
    assert "kind" not in masked


def test_a_null_message_stays_null() -> None:
    """It has no parts to show; other values of a wrong type stay as they are too."""
    mask = "status.code,deprecation_date.year,number_map.x,child_list.*.name"
    names = ("status", "deprecationDate", "numberMap", "childList")
    for value in (None, "junk", 5):
        shown = mask_of(mask)(dict.fromkeys(names, value))
        assert [shown[name] for name in names] == [value] * 4


def test_a_listing_through_a_mask() -> None:
    """Every page has the fields of the mask, and the others unset."""
    models = FakeGateway(40).client().models
    mask = (Sample.name, Sample.base_model_details.parameter_count, Sample.deprecation_date.year)
    pages = list(models.list(read_mask=mask, page_size=15).pages())
    assert [model.to_dict() for page in pages for model in page.items] == [
        compile_mask(",".join(map(str, mask)))(each) for each in SAMPLE
    ]
    assert {page.total_size for page in pages} == {len(SAMPLE)}
    assert {model.kind for page in pages for model in page.items} == {"KIND_UNSPECIFIED"}


def test_filters_and_orders_ignore_the_mask() -> None:
    """A mask changes the content of the models, and neither their choice nor their order."""
    models = FakeGateway().client().models
    query: dict[str, Any] = {"filter": "supports_serverless = true", "order_by": "create_time desc, name"}
    masked = models.list(**query, read_mask=[Sample.display_name]).to_list()
    assert [model.display_name for model in masked] == [model.display_name for model in models.list(**query)]
    assert {(model.name, model.create_time) for model in masked} == {("", None)}
