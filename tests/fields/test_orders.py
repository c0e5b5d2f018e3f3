"""Orders: parsed, checked against a message, and applied to JSON objects (AIP-132)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fireworks_gateway import Model, ModelKind
from fireworks_gateway._fields.orders import order_keys, parse_order, sort_payloads
from fireworks_gateway._openapi import ENUM_TEXTS
from fireworks_gateway.testing import model_payload
from tests.shared.sample_message import Sample, sample_payload

TERMS: dict[str, list[tuple[tuple[str, ...], bool]]] = {
    "": [],
    "a asc": [(("a",), False)],
    "a,b desc": [(("a",), False), (("b",), True)],
    "  a\t desc ,b  ": [(("a",), True), (("b",), False)],
    "desc": [(("desc",), False)],
    "desc desc,asc asc": [(("desc",), True), (("asc",), False)],
    "a.`b c` desc": [(("a", "b c"), True)],
    "`a,b`.`c.d`,e": [(("a,b", "c.d"), False), (("e",), False)],
    "`a``b`": [(("a`b",), False)],
    "`*`": [(("*",), False)],
}


@pytest.mark.parametrize(("text", "expected"), TERMS.items(), ids=map(repr, TERMS))
def test_the_terms_of_an_order(text: str, expected: object) -> None:
    """Commas separate the paths, which ascend by default; more than one space means the same."""
    assert parse_order(text) == expected


NO_TERMS = [
    *("a,", ",a", ",", "a,,b", "a b", "a DESC", "a Desc", "a desc asc", "a desc desc", "a.", ".a", "a..b", "a .b"),
    *("a/b", "/a", "a-b", "*", "a.*", "`a", "``", "`a`b", "a`b`", "a desc;b", "é", "a\x00", "-a", "a:desc"),
]


@pytest.mark.parametrize("text", NO_TERMS, ids=repr)
def test_a_malformed_order_is_refused(text: str) -> None:
    """The error has an example of an order."""
    with pytest.raises(ValueError, match="create_time desc"):
        parse_order(text)


REFUSED = [
    ("created", r"no field created; did you mean .*create_time"),
    ("status.cod", r"no field status\.cod; did you mean status\.code\?"),
    ("deprecation_date.week", r"no field deprecation_date\.week"),
    ("status", r"status has no order"),
    ("number_map", r"number_map has no order"),
    ("child_list.name", r"child_list is a list"),
    ("name.length", r"name is a string and has no fields"),
    ("create_time,createTime desc", r"got create_time twice"),
    ("`name`,name", r"each field once, got name twice"),
]


@pytest.mark.parametrize(("text", "words"), REFUSED, ids=[text for text, _ in REFUSED])
def test_an_order_by_an_unsuitable_field_is_refused(text: str, words: str) -> None:
    """The error has the reason, and near names if there are any."""
    with pytest.raises(ValueError, match=words):
        order_keys(text, Sample)


@given(text=st.text() | st.lists(st.sampled_from([*"., `", "name", " desc", "status", "code"])).map("".join))
def test_any_text_is_an_order_or_refused(text: str) -> None:
    """There is no other outcome."""
    try:
        assert sort_payloads([model_payload(), model_payload(name="x")], text, Model)
    except ValueError as error:
        assert str(error).startswith("order_by")


def test_an_order_by_a_key_of_a_map() -> None:
    """The values of the key are compared; models without it come first."""
    given: list[dict[str, object]] = [{"top k": 2, "x": 1}, {}, {"top k": -0.5}, {"top k": 10}, {"top k": "junk"}]
    models = [sample_payload(name=f"m{number}", numberMap=map_) for number, map_ in enumerate(given)]
    listed = sort_payloads(models, "number_map.`top k`", Sample)
    assert [model["name"] for model in listed] == ["m1", "m4", "m2", "m0", "m3"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["a1", "b2", "c1", "d0"]),
        ("context_length desc", ["b2", "a1", "c1", "d0"]),
        ("context_length,name desc", ["d0", "c1", "a1", "b2"]),
        ("context_length desc,name desc", ["b2", "c1", "a1", "d0"]),
        ("supports_serverless,contextLength desc", ["a1", "d0", "b2", "c1"]),
    ],
)
def test_the_first_term_decides_first(text: str, expected: list[str]) -> None:
    """The next decides between equal models, which otherwise stay in place; the given list stays unchanged."""
    models = [
        model_payload(name=name, contextLength=int(name[1]), supportsServerless=serverless)
        for name, serverless in (("a1", False), ("b2", True), ("c1", True), ("d0", False))
    ]
    given = list(models)
    assert [model["name"] for model in sort_payloads(models, text, Model)] == expected
    assert models == given


def test_enums_are_in_the_order_of_the_specification() -> None:
    """Unset and malformed ones come first, and unknown ones last, in order of their text."""
    first, second, third = list(ENUM_TEXTS[ModelKind])[:3]
    kinds = ["NOVEL", third, None, second, first, "LATEST"]
    models = [model_payload(name=str(number), kind=kind) for number, kind in enumerate(kinds)]
    came = [model["kind"] for model in sort_payloads(models, "kind", Model)]
    assert came == [None, first, second, third, "LATEST", "NOVEL"]
    assert [model["kind"] for model in sort_payloads(models, "kind desc", Model)] == came[::-1]
    assert sort_payloads([{"kind": "HF_BASE_MODEL"}, {"kind": 5.5}], "kind", Model) == [
        {"kind": 5.5},
        {"kind": "HF_BASE_MODEL"},
    ]


def test_an_order_by_a_part_of_an_absent_message() -> None:
    """The part counts as unset, and so does one that cannot be read."""
    sent: list[Any] = [{"message": "b"}, None, {"message": "a"}, "broken"]
    models = [model_payload(name=str(number), status=status) for number, status in enumerate(sent)]
    assert [model["name"] for model in sort_payloads(models, "status.message", Model)] == ["1", "3", "2", "0"]
