"""The fake gateway answers as the real one is known to."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any, cast

import httpx
import pytest

from fireworks_gateway import InvalidArgumentError, Model, ModelKind, ServingStatus
from fireworks_gateway.testing import FakeGateway, model_payload

KEY = {"Authorization": "Bearer fake-key"}
MODELS = "/v1/accounts/fireworks/models"


def ask(path: str = MODELS, gateway: FakeGateway | None = None, **request: Any) -> httpx.Response:
    """Ask a gateway in process."""
    asked: dict[str, Any] = {"method": "GET", "url": path, "headers": KEY, **request}
    with httpx.Client(transport=(gateway or FakeGateway(120)).transport(), base_url="https://gateway.invalid") as http:
        return http.request(**asked)


def test_both_spellings_of_a_parameter_are_taken() -> None:
    """As grpc-gateway does; what it does not know, it ignores."""
    assert len(ask(params={"page_size": 3, "pretty": "x"}).json()["models"]) == 3
    token = ask(params={"page_size": 3}).json()["nextPageToken"]
    assert (
        ask(params={"page_size": 3, "page_token": token}).json()
        == ask(params={"pageToken": token, "pageSize": 3}).json()
    )


REFUSED: list[tuple[dict[str, Any], int, int]] = [
    ({"headers": {}}, 401, 16),
    ({"headers": {"Authorization": "Bearer wrong"}}, 401, 16),
    ({"headers": {"Authorization": "fake-key"}}, 401, 16),
    ({"url": "/v1/accounts/other/models"}, 403, 7),
    ({"url": "/v1/accounts/fireworks/model"}, 404, 5),
    ({"url": "/v1/accounts//models"}, 404, 5),
    ({"method": "POST"}, 501, 12),
    ({"params": {"pageSize": "x"}}, 400, 3),
    ({"params": {"filter": "state = REDY"}}, 400, 3),
    ({"params": {"filter": "stat = READY"}}, 400, 3),
    ({"params": {"filter": "state ="}}, 400, 3),
    ({"params": {"filter": "context_length = many"}}, 400, 3),
    ({"params": {"filter": 'create_time > timestamp("soon")'}}, 400, 3),
    ({"params": {"orderBy": "created desc"}}, 400, 3),
    ({"params": {"readMask": "nam"}}, 400, 3),
]


@pytest.mark.parametrize(("request_", "status", "code"), REFUSED, ids=str)
def test_what_is_wrong_is_refused_with_a_reason(request_: dict[str, Any], status: int, code: int) -> None:
    """In the service's own form: the google.rpc code, a message, and details."""
    response = ask(**request_)
    assert response.status_code == status
    assert response.json() == {"code": code, "message": response.json()["message"], "details": []}
    assert response.json()["message"]
    assert ("www-authenticate" in response.headers) == (status == 401)


def test_what_is_wrong_is_looked_for_in_order() -> None:
    """The address before the key, the key before the query, the query before the account, that before the rest."""
    wrong: dict[str, Any] = {"url": "/v1/other", "headers": {}, "params": {"pageSize": "x"}}
    assert ask(**wrong).status_code == 404
    wrong["url"] = "/v1/accounts/other/models"
    assert ask(**wrong).status_code == 401
    wrong["headers"] = KEY
    assert ask(**wrong).status_code == 400
    wrong["params"] = {"pageSize": -1}
    assert ask(**wrong).status_code == 403


FILTERS: list[tuple[str, Callable[[Model], object]]] = [
    ("", lambda model: True),
    ("supports_serverless = true", lambda model: model.supports_serverless),
    ("supportsServerless = true AND supports_tools = true", lambda m: m.supports_serverless and m.supports_tools),
    ("kind = HF_BASE_MODEL", lambda model: model.kind == "HF_BASE_MODEL"),
    ('kind != "HF_BASE_MODEL" context_length > 0', lambda m: m.kind != "HF_BASE_MODEL" and (m.context_length or 0) > 0),
    ("state = UPLOADING OR kind = DRAFT_ADDON", lambda m: m.state == "UPLOADING" or m.kind == "DRAFT_ADDON"),
    ("NOT public = true", lambda model: not model.public),
    ('display_name = "Llama*"', lambda model: (model.display_name or "").startswith("Llama")),
    ("base_model_details.parameter_count >= 70000000000", lambda m: parameters_of(m) >= 70_000_000_000),
    ("deprecation_date.year = 2027", lambda m: m.deprecation_date is not None and m.deprecation_date.year == 2027),
    (
        'create_time > timestamp("2025-01-01T00:00:00Z")',
        lambda m: m.create_time is not None and m.create_time.year >= 2025,
    ),
    ("peft_details.target_modules:q_proj", lambda m: bool(m.peft_details) and "q_proj" in targets_of(m)),
    ('name = "accounts/fireworks/models/absent"', lambda model: False),
]


def parameters_of(model: Model) -> int:
    """Return how many parameters a model has; 0 where that is not known."""
    return (model.base_model_details.parameter_count or 0) if model.base_model_details is not None else 0


