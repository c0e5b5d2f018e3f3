"""Read the settings of a client from its arguments and the environment, validate them, and hide its key in texts."""

import os
import re
from collections.abc import Iterable, Mapping
from functools import partial
from ipaddress import ip_address
from math import inf
from platform import python_version
from typing import Any, NoReturn, Protocol, TypedDict
from urllib.parse import urlsplit

import httpx
from attrs import evolve, frozen

from .._names import AccountName
from .._openapi import DEFAULT_BASE_URL, SPEC_VERSION
from .._version import __version__
from ..errors import parameter_error, plain_number, quote_value
from .environment import Proxy, hide_password
from .retries import Clock, OnRetry

DEFAULT_TIMEOUT = 30.0
DEFAULT_DEADLINE = 120.0

_LONGEST_TIME = 366 * 24 * 3600.0

SHORTEST_SECRET = 16  # Shorter keys are kept, because they may be words or parts of words, such as "token".

# Percent-encoding (once or more), the escapes of JSON and of `repr` (once or more), and the NUL of UTF-16.
_ESCAPE = r"(?s)%(?:25)*([0-9a-fA-F]{2})|\\+(?:(?:u00|x)([0-9a-fA-F]{2})|([^\\]))?|\x00"


class Key:
    """An API key that only the Authorization header shows."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    @property
    def authorization(self) -> str:
        """The value of the Authorization header."""
        return f"Bearer {self._value}"

    def redact(self, text: str) -> str:
        """Return a text to display, with "<API key>" for each spelling of the key, which the service may repeat."""
        key = self._value
        if not SHORTEST_SECRET <= len(key) <= len(text):
            return text
        if key in text:
            text = re.sub(_key_pattern(key), "<API key>", text)
        decoded, plain = re.sub(_ESCAPE, _decode, text), re.sub(_ESCAPE, _decode, key)
        if len(decoded) == len(text) or not plain or plain not in decoded:
            return text
        spans, parts, position = _spans(text), [], 0
        for found in re.finditer(_key_pattern(plain), decoded):
            parts += [text[position : spans[found.start()][0]], "<API key>"]
            position = spans[found.end() - 1][1]
        return "".join(parts) + text[position:]

    def __repr__(self) -> str:
        return "<API key>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("an API key cannot be pickled; make a new client instead")


class HttpClient(Protocol):
    """A sync client of httpx or httpx2."""

    @property
    def is_closed(self) -> bool:
        """True once it is closed."""
        ...

    def send(self, request: Any, *, stream: bool = False) -> Any:
        """Send a request, and return the response."""

    def close(self) -> None:
        """Close the connections."""


class AsyncHttpClient(Protocol):
    """An async client of httpx or httpx2."""

    @property
    def is_closed(self) -> bool:
        """True once it is closed."""
        ...

    async def send(self, request: Any, *, stream: bool = False) -> Any:
        """Send a request, and return the response."""

    async def aclose(self) -> None:
        """Close the connections."""


class ClientOptions(TypedDict, total=False):
    """The arguments of a client, except `http_client`."""

    api_key: str | None
    account_id: str | None
    base_url: str | None
    timeout: float | httpx.Timeout
    deadline: float | None
    max_retries: int
    default_headers: Mapping[str, str] | None
    user_agent_suffix: str | None
    on_retry: OnRetry | None
    clock: Clock | None
    insecure_host: str | None


@frozen(eq=False, repr=False)
class Settings:
    """The validated settings of a client; `GatewayClient` describes them. No deadline is infinity."""

    key: Key
    account_id: str | None
    base_url: str
    timeout: httpx.Timeout
    deadline: float
    max_retries: int
    headers: Mapping[str, str]
    user_agent: str
    on_retry: OnRetry | None
    clock: Clock
    insecure_host: str | None = None
    proxy: Proxy | None = None

    @property
    def encrypted(self) -> bool:
        """True if requests use https."""
        return self.base_url.startswith("https:")

    def change(
        self, timeout: float | httpx.Timeout | None, max_retries: int | None, headers: Mapping[str, str] | None
    ) -> "Settings":
        """Return settings with other values and further headers; None leaves a value unchanged."""
        return evolve(
            self,
            timeout=self.timeout if timeout is None else check_timeout(timeout),
            max_retries=self.max_retries if max_retries is None else check_integer("max_retries", max_retries),
            headers=merge_headers(self.headers, _check_headers("headers", (headers or {}).items())),
        )


def read_key(api_key: str | None) -> Key | None:
    """Return the key of the argument, or else of the environment; None without a key.

    Nothing is raised here, because a traceback with local variables would show the key.
    """
    value = api_key if api_key is not None else os.environ.get("FIREWORKS_API_KEY")
    return Key(value) if value else None


def check_key(key: Key | None) -> Key:
    """Return a key that a header can contain, or raise ConfigurationError."""
    if key is None:
        raise parameter_error("api_key", "is missing. Pass it or set FIREWORKS_API_KEY")
    if not re.fullmatch(r"[\x21-\x7e]+", key._value):
        remedy = "If you read it from a file, strip the line end. The key was not sent and is not shown here"
        raise parameter_error("api_key", f"must be printable ASCII without spaces or line breaks. {remedy}")
    return key


def read_account_id(account_id: str | None) -> str | None:
    """Return the account of the argument, or else of the environment; None without an account."""
    account_id = account_id if account_id is not None else os.environ.get("FIREWORKS_ACCOUNT_ID") or None
    return None if account_id is None else AccountName.parse(account_id).account_id


def check_timeout(value: float | httpx.Timeout) -> httpx.Timeout:
    """Return the timeout of each network step."""
    steps: Mapping[str, float | None] = getattr(value, "as_dict", dict)()  # That of httpx2 has it too.
    if not steps:
        # Waiting for a free connection is not a network step.
        return httpx.Timeout(check_seconds("timeout", value), pool=None)
    checked = {step: each if each is None else check_seconds("timeout", each) for step, each in steps.items()}
    return httpx.Timeout(**checked)


_INVALID_IN_URL = re.compile(r"[\s\x00-\x1f\x7f?#\\]")


def read_base_url(base_url: str | None, insecure_host: str | None) -> str:
    """Return the URL of the argument, the environment or the specification, without a slash at its end."""
    value = base_url or os.environ.get("FIREWORKS_BASE_URL") or DEFAULT_BASE_URL
    if not value:
        raise parameter_error("base_url", "is missing. Pass it or set FIREWORKS_BASE_URL")
    shown = hide_password(value)
    try:
        parts = urlsplit(value)
        (parts.hostname or "").encode("idna")
        if parts.port == 0 or "%" in parts.netloc.rpartition("@")[2].partition("%25")[0]:
            raise ValueError
        if parts.hostname and not _INVALID_IN_URL.search(value):
            httpx.URL(f"{value}/v1").host  # noqa: B018  # Reading it validates it.
    except (ValueError, httpx.InvalidURL):
        raise parameter_error("base_url", f"must be a URL, got {shown!r}") from None
    if parts.username or parts.password:
        raise parameter_error("base_url", "must not contain a user name or password")
    if parts.scheme not in {"http", "https"} or not parts.hostname or _INVALID_IN_URL.search(value):
        raise parameter_error("base_url", f"must be a URL such as {DEFAULT_BASE_URL}, without a query, got {shown!r}")
    host = parts.hostname
    # The transport checks the address of a name when it is connected.
    is_loopback = host == "localhost" or host.endswith(".localhost") or is_loopback_address(host)
    if parts.scheme == "http" and not is_loopback and host != insecure_host:
        remedy = f"For tests between containers, set FIREWORKS_INSECURE_HOST or pass insecure_host={host!r}"
        constraint = "must be https, or http to a loopback address, to protect the key"
        raise parameter_error("base_url", f"{constraint}, got {shown!r}. {remedy}")
    return parts.scheme + value[len(parts.scheme) :].rstrip("/")


def read_insecure_host(insecure_host: str | None) -> str | None:
    """Return the host of the argument, or else of the environment, in lower case; None without a host."""
    value = insecure_host or os.environ.get("FIREWORKS_INSECURE_HOST")
    if not value:
        return None
    if re.fullmatch(r"[\w.-]+|[\da-f]*:[\da-f:.]*:[\da-f.]*", value.lower(), re.ASCII):
        return value.lower()
    raise parameter_error("insecure_host", f"must be a host name without scheme and port, got {value!r}")


def is_loopback_address(text: str) -> bool:
    """Return whether a text is an address of this machine: 127.0.0.0/8, ::1, or the former inside IPv6."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


