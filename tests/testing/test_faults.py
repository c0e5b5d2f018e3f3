"""Tests of the faults of a fake gateway, in process and served, as a client sees them."""

import asyncio
import json
from collections.abc import Callable, Iterable
from contextlib import ExitStack, suppress
from functools import partial
from itertools import repeat
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fireworks_gateway import Code, GatewayClient, Model, ModelKind, ModelState, Unrecognized, errors
from fireworks_gateway._openapi import ENUM_TEXTS
from fireworks_gateway.testing import FakeGateway, FaultServer, JsonStyle, Request, faults, model_payload
from fireworks_gateway.testing._payloads import UNKNOWN_FIELD, print_model
from fireworks_gateway.testing.faults import Fault
from tests.shared import wire
from tests.shared.sample_message import Sample, sample_payload

NAMES = [f"accounts/fireworks/models/m-{number:03}" for number in range(120)]
LISTING = Request("GET", "/v1/accounts/fireworks/models", (), {"authorization": "Bearer fake-key"})
MODELS = [model_payload(name=name, createTime="2026-02-03T04:05:06.789012Z", status={}) for name in NAMES]


def walked(script: Iterable[Fault | None], *, page_size: int | None = 50, retries: int = 0) -> list[Model]:
    """Return the models of a whole walk with a script of faults."""
    with FakeGateway(MODELS, faults=script).client(max_retries=retries) as client:
        return client.models.list(page_size=page_size).to_list()


def names_of(models: Iterable[Model]) -> list[str | None]:
    """Return the names of models."""
    return [model.name for model in models]


# Every model arrives once, whatever script is made of these.
HARMLESS: list[Callable[[], Fault]] = [
    faults.empty_page,
    lambda: faults.short_page(7),
    faults.unknown_fields,
    faults.unknown_enum_names,
    lambda: faults.delay(0.5),
    lambda: faults.change_page(lambda page: page.update(extra=[1], totalSize="many")),
    lambda: faults.change_models(lambda model: model.pop("kind", None)),
    lambda: faults.with_fields(kind=7, contextLength="long"),
    lambda: faults.call_before(lambda: None),
]
# Retried, with success.
PASSING: list[Callable[[], Fault]] = [
    faults.busy,
    lambda: faults.busy(2),
    lambda: faults.refuse("UNAVAILABLE", retry_after=0.5),
    lambda: faults.respond(502, b"<html>"),
    lambda: faults.html(504),
    lambda: faults.refuse("DEADLINE_EXCEEDED"),
    lambda: faults.delay(0.1) & faults.busy(),
]
# The end of a walk: the error and a part of its message.
ENDING: list[tuple[Callable[[], Fault], type[errors.GatewayError], str]] = [
    (lambda: faults.refuse(Code.UNAUTHENTICATED), errors.UnauthenticatedError, "401"),
    (lambda: faults.refuse("PERMISSION_DENIED", "not yours"), errors.PermissionDeniedError, "not yours"),
    (lambda: faults.refuse("not found"), errors.NotFoundError, "404"),
    (lambda: faults.refuse("INTERNAL"), errors.StatusError, "500"),
    (lambda: faults.respond(500, b"Error listing models"), errors.StatusError, "Error listing models"),
    (lambda: faults.html(200, "Sign in"), errors.DecodeError, "Sign in"),
    (lambda: faults.redirect("https://elsewhere.example"), errors.StatusError, "302"),
    (faults.bad_gzip, errors.DecodeError, "broken compression"),
    (faults.truncated_json, errors.DecodeError, "JSON"),
    (lambda: faults.delay(31), errors.RequestTimeoutError, "30"),
    (lambda: faults.earlier_token(50), errors.PageTokenError, "must name a new page"),
    (faults.expired_token, errors.InvalidArgumentError, "expired"),
]


@given(st.lists(st.none() | st.sampled_from([*HARMLESS, *PASSING]).map(lambda make: make()), max_size=30))
def test_a_walk_survives_harmless_and_passing_faults(script: list[Fault | None]) -> None:
    """Every model arrives once and in order, in any mixture of empty, short, late and busy responses."""
    assert names_of(walked(script, retries=30)) == NAMES


@given(st.lists(st.sampled_from(HARMLESS).map(lambda make: make()), min_size=2, max_size=5))
def test_faults_of_one_response_are_joined(joined: list[Fault]) -> None:
    """All of them apply to it, and the walk is whole."""
    fault = joined[0]
    for other in joined[1:]:
        fault = fault & other
    assert fault.name == " & ".join(each.name for each in joined)
    assert names_of(walked([None, fault])) == NAMES