def targets_of(model: Model) -> tuple[str, ...]:
    """Return the modules that an addon is for."""
    return (model.peft_details.target_modules or ()) if model.peft_details is not None else ()


@pytest.mark.parametrize(("text", "condition"), FILTERS, ids=[text for text, _ in FILTERS])
def test_a_filter_lists_what_it_says(text: str, condition: Callable[[Model], object]) -> None:
    """As the same condition in Python does, over every page; the total counts what matches."""
    models = FakeGateway().client().models
    expected = [model for model in models.list() if condition(model)]
    pages = list(models.list(filter=text, page_size=7).pages())
    assert [model for page in pages for model in page.items] == expected
    assert {page.total_size for page in pages} == {len(expected)}
    assert expected or "absent" in text


@pytest.mark.parametrize("text", ["contxt_length > 1", "kind =", 'display_name = "a:\\n" AND kind = FOO'])
def test_what_is_wrong_with_a_filter_is_said_on_one_line(text: str) -> None:
    """A status has a sentence for it, and no drawing of the place, under which the advice would stand."""
    with pytest.raises(InvalidArgumentError, match=r", at character \d+\. Check filter") as caught:
        FakeGateway().client().models.list(filter=text).first()
    assert "\n" not in str(caught.value)


def first_of(value: Any) -> tuple[int, Any]:
    """Return what sorts None before everything."""
    return (0, 0) if value is None else (1, value)


ORDERS: list[tuple[str, Callable[[list[Model]], list[Model]]]] = [
    ("name desc", lambda models: models[::-1]),
    (" create_time  desc ", lambda models: sorted(models, key=lambda m: first_of(m.create_time), reverse=True)),
    ("createTime", lambda models: sorted(models, key=lambda m: first_of(m.create_time))),
    ("context_length desc, name asc", lambda models: sorted(models, key=lambda m: -(m.context_length or 0))),
    ("baseModelDetails.parameterCount", lambda models: sorted(models, key=lambda m: first_of(count_of(m)))),
    ("deprecation_date", lambda models: sorted(models, key=lambda m: first_of(m.deprecation_date))),
    ("deprecation_date.year desc", lambda models: sorted(models, key=lambda m: first_of(year_of(m)), reverse=True)),
    ("supports_tools desc", lambda models: sorted(models, key=lambda m: not m.supports_tools)),
    ("state", lambda models: sorted(models, key=lambda m: ["UPLOADING", "READY"].index(m.state or ""))),
    ("   ", lambda models: models),
]


def count_of(model: Model) -> int | None:
    """Return how many parameters a model has."""
    return model.base_model_details.parameter_count if model.base_model_details is not None else None


def year_of(model: Model) -> int | None:
    """Return the year of a model's deprecation."""
    return model.deprecation_date.year if model.deprecation_date is not None else None


@pytest.mark.parametrize(("text", "arranged"), ORDERS, ids=[text for text, _ in ORDERS])
def test_an_order_is_kept_over_every_page(text: str, arranged: Callable[[list[Model]], list[Model]]) -> None:
    """As the same order in Python; what is equal stays in order of name, and what is unset comes first."""
    models = FakeGateway().client().models
    assert models.list(order_by=text, page_size=50).to_list() == arranged(models.list().to_list())


def test_unknown_enum_values_and_what_cannot_be_read_have_a_place() -> None:
    """After the known ones, and with what is unset; nothing is lost to an order."""
    states = ["NOVEL", "READY", None, "UPLOADING", 5.5]
    models = [{"name": f"accounts/fireworks/models/m-{number}", "state": state} for number, state in enumerate(states)]
    names = [model.model_id for model in FakeGateway(models).client().models.list(order_by="state")]
    assert names == ["m-2", "m-4", "m-3", "m-1", "m-0"]


def test_a_colon_on_a_text_is_refused_with_advice() -> None:
    """AIP-160 leaves it open; a fake that matches nothing would hide the mistake. The client sends it."""
    gateway = FakeGateway(3)
    with gateway.client() as client, pytest.raises(InvalidArgumentError, match=r'display_name = "\*text\*"'):
        client.models.list(filter='display_name:"Llama"').first()
    assert [dict(request.query)["filter"] for request in gateway.requests] == ['display_name:"Llama"']


@pytest.mark.parametrize("text", ['name = "\\x41"', "name='A'", 'name = "A"', 'name="\\101" AND name = A'])
def test_a_name_is_found_however_it_is_written(text: str) -> None:
    """The way without a grammar is none of its own: an escape is the character, and no name is not a name."""
    gateway = FakeGateway([model_payload(name=name) for name in ("A", "\\x41", '"A"')] + [{}])
    assert [model.name for model in gateway.client().models.list(filter=text)] == ["A"]
    assert gateway.client().models.list(filter='name = "None"').to_list() == []


