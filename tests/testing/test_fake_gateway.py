"""Tests of List Models in the fake gateway."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import httpx
import pytest

from fireworks_gateway import ConfigurationError, InvalidArgumentError, Model, ModelKind, ServingStatus
from fireworks_gateway.specification import BaseModelDetails
from fireworks_gateway.testing import FakeGateway, model_payload
from fireworks_gateway.testing._payloads import message_payload, sample_models
from tests.shared.sample_message import sample_payload

KEY = {"Authorization": "Bearer fake-key"}
MODELS = "/v1/accounts/fireworks/models"


def send_request(path: str = MODELS, gateway: FakeGateway | None = None, **request: Any) -> httpx.Response:
    """Send a request to a gateway in process."""
    with httpx.Client(transport=(gateway or FakeGateway(3)).transport(), base_url="https://gateway.invalid") as http:
        options: dict[str, Any] = {"method": "GET", "url": path, "headers": KEY, **request}
        return http.request(**options)


def test_requests_are_checked_in_order() -> None:
    """The order is address, key, query, account, and the rest."""
    wrong: dict[str, Any] = {"url": "/v1/other", "headers": {}, "params": {"pageSize": "x"}}
    assert send_request(**wrong).status_code == 404
    wrong["url"] = "/v1/accounts/other/models"
    assert send_request(**wrong).status_code == 401
    wrong["headers"] = KEY
    assert send_request(**wrong).status_code == 400
    wrong["params"] = {"pageSize": -1}
    assert send_request(**wrong).status_code == 403


FILTERS: list[tuple[str, Callable[[Model], object]]] = [
    ("", lambda model: True),
    ('kind != "HF_BASE_MODEL" context_length > 0', lambda m: m.kind != "HF_BASE_MODEL" and (m.context_length or 0) > 0),
    ('display_name = "Llama*"', lambda model: (model.display_name or "").startswith("Llama")),
    ('name = "accounts/fireworks/models/absent"', lambda model: False),
]


@pytest.mark.parametrize(("text", "condition"), FILTERS, ids=[text for text, _ in FILTERS])
def test_a_filter_lists_matching_models(text: str, condition: Callable[[Model], object]) -> None:
    """The pages have the models that the condition in Python selects; the total counts the matches."""
    models = FakeGateway().client().models
    expected = [model for model in models.list() if condition(model)]
    pages = list(models.list(filter=text, page_size=7).pages())
    assert [model for page in pages for model in page.items] == expected
    assert {page.total_size for page in pages} == {len(expected)}
    assert expected or "absent" in text


@pytest.mark.parametrize("text", ["contxt_length > 1", "kind =", 'display_name = "a:\\n" AND kind = FOO'])
def test_a_refused_filter_has_one_line(text: str) -> None:
    """A status has no drawing of the place, which would separate the client's advice from the message."""
    with pytest.raises(InvalidArgumentError, match=r", at character \d+\. Check filter") as caught:
        FakeGateway().client().models.list(filter=text).first()
    assert "\n" not in str(caught.value)


# An order, and its key in Python: unset values come first.
ORDERS: list[tuple[str, Callable[[Model], Any]]] = [
    ("context_length desc, name asc", lambda model: -(model.context_length or 0)),
    ("deprecation_date", lambda m: (m.deprecation_date is not None, m.deprecation_date)),
    ("   ", lambda model: 0),
]


@pytest.mark.parametrize(("text", "key"), ORDERS, ids=[text for text, _ in ORDERS])
def test_an_order_is_kept_over_every_page(text: str, key: Callable[[Model], Any]) -> None:
    """The order is that of Python: equal models stay in order of name, and unset values come first."""
    models = FakeGateway().client().models
    expected = sorted(models.list(), key=key)
    assert models.list(order_by=text, page_size=50).to_list() == expected


def test_a_colon_on_a_text_is_refused_with_advice() -> None:
    """AIP-160 leaves it open; a fake that matches nothing would hide the mistake. The client sends it."""
    gateway = FakeGateway(3)
    with gateway.client() as client, pytest.raises(InvalidArgumentError, match=r'display_name = "\*text\*"'):
        client.models.list(filter='display_name:"Llama"').first()
    assert [dict(request.query)["filter"] for request in gateway.requests] == ['display_name:"Llama"']


