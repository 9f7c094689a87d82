"""Facts from JSON and back: every key known, every type right, and the place of a mistake named."""

from collections.abc import Mapping
from dataclasses import MISSING, asdict, fields, is_dataclass
from datetime import date
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from dossiers.rules.facts import CaseFacts


class FactsError(ValueError):
    """The facts are not as documented; the message names the place and what belongs there."""


def facts_from(data: object) -> CaseFacts:
    """A case from decoded JSON; FactsError for what docs/facts.md does not know."""
    read = _object(CaseFacts, data, "facts")
    if not isinstance(read, CaseFacts):
        raise FactsError("facts: an object is expected")
    return read


def facts_as_json(case: CaseFacts) -> dict[str, Any]:
    """The same as plain JSON values: dates as ISO 8601, what is not known left out."""
    known = _without_unknown(asdict(case))
    if not isinstance(known, dict):
        raise FactsError("facts: an object is expected")
    return known


def _object(cls: type, data: object, place: str) -> object:
    if not isinstance(data, Mapping):
        raise FactsError(f"{place}: an object is expected")
    hints = get_type_hints(cls)
    names = {field.name for field in fields(cls)}
    for key in data:
        if key not in names:
            raise FactsError(f"{place}.{key}: not a known fact; there are {', '.join(sorted(names))}")
    for field in fields(cls):
        if field.default is MISSING and field.default_factory is MISSING and field.name not in data:
            raise FactsError(f"{place}.{field.name}: is needed")
    return cls(**{key: _value(hints[key], value, f"{place}.{key}") for key, value in data.items()})


def _value(kind: Any, value: object, place: str) -> object:
    if isinstance(kind, UnionType):
        chosen = [one for one in get_args(kind) if one is not NoneType]
        return None if value is None else _value(chosen[0], value, place)
    if get_origin(kind) is tuple:
        if not isinstance(value, list):
            raise FactsError(f"{place}: a list is expected")
        inner = get_args(kind)[0]
        return tuple(_value(inner, one, f"{place}[{number}]") for number, one in enumerate(value))
    if is_dataclass(kind) and isinstance(kind, type):
        return _object(kind, value, place)
    return _plain(kind, value, place)


def _plain(kind: Any, value: object, place: str) -> object:
    if kind is date:
        try:
            return date.fromisoformat(str(value))
        except ValueError as error:
            raise FactsError(f"{place}: a date like 2026-11-24 is expected") from error
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise FactsError(f"{place}: {kind.__name__} is expected")
    return value


def _without_unknown(value: object) -> object:
    if isinstance(value, dict):
        return {key: _without_unknown(one) for key, one in value.items() if one is not None}
    if isinstance(value, list | tuple):
        return [_without_unknown(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value
