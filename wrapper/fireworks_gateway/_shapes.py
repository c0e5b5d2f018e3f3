"""What generated code says of itself: what an endpoint module sends and is answered, and what a class holds.

It is given values that come out again as themselves, so that a name on the wire is the one that the code writes, and
not one that is guessed. Any package of the generator's will do, whatever it is called.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator, Mapping
from types import ModuleType, NoneType, UnionType
from typing import Any, NamedTuple, Union, get_args, get_origin, get_type_hints

import attrs

Kinds = tuple[Any, ...]
"""What a value may be: types, of which one as a rule; UNSET and None are left out."""

_OTHER_PLACES = ("query", "header", "cookie")


class Property(NamedTuple):
    """A property of a generated class.

    Attributes:
        name: The attribute's name.
        key: The name in JSON.
        kinds: What it may be.
    """

    name: str
    key: str
    kinds: Kinds


class Endpoint(NamedTuple):
    """A generated endpoint module.

    Attributes:
        module: The module itself.
        method: The HTTP method, in lower case.
        path: The arguments for the parameters in the path, by name.
        query: The arguments for the parameters in the query string, by their name in snake_case.
        needed: The arguments without a default.
        kinds: What each argument may be.
        answers: The classes that are documented as answers.
    """

    module: ModuleType
    method: str
    path: Mapping[str, str]
    query: Mapping[str, str]
    needed: frozenset[str]
    kinds: Mapping[str, Kinds]
    answers: tuple[type[Any], ...]

    @property
    def name(self) -> str:
        """What the module is called, without its package."""
        return self.module.__name__.rpartition(".")[2]


class _Echo:
    """A value that generated code takes for any other, and that is still itself in what the code makes of it."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __getattr__(self, name: str) -> _Echo:
        return self

    def __call__(self, *arguments: Any) -> _Echo:
        return self

    # An object in the query string is spread over it: `params.update(...)` asks for its keys, and for what each has.
    def __getitem__(self, key: Any) -> _Echo:
        return self

    def __iter__(self) -> Iterator[_Echo]:
        yield self

    def __str__(self) -> str:
        return self._text

    def is_in(self, value: Any) -> bool:
        """Say whether a value was made of this one."""
        if isinstance(value, list):
            return any(map(self.is_in, value))  # pyright: ignore[reportUnknownArgumentType]
        return value is self or value == self._text


def snake_cased(key: str) -> str:
    """Return a JSON name as the service's own languages spell it: pageSize as page_size."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", key).lower()


def endpoint_of(module: ModuleType) -> Endpoint | None:
    """Return what an endpoint module says of itself; None for what is none."""
    asks = getattr(module, "_get_kwargs", None)
    if not inspect.isfunction(asks):
        return None
    arguments = inspect.signature(asks).parameters
    request, echoes = _echoed(asks, arguments)
    path = [name for name, echo in echoes.items() if str(echo) in request["url"]]
    unset = vars(module).get("Unset")
    hints = get_type_hints(asks)
    return Endpoint(
        module=module,
        method=request["method"],
        path={_name_in_path(name, arguments): name for name in path},
        query=_query(request.get("params", {}), echoes, path),
        needed=frozenset(name for name, each in arguments.items() if each.default is each.empty),
        kinds={name: kinds_of(hints.get(name, Any), unset) for name in arguments},
        answers=_answers(module),
    )


def _echoed(made: Any, names: Any) -> tuple[Any, dict[str, _Echo]]:
    # No text of one may be within another's: hence the hyphens.
    echoes = {name: _Echo(f"echo-{number}-") for number, name in enumerate(names)}
    return made(**echoes), echoes


def _name_in_path(argument: str, arguments: Mapping[str, Any]) -> str:
    # The generator adds their places to the names of parameters that have the same one.
    stem = argument.removesuffix("_path")
    return stem if any(f"{stem}_{place}" in arguments for place in _OTHER_PLACES) else argument


def _query(params: Mapping[Any, Any], echoes: Mapping[str, _Echo], path: list[str]) -> dict[str, str]:
    sent = {key: name for key in params if isinstance(key, str) for name in echoes if echoes[name].is_in(params[key])}
    in_path = {_name_in_path(name, echoes) for name in path}
    return {name if snake_cased(key) in in_path else snake_cased(key): name for key, name in sent.items()}


def _answers(module: ModuleType) -> tuple[type[Any], ...]:
    parses = getattr(module, "_parse_response", None)
    answers = kinds_of(get_type_hints(parses).get("return", Any)) if inspect.isfunction(parses) else ()
    return tuple(each for each in answers if isinstance(each, type) and attrs.has(each))


def kinds_of(hint: Any, unset: Any = None) -> Kinds:
    """Return what a value may be by its annotation, without what stands for an absent one."""
    members = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    return tuple(each for each in members if each not in (NoneType, unset))


def properties_of(made: type[Any]) -> tuple[Property, ...]:
    """Return the properties of a generated class, in its order."""
    hints, unset = _hints(made)
    names = {each.name: each.alias or each.name for each in attrs.fields(made) if each.init}
    instance, echoes = _echoed(made, names.values())
    keys: dict[str, Any] = instance.to_dict()
    return tuple(
        Property(name, key, kinds_of(hints[name], unset))
        for name, alias in names.items()
        for key, value in keys.items()
        if echoes[alias].is_in(value)
    )


def items_of(kind: Any) -> Kinds | None:
    """Return what an item of a list may be; None of what is no list."""
    origin: Any = get_origin(kind)
    return kinds_of(get_args(kind)[0]) if origin is list else None


def values_of(made: type[Any]) -> Kinds:
    """Return what a generated class may hold under other names than its properties'; nothing where it keeps none."""
    hints, unset = _hints(made)
    held = get_args(hints.get("additional_properties"))
    return kinds_of(held[1], unset) if len(held) == 2 else ()


def _hints(made: type[Any]) -> tuple[dict[str, Any], Any]:
    # A class's module imports the classes of its properties for type checkers only; the package around it has them all.
    module = vars(sys.modules[made.__module__])
    around = vars(sys.modules[made.__module__.rpartition(".")[0] or made.__module__])
    return get_type_hints(made, globalns={**around, **module}, localns={}), module.get("Unset")