def test_gateways_share_no_state() -> None:
    """They do not share models with the caller either."""
    mine = model_payload(name="accounts/fireworks/models/mine")
    one, two = FakeGateway([mine]), FakeGateway(5)
    assert len(one.client().models.list().to_list()) == 1
    assert two.requests == []
    mine["name"] = "changed"
    assert one.client().models.get("accounts/fireworks/models/mine").name == "accounts/fireworks/models/mine"


def test_the_sample_is_plausible() -> None:
    """It has the kinds of the real catalogue, add-ons with their base models, dates, and deprecations."""
    models = FakeGateway().client().models.list().to_list()
    names = [model.name for model in models]
    assert 290 <= len(models) == len(set(names)) <= 310
    assert sorted(names, key=str) == names
    assert {model.kind for model in models} >= {
        *(ModelKind.HF_BASE_MODEL, ModelKind.HF_PEFT_ADDON, ModelKind.FLUMINA_BASE_MODEL, ModelKind.EMBEDDING_MODEL)
    }
    bases = [model.payload["peftDetails"] for model in models if model.payload.get("peftDetails")]
    assert {base.get("baseModel", names[0]) for base in bases} <= {*names, ""}
    assert sum(bool(model.supports_serverless) for model in models) == 20
    assert any(model.deprecation_date for model in models)
    assert all(model.create_time and model.update_time and model.create_time <= model.update_time for model in models)


@pytest.mark.parametrize("account_id", ['a"b', r"a\b", "a\u2028b", "é"])
def test_the_account_of_the_sample_may_be_any_text(account_id: str) -> None:
    """It is the same in the names of the models and of their copies."""
    names = [model["name"] for model in sample_models(80, account_id=account_id)]
    assert all(name.startswith(f"accounts/{account_id}/models/") for name in names)


def test_a_sample_may_have_any_size() -> None:
    """Every size gives that many models, and always the same."""
    for size in (0, 1, 62, 70):
        payloads = [model.to_dict() for model in FakeGateway(size).client().models.list()]
        assert len({payload["name"] for payload in payloads}) == size
        assert payloads == [model.to_dict() for model in FakeGateway(size).client().models.list()]


@pytest.mark.parametrize("today", [date.min, date.max])
def test_today_must_leave_room_for_the_dates(today: date) -> None:
    """The sample has dates before and after it."""
    with pytest.raises(ConfigurationError, match="today must be"):
        FakeGateway(today=today)


@pytest.mark.parametrize("today", ["2026-11-21", "2027-01-01", "2028-02-29", "2028-12-31"])
def test_the_dates_of_the_sample_are_relative_to_today(today: str) -> None:
    """Every day has models that have ended, models that end later, and times in the past only."""
    day = date.fromisoformat(today)
    models = FakeGateway(62, today=day).client().models.list().to_list()
    states = {model.serving_status(on=day).state for model in models}
    assert states == set(ServingStatus.State) - {ServingStatus.State.UNKNOWN}
    assert {len(str(model.deprecation_date)) for model in models if model.deprecation_date} == {4, 7, 10}
    assert all(model.update_time and model.update_time.date() < day for model in models)


def test_unset_fields_are_printed_as_the_service_prints_them() -> None:
    """Messages and times are null, other fields have their defaults, int64 are strings, and messages are complete."""
    payload = model_payload(name="x", baseModelDetails={"moe": True}, deprecationDate={"year": 2027})
    assert payload["baseModelDetails"] == message_payload(BaseModelDetails, {"moe": True})
    assert payload["deprecationDate"] == {"year": 2027, "month": 0, "day": 0}
    assert (payload["status"], payload["createTime"], int(payload["contextLength"])) == (None, None, 0)
    assert payload["state"] == "STATE_UNSPECIFIED"
    part = sample_payload(part={"size": 1})
    assert part["part"] == {"size": 1, "ownerName": "", "labels": []}
    assert (part["flag"], part["numberMap"], part["nothing"], part["bigNumber"]) == (False, {}, None, "0")
    assert Model(payload).to_dict() == json.loads(json.dumps(payload))