@pytest.mark.parametrize("spoiling", [faults.truncated_json, lambda: faults.html(200), lambda: wire.GZIPPED])
def test_a_fault_that_changes_a_page_needs_one(spoiling: Callable[[], Fault]) -> None:
    """It is to the right of a fault that spoils the page, and the error of the other order says so."""
    with pytest.raises(AssertionError, match=r"empty_page\(\) requires a JSON page\. .* to its left"):
        walked([faults.empty_page() & spoiling()])
    with suppress(errors.DecodeError):
        walked([spoiling() & faults.empty_page()])


def test_an_empty_page_may_lack_its_list() -> None:
    """A style without unset fields prints no list, and there are no models to change."""
    gateway = FakeGateway(0, json_style=JsonStyle(unset=False), faults=repeat(faults.unknown_fields()))
    assert gateway.client().models.list().to_list() == []


ALONE: Any = faults.busy()
NO_FAULTS: list[list[Any]] = [[faults.busy], ["busy()"], [{}]]
MISTAKES: list[tuple[Callable[[], object], type[Exception], str]] = [
    *(
        (partial(walked, script), AssertionError, r"faults must be made by calls such as busy\(\), or None, got")
        for script in NO_FAULTS
    ),
    (lambda: FakeGateway(faults=ALONE), TypeError, r"faults must be a list: \[busy\(None\)\]"),
    (lambda: FaultServer(FakeGateway(1).reply, ALONE), TypeError, r"faults must be a list: \[busy\(None\)\]"),
    *((partial(faults.delay, late), ValueError, "seconds must be 0 or more") for late in (-1, float("nan"))),
    (lambda: faults.refuse("OK"), ValueError, "got OK"),
    *(
        (partial(faults.busy, wait), ValueError, "retry_after must be a number of seconds")
        for wait in (-1, float("nan"), float("inf"))
    ),
    (lambda: FakeGateway(-1), ValueError, "models must be 0 or more, got -1"),
    (lambda: faults.short_page(0), ValueError, "empty_page"),
    (lambda: faults.stall() & faults.garbage(), ValueError, r"at most one fault on the wire, got stall\(\) and garb"),
    (
        lambda: walked([faults.reset_before()]),
        AssertionError,
        r"reset_before\(\) happens on the wire.*FakeGateway\.serve",
    ),
]


@pytest.mark.parametrize(("make", "error", "message"), MISTAKES)
def test_a_mistake_in_a_script_is_refused(make: Callable[[], object], error: type[Exception], message: str) -> None:
    """A script is a list of faults, with valid arguments, and faults of the wire need a socket."""
    with pytest.raises(error, match=message):
        make()


@pytest.mark.parametrize(("make", "error", "message"), ENDING)
@pytest.mark.parametrize("served", [False, True], ids=["in process", "served"])
def test_an_error_ends_a_walk(
    make: Callable[[], Fault], error: type[errors.GatewayError], message: str, served: bool
) -> None:
    """The first page was returned, and the bookmark of the error resumes at the second, in process and served."""
    fault = make()
    gateway = FakeGateway(MODELS, faults=[None, *[fault] * 2])
    with ExitStack() as stack:
        client = gateway.client(max_retries=0)
        if served and not fault.seconds:  # It would have to be waited for.
            url = stack.enter_context(gateway.serve())
            client = GatewayClient(account_id="fireworks", api_key="fake-key", base_url=url, max_retries=0)
        pager = stack.enter_context(client).models.list(page_size=50)
        got: list[Model] = []
        with pytest.raises(error, match=message) as raised:
            for page in pager.pages():
                got += page.items
        # The page with the wrong token is itself whole.
        assert names_of(got) == NAMES[: 100 if error is errors.PageTokenError else 50]
        again = pager.resume(raised.value.bookmark)  # type: ignore[arg-type]
        with pytest.raises(error):
            again.first()
        assert names_of([*got, *again]) == NAMES


@pytest.mark.parametrize(("wait", "sent"), [(0, "0"), (0.5, "0.5"), (120, "120"), (1_234_567, "1234567")])
def test_retry_after_is_written_in_decimal(wait: float, sent: str) -> None:
    """A long time has no exponent."""
    assert FakeGateway(faults=[faults.busy(wait)]).reply(LISTING).headers["retry-after"] == sent