def check_integer(parameter: str, value: object, *, least: int = 0, most: float = inf) -> int:
    """Return an integer within bounds, or raise ConfigurationError."""
    value = plain_number(value)
    if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
        return value
    bound = f" and at most {most}" if most < inf else ""
    raise parameter_error(parameter, f"must be an integer of at least {least}{bound}, got {quote_value(value)}")


def check_seconds(parameter: str, value: object) -> float:
    """Return a number of seconds above 0, at most a year, or raise ConfigurationError."""
    value = plain_number(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value <= _LONGEST_TIME:
        return float(value)
    raise parameter_error(parameter, f"must be a positive number of seconds, at most a year, got {quote_value(value)}")


_is_header_name = partial(re.fullmatch, r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_is_header_text = partial(re.fullmatch, r"(?:[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?)?")

_RESERVED_HEADERS = """
    authorization accept-encoding connection content-length expect host keep-alive te trailer transfer-encoding upgrade
""".split()
"""Headers in lower case that the client or its connection sets; another value breaks requests or responses."""


def read_headers(default_headers: Mapping[str, str] | None) -> Mapping[str, str]:
    """Return the headers of the environment and of the argument, which has priority."""
    # Lines as the official SDK reads them: those without a colon are ignored.
    lines = (line.partition(":") for line in os.environ.get("FIREWORKS_CUSTOM_HEADERS", "").split("\n"))
    custom = [(name.strip(), value.strip()) for name, colon, value in lines if colon]
    return merge_headers(
        _check_headers("FIREWORKS_CUSTOM_HEADERS", custom),
        _check_headers("default_headers", (default_headers or {}).items()),
    )


def _check_headers(parameter: str, headers: Iterable[tuple[object, object]]) -> dict[str, str]:
    """Return headers as a new dictionary; the error shows no value, which may be secret."""
    checked: dict[str, str] = {}
    for name, value in headers:
        if not isinstance(name, str) or not _is_header_name(name):
            constraint = f"contain names of headers, got {quote_value(name)}"
        elif name.lower() == "authorization":
            constraint = f"not contain {name}. Pass the key as api_key"
        elif name.lower() in _RESERVED_HEADERS:
            constraint = f"not contain {name}, which the client sets"
        elif not isinstance(value, str) or not _is_header_text(value):
            constraint = f"have printable ASCII without spaces at its ends as the value of {name}"
        else:
            checked[name] = value
            continue
        raise parameter_error(parameter, f"must {constraint}")
    return checked


def merge_headers(headers: Mapping[str, str], added: Mapping[str, str]) -> dict[str, str]:
    """Return headers with others added; a name in another case is the same name."""
    replaced = {name.lower() for name in added}
    return {**{name: value for name, value in headers.items() if name.lower() not in replaced}, **added}


def build_user_agent(suffix: str | None) -> str:
    """Return the value of the User-Agent header."""
    own = f"fireworks-gateway/{__version__} (specification {SPEC_VERSION}; Python {python_version()})"
    if suffix is None:
        return own
    if not re.fullmatch(r"[\x20-\x7e]*\S", suffix):
        raise parameter_error("user_agent_suffix", f"must be printable ASCII such as my-job/1.2, got {suffix!r}")
    return f"{own} {suffix}"


def _key_pattern(key: str) -> str:
    # A key without a digit may be a word, so it is replaced as a whole word only.
    return re.escape(key) if re.search("[0-9]", key) else rf"(?<!\w){re.escape(key)}(?!\w)"


def _decode(escape: re.Match[str]) -> str:
    code, character = escape[1] or escape[2], escape[3] or ""
    if code:
        character = chr(int(code, 16))
    elif character in set("bfnrt"):
        return " "
    return character.strip("\x00\\")


def _spans(text: str) -> list[tuple[int, int]]:
    # The place in the text of each decoded character.
    spans, position = [], 0
    for escape in re.finditer(_ESCAPE, text):
        spans += [(index, index + 1) for index in range(position, escape.start())]
        spans += [escape.span()] * len(_decode(escape))
        position = escape.end()
    return spans + [(index, index + 1) for index in range(position, len(text))]
