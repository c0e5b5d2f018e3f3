"""What the package says in Python's words is said in the command line's own."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fireworks_gateway import GatewayClient, GatewayError, Model, StatusError, errors
from fireworks_gateway.catalogue import Snapshot, diff
from fireworks_gateway.cli._exits import reworded, told
from fireworks_gateway.testing import FakeGateway, faults

ACCOUNT = "the account (--account-id, FIREWORKS_ACCOUNT_ID)"
CHECK = f"Check {ACCOUNT}, the name asked for, and the address (--base-url, FIREWORKS_BASE_URL)."

pythonic = re.compile(r"\b[a-z]+_[a-z_]+\b|\b[A-Z][a-z]+\.[a-z]|=True|\(\)").search


def client_at(base_url: str = "https://localhost", timeout: float = 1) -> GatewayClient:
    """Return a client, or fail to."""
    return GatewayClient(api_key="k", account_id="a", base_url=base_url, timeout=timeout)


def asked(code: str | None = None, resume: str | None = None) -> object:
    """Ask a gateway that may refuse with a code."""
    with FakeGateway(2, faults=[faults.refused(code, "no") if code else None]).client() as client:
        pager = client.models.list()
        return [*(pager if resume is None else pager.resume(resume))]


def snapshot_of(models: int, filter: str | None = None, previous: Snapshot | None = None) -> Snapshot:
    """Return a snapshot of some models."""
    with FakeGateway(models).client() as client:
        return Snapshot.take(client.models.list(filter=filter), previous=previous)


def loaded(text: str, folder: Path) -> Snapshot:
    """Return the snapshot that a file holds."""
    (folder / "monday.jsonl").write_text(text, encoding="utf-8")
    return Snapshot.load(folder / "monday.jsonl")


@pytest.mark.parametrize(
    ("failing", "said", "instead"),
    [
        (lambda _: client_at("ftp://x"), "base_url must", "--base-url (FIREWORKS_BASE_URL) must be a URL"),
        (lambda _: client_at("http://a.b"), " base_url must", "--base-url (FIREWORKS_BASE_URL) must be https"),
        (lambda _: client_at(timeout=0), " timeout must", "--timeout must be a positive number of seconds"),
        (lambda _: Model({}).to_row(["nme"]), "of Model: there", "there is no field nme; did you mean name?"),
        (lambda _: asked(resume="{"), "to_json", "--resume takes what an earlier run told of, whole; not '{'"),
        (lambda _: asked("NOT_FOUND"), "account_id", CHECK),
        (lambda _: asked("PERMISSION_DENIED"), "account_id", f"check {ACCOUNT}, or use another key."),
        (lambda _: asked("UNAUTHENTICATED"), "api_key", "Check the API key (FIREWORKS_API_KEY)."),
        (lambda _: asked("INVALID_ARGUMENT"), "order_by", "Check --filter, --order-by and --columns."),
        (
            lambda _: diff([], [], ignore=["nme"]),
            " ignore must",
            "--ignore must contain fields of the specification: there is no field nme",
        ),
        (
            lambda _: diff(snapshot_of(1), snapshot_of(1, "public")),
            "across must",
            "add --across to compare different listings",
        ),
        (lambda _: snapshot_of(0, previous=snapshot_of(1)), "allow_empty", "or add --allow-empty if all of them"),
        (
            lambda folder: loaded('{"format": "mine"}\n', folder),
            "Snapshot.save",
            "this is not a file that models snapshot wrote",
        ),
    ],
)
def test_an_error_names_what_can_be_typed(
    failing: Callable[[Path], object], said: str, instead: str, tmp_path: Path
) -> None:
    """The option or the environment variable, where the package names an argument or a method."""
    with pytest.raises(GatewayError) as raised:
        failing(tmp_path)
    assert said in f" {raised.value}"
    assert said not in f" {told(raised.value)}"
    assert instead in told(raised.value)


@pytest.mark.parametrize("name", errors.__all__)
def test_no_advice_is_in_the_words_of_python(name: str) -> None:
    """Whatever the service refuses with."""
    kind = getattr(errors, name)
    if issubclass(kind, StatusError):
        assert not pythonic(reworded(kind.advice))


@given(st.text(alphabet="abc_ .:;'()=", max_size=20))
def test_what_others_say_stays_as_it_was_said(text: str) -> None:
    """Names alone are nothing to reword: a service, or who typed the command, may use them too."""
    for name in ("account_id", "base_url", "api_key", "order_by", "allow_empty", "ignore"):
        answer = f"GET https://a.b/c was answered 400: {text}{name}{text}"
        assert reworded(answer) == answer
