"""Values that leave the package: they pickle, copy and become JSON."""

import copy
import json
import pickle
from functools import reduce
from operator import and_
from typing import Any

import pytest

from fireworks_gateway import filters
from fireworks_gateway.filters import Filter
from tests.shared.sample_message import Sample

SAMPLE = Sample({"name": "n", "numberMap": {"top_p": 0.5}, "novel": {"deep": [1]}})
MAPS: list[Any] = [SAMPLE.payload, SAMPLE.unknown_fields, SAMPLE.number_map]


@pytest.mark.parametrize("value", MAPS)
def test_maps_leave_as_dictionaries(value: Any) -> None:
    """They are read-only, and pickle, copy and become JSON as they are."""
    assert json.loads(json.dumps(value)) == value
    for again in (pickle.loads(pickle.dumps(value)), copy.copy(value), copy.deepcopy(value)):
        assert again == value
        assert type(again) is type(value)


FIELDS: list[Any] = [
    Sample.name,
    Sample.flag,
    Sample.number_map["top p"],
    Sample.deprecation_date.year,
    Sample.base_model_details,
    Sample.base_model_details.moe,
    Sample.part.labels,
]


@pytest.mark.parametrize("field", FIELDS, ids=str)
def test_fields_pickle_and_copy(field: Any) -> None:
    """A field reads back as the field of its class."""
    for again in (pickle.loads(pickle.dumps(field)), copy.copy(field), copy.deepcopy(field)):
        assert (type(again), str(again), again.__doc__) == (type(field), str(field), field.__doc__)
    one: Any = pickle.loads(pickle.dumps(Sample.base_model_details))
    assert str(one.moe & (Sample.second_length > 1)) == "base_model_details.moe = true AND second_length > 1"


def test_a_boolean_field_is_a_filter() -> None:
    """A list of filters may contain one, and the nodes take it as the condition that it is true."""
    conditions: list[Filter] = [Sample.flag, Sample.second_length > 3]
    text = "flag = true AND second_length > 3"
    assert [str(reduce(and_, conditions)), str(filters.And(tuple(conditions)))] == [text, text]
    assert str(filters.Not(Sample.flag)) == "NOT flag = true"
    assert [Sample.flag.matches(each) for each in ({"flag": True}, Sample({"flag": False}))] == [True, False]
    assert (Sample.part.size == 5).matches(Sample({"part": {"size": 5}}))
    assert Sample.flag.predicate()({"flag": True})
    assert Sample.flag.map_leaves(lambda leaf: ~leaf) == ~Sample.flag