def test_what_is_asked_is_recorded() -> None:
    """In order, with the query decoded and the headers' names in lower case."""
    gateway = FakeGateway(3)
    ask(gateway=gateway, params={"filter": "a = b"})
    (request,) = gateway.requests
    assert (request.method, request.path, request.query) == ("GET", MODELS, (("filter", "a = b"),))
    assert request.headers["authorization"] == "Bearer fake-key"


def test_two_gateways_do_not_know_of_each_other() -> None:
    """Nor do they share models with whoever gave them."""
    mine = model_payload(name="accounts/fireworks/models/mine")
    one, two = FakeGateway([mine]), FakeGateway(5)
    assert len(one.client().models.list().to_list()) == 1
    assert two.requests == []
    mine["name"] = "changed"
    assert one.client().models.get("accounts/fireworks/models/mine").name == "accounts/fireworks/models/mine"


def test_the_sample_is_about_three_hundred_plausible_models() -> None:
    """Every kind that the real catalogue has, add-ons whose base model is there, dates, and deprecations."""
    models = FakeGateway().client().models.list().to_list()
    names = {model.name for model in models}
    assert 290 <= len(models) == len(names) <= 310
    assert sorted(names, key=str) == [model.name for model in models]
    kinds = {model.kind for model in models}
    assert kinds >= {
        ModelKind.HF_BASE_MODEL,
        ModelKind.HF_PEFT_ADDON,
        ModelKind.FLUMINA_BASE_MODEL,
        ModelKind.EMBEDDING_MODEL,
    }
    assert all(
        m.peft_details.base_model in names for m in models if m.kind is ModelKind.HF_PEFT_ADDON and m.peft_details
    )
    assert sum(bool(model.supports_serverless) for model in models) == 20
    assert any(model.deprecation_date for model in models)
    assert all(model.create_time and model.update_time and model.create_time <= model.update_time for model in models)


def test_a_sample_may_have_any_size() -> None:
    """Smaller and larger, and always the same."""
    for size in (0, 1, 62, 70):
        payloads = [model.to_dict() for model in FakeGateway(size).client().models.list()]
        assert len({payload["name"] for payload in payloads}) == size
        assert payloads == [model.to_dict() for model in FakeGateway(size).client().models.list()]


@pytest.mark.parametrize(
    "today", [date(2026, 11, 21), date(2027, 1, 1), date(2028, 2, 29), date(2028, 12, 31)], ids=str
)
def test_the_dates_of_the_sample_are_relative_to_today(today: date) -> None:
    """Every day has models that have ended, models that end later, and times in the past only."""
    models = FakeGateway(62, today=today).client().models.list().to_list()
    assert {model.serving_status(on=today).state for model in models} == set(ServingStatus.State) - {
        ServingStatus.State.UNKNOWN
    }
    assert {len(str(model.deprecation_date)) for model in models if model.deprecation_date} == {4, 7, 10}
    assert all(model.update_time and model.update_time.date() < today for model in models)


def test_unset_fields_are_printed_as_the_service_prints_them() -> None:
    """Nulls for messages and times, defaults for the rest, int64 as strings, parts of messages filled in."""
    payload = model_payload(name="x", baseModelDetails={"moe": True}, deprecationDate={"year": 2027})
    assert payload["baseModelDetails"]["parameterCount"] == "0"
    assert payload["baseModelDetails"]["huggingfaceFiles"] == []
    assert payload["baseModelDetails"]["defaultPrecision"] == "PRECISION_UNSPECIFIED"
    assert payload["deprecationDate"] == {"year": 2027, "month": 0, "day": 0}
    assert (payload["teftDetails"], payload["createTime"], payload["contextLength"]) == (None, None, 0)
    assert (payload["state"], payload["snapshotType"]) == ("STATE_UNSPECIFIED", "FULL_SNAPSHOT")
    assert Model(payload).to_dict() == json.loads(json.dumps(payload))


def test_models_of_any_kind_are_served() -> None:
    """Objects without a name, and views, in a list or any other iterable; what is neither says so."""
    models: list[Any] = [{"kind": "X"}, {"name": None}, Model({"name": "accounts/fireworks/models/m"})]
    gateway = FakeGateway(iter(models))
    assert len(gateway.client().models.list().to_list()) == 3
    assert gateway.client().models.get("accounts/fireworks/models/m").model_id == "m"
    with pytest.raises(TypeError, match="got 'name'"):
        FakeGateway(cast("Any", {"name": "x"}))


def test_a_property_that_the_specification_lacks_is_refused() -> None:
    """A misspelling in a test is a mistake in the test."""
    with pytest.raises(TypeError, match="context_length"):
        model_payload(context_length=5)
    with pytest.raises(TypeError, match="BaseModelDetails has no property mo"):
        model_payload(baseModelDetails={"mo": True})


def test_half_a_surrogate_pair_is_written_as_json_has_it() -> None:
    """As an escape, and the client reads it back."""
    gateway = FakeGateway([model_payload(name="accounts/fireworks/models/m", displayName="\ud800 and é")])
    model = gateway.client().models.list().first()
    assert model is not None
    assert model.display_name == "\ud800 and é"