def test_models_change_between_pages() -> None:
    """A page begins at a number of models, as in the real gateway, so a removed model shifts the rest."""
    last = "accounts/fireworks/models/z"
    script = [
        None,
        faults.call_before(lambda: gateway.remove(NAMES[0])),
        faults.call_before(lambda: gateway.put(model_payload(name=last))),
    ]
    gateway: FakeGateway = FakeGateway(MODELS, faults=script)
    pages = list(gateway.client().models.list(page_size=50).pages())
    assert names_of(model for page in pages for model in page.items) == [*NAMES[:50], *NAMES[51:], last]
    assert [page.total_size for page in pages] == [120, 119, 120]


def test_unknown_enum_names_are_in_every_enum_field() -> None:
    """The client shows them as they were sent."""
    model = walked([faults.unknown_enum_names()])[0]
    assert model.status is not None
    values = [model.kind, model.state, model.status.code]
    assert values == [Unrecognized("NEWER_THAN_THE_SPECIFICATION")] * 3
    assert {type(value) for value in values} == {Unrecognized}


@pytest.mark.parametrize(("digits", "sent"), [(0, "06Z"), (3, "06.789Z"), (6, "06.789012Z"), (9, "06.789012123Z")])
def test_timestamps_have_as_many_digits_as_requested(digits: int, sent: str) -> None:
    """The client reads the first six."""
    model = Model(listed(JsonStyle(fraction_digits=digits), MODELS[0])["models"][0])
    assert model.payload["createTime"] == f"2026-02-03T04:05:{sent}"
    assert model.create_time is not None
    assert model.create_time.microsecond == {0: 0, 3: 789000}.get(digits, 789012)


def listed(json_style: JsonStyle, payload: dict[str, Any]) -> dict[str, Any]:
    """Return the page of a gateway with one model."""
    page: dict[str, Any] = json.loads(FakeGateway([payload], json_style=json_style).reply(LISTING).body)
    return page


FULL = sample_payload(
    name="accounts/fireworks/models/full",
    kind="HF_PEFT_ADDON",
    createTime="2026-02-03T04:05:06.789012Z",
    deprecationDate={"year": 2026, "month": 3},
    part={},
    childList=[{"name": "a", "state": "READY", "main": False}],
    numberMap={"top_k": 0},
)


def test_unset_fields_can_be_left_out() -> None:
    """Fields that read as unset are left out, in messages and on the page too; empty messages stay."""
    set_ = ("name", "kind", "createTime", "numberMap")
    assert print_model(FULL, JsonStyle(unset=False), Sample) == {
        **{key: FULL[key] for key in set_},
        "deprecationDate": {"year": 2026, "month": 3},
        "part": {},
        "childList": [{"name": "a", "state": "READY"}],
    }
    assert listed(JsonStyle(unset=False), model_payload(name="a")) == {"models": [{"name": "a"}], "totalSize": 1}


def test_enums_can_be_numbers() -> None:
    """A number is the position of the value, in messages in lists too."""
    model = print_model(FULL, JsonStyle(enum_numbers=True), Sample)
    assert list(ENUM_TEXTS[ModelKind])[model["kind"]] == "HF_PEFT_ADDON"
    assert list(ENUM_TEXTS[ModelState])[model["childList"][0]["state"]] == "READY"


def test_messages_have_unknown_fields() -> None:
    """Each message has one."""
    model = walked([faults.unknown_fields()])[0]
    assert model.status is not None
    assert model.unknown_fields == model.status.unknown_fields == {UNKNOWN_FIELD: "new"}


def test_a_served_gateway_fails_on_the_wire_too() -> None:
    """One script has faults of both kinds; the gateway records every request."""
    script = [faults.reset_before(), faults.busy(0), faults.truncated_body() & faults.empty_page()]
    gateway = FakeGateway(MODELS, faults=script)
    with (
        gateway.serve() as url,
        GatewayClient(account_id="fireworks", api_key="fake-key", base_url=url, max_retries=5) as client,
    ):
        assert names_of(client.models.list(page_size=100).to_list()) == NAMES
    assert len(gateway.requests) == 5


def test_a_fault_of_a_page_keeps_a_refusal() -> None:
    """A refusal has no page to change."""
    client = FakeGateway(1, faults=[faults.empty_page()]).client(api_key="other")
    with pytest.raises(errors.UnauthenticatedError):
        client.models.list().first()


def test_tasks_wait_at_the_same_time() -> None:
    """Forty walks that each wait five seconds take five, not two hundred."""
    gateway = FakeGateway(3, faults=[faults.busy(retry_after=5)] * 40)

    async def walk_all() -> list[list[Model]]:
        async with gateway.async_client() as client:
            return await asyncio.gather(*(client.models.list().to_list() for _ in range(40)))

    assert [len(models) for models in asyncio.run(walk_all())] == [3] * 40
    assert gateway.time.waits == [5.0] * 40
    assert gateway.time.seconds <= 10