def test_any_mapping_is_a_model() -> None:
    """Objects without a name and views are models, in any iterable."""
    models: list[Any] = [{"kind": "X"}, {"name": None}, Model({"name": "accounts/fireworks/models/m"})]
    gateway = FakeGateway(iter(models))
    assert len(gateway.client().models.list().to_list()) == 3
    assert gateway.client().models.get("accounts/fireworks/models/m").model_id == "m"


def test_a_misspelled_property_is_refused() -> None:
    """A misspelling in a test is a mistake in the test."""
    with pytest.raises(TypeError, match="Model has no property context_length; did you mean contextLength"):
        model_payload(context_length=5)
    with pytest.raises(TypeError, match="BaseModelDetails has no property mo; did you mean moe"):
        model_payload(baseModelDetails={"mo": True})


ADDITIONAL = FakeGateway(
    [
        model_payload(name="accounts/fireworks/models/a", newLimits={"inputTokens": 8, "other": 1}, isShiny=True),
        model_payload(name="accounts/fireworks/models/b", baseModelDetails={"newRank": "high"}),
    ]
)


@pytest.mark.parametrize(
    ("filter", "names"),
    [
        ("new_limits.input_tokens >= 8", ["a"]),
        ("newLimits:inputTokens", ["a"]),
        ("is_shiny", ["a"]),
        ("NOT is_shiny = true AND context_length = 0", ["b"]),
        ('base_model_details.new_rank = "h*"', ["b"]),
    ],
)
def test_a_field_that_the_specification_lacks_can_be_filtered(filter: str, names: list[str]) -> None:
    """It can if a model has it, in either spelling; other names and wrong values of known fields are refused."""
    models = ADDITIONAL.client().models.list(filter=filter, read_mask="name")
    assert [model.model_id for model in models] == names
    for refused in ("new_limit = 8", 'context_length = "x"'):
        with pytest.raises(InvalidArgumentError):
            ADDITIONAL.client().models.list(filter=refused).first()


def test_a_field_that_the_specification_lacks_can_be_masked() -> None:
    """A mask may name a part of it too; without its name it is dropped."""
    client = ADDITIONAL.client()

    def sent(mask: str) -> dict[str, Any]:
        model = client.models.list(read_mask=mask).first()
        return {} if model is None else {key: model.payload.get(key) for key in ("newLimits", "isShiny")}

    assert sent("name") == {"newLimits": None, "isShiny": None}
    assert sent("name,new_limits.inputTokens") == {"newLimits": {"inputTokens": 8}, "isShiny": None}
    assert sent("isShiny,newLimits") == {"newLimits": {"inputTokens": 8, "other": 1}, "isShiny": True}
    with pytest.raises(InvalidArgumentError, match="is_new"):
        sent("is_new")


def test_one_model_is_served() -> None:
    """It may have a read mask; an absent one is not found, and the key and the account are checked before."""
    gateway = FakeGateway(2)
    name = gateway.client().models.list().to_list()[1].name
    lower = {"Authorization": "bearer fake-key"}  # The scheme in any case (RFC 9110, section 11.1).
    found = send_request(f"/v1/{name}", gateway, params={"readMask": "name,createTime"}, headers=lower).json()
    assert (found["name"], found["kind"]) == (name, "KIND_UNSPECIFIED")
    assert send_request(f"/v1/{name}", gateway, headers={}).status_code == 401
    assert send_request(f"/v1/{name}", gateway, params={"readMask": "x"}).status_code == 400
    assert send_request("/v1/accounts/other/models/x", gateway).status_code == 403
    absent = send_request(f"{MODELS}/absent", gateway)
    assert (absent.status_code, absent.json()["code"], "absent" in absent.text) == (404, 5, True)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/inference/v1/chat/completions", 404),
        ("GET", "/v1/accounts/fireworks/deployments", 404),
        ("GET", "/v1/accounts", 404),
        ("POST", "/v1/accounts/fireworks/models", 501),
    ],
)
def test_other_paths_are_refused_with_those_served(method: str, path: str, status: int) -> None:
    """The fake gateway is no whole Fireworks."""
    response = send_request(path, method=method)
    assert response.status_code == status
    assert response.json()["message"].endswith(
        "the fake gateway serves GET /v1/accounts/ACCOUNT/models and GET /v1/accounts/ACCOUNT/models/MODEL, "
        f"got {method} {path!r}"
    )
