"""Values of the rules as plain JSON, and back: one way for the server and for the browser.

It follows the annotations of the dataclasses, so that a rule's new field goes along by itself. A
field at its default is left out, which keeps sixty thousand readers small.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from functools import cache
from typing import Union, get_args, get_origin, get_type_hints

Plain = bool | int | float | str | None | list["Plain"] | dict[str, "Plain"]
"""What JSON can say."""


class BadPlain(ValueError):
    """The JSON is none of the value that was expected; the text names where."""


def encode(value: object) -> Plain:
    """Write a value as plain JSON.

    Sets are sorted, so that equal values are equal texts. Raises BadPlain for what no rule is
    made of.
    """
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return str(value.value) if isinstance(value, Enum) else value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    return _encode_many(value)


def _encode_many(value: object) -> Plain:
    if is_dataclass(value) and not isinstance(value, type):
        return _encode_fields(value)
    if isinstance(value, Mapping):
        return {str(key): encode(each) for key, each in value.items()}
    if isinstance(value, frozenset | set):
        return sorted((encode(each) for each in value), key=repr)
    if isinstance(value, list | tuple):
        return [encode(each) for each in value]
    raise BadPlain(type(value).__name__)


def _encode_fields(value: object) -> dict[str, Plain]:
    plain = dict[str, Plain]()
    if not is_dataclass(value):
        raise BadPlain(type(value).__name__)
    for each in fields(value):
        if not each.init or each.name.startswith("_"):
            continue  # Remembered by the value for itself; it is computed again.
        held = getattr(value, each.name)
        if each.default is not MISSING and held == each.default:
            continue
        plain[each.name] = encode(held)
    return plain


def decode(kind: object, plain: object) -> object:
    """Read a value of this type from plain JSON; raises BadPlain where it is none."""
    try:
        return _decode(kind, plain)
    except (TypeError, ValueError, KeyError, AttributeError) as bad:
        raise BadPlain(f"{kind}: {bad}") from None


def _decode(kind: object, plain: object) -> object:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _decode_union(get_args(kind), plain)
    if origin is not None:
        return _decode_generic(origin, get_args(kind), plain)
    if kind is object:
        return plain
    if not isinstance(kind, type):
        raise BadPlain(str(kind))
    return _decode_single(kind, plain)


def _decode_single(kind: type, plain: object) -> object:
    if is_dataclass(kind):
        hints, values = _hints(kind), _mapping(plain)
        return kind(**{name: _decode(hints[name], each) for name, each in values.items()})
    if issubclass(kind, tuple):
        return _decode_named(kind, _list(plain))
    if issubclass(kind, Enum):
        return kind(plain)
    if kind in _MOMENTS:
        return _MOMENTS[kind](plain)
    return _decode_scalar(kind, plain)


def _decode_named(kind: Callable[..., object], plain: Sequence[object]) -> object:
    of_fields = _hints(kind).values()
    return kind(*(_decode(hint, each) for hint, each in zip(of_fields, plain, strict=True)))


def _decode_scalar(kind: type, plain: object) -> object:
    if kind is float and isinstance(plain, int) and not isinstance(plain, bool):
        return float(plain)
    if kind is int and isinstance(plain, bool):
        raise BadPlain("a truth value is no number")
    if not isinstance(plain, kind):
        raise BadPlain(f"{plain!r} is no {kind.__name__}")
    return plain


def _decode_union(options: Sequence[object], plain: object) -> object:
    if plain is None and type(None) in options:
        return None
    for option in options:
        if option is type(None):
            continue
        try:
            return _decode(option, plain)
        except (TypeError, ValueError, KeyError, AttributeError):
            continue
    raise BadPlain(f"{plain!r} is none of {options}")


def _decode_generic(origin: object, arguments: Sequence[object], plain: object) -> object:
    if not isinstance(origin, type):
        raise BadPlain(str(origin))
    if issubclass(origin, Mapping):
        of_key, of_value = arguments
        found = _mapping(plain).items()
        return {_decode_key(of_key, key): _decode(of_value, each) for key, each in found}
    items = _list(plain)
    if issubclass(origin, frozenset | set):
        return frozenset(_decode(arguments[0], each) for each in items)
    if arguments[-1] is Ellipsis or not issubclass(origin, tuple):
        return tuple(_decode(arguments[0], each) for each in items)
    return tuple(_decode(kind, each) for kind, each in zip(arguments, items, strict=True))


def _decode_key(kind: object, key: object) -> object:
    # JSON has no keys but texts.
    return int(str(key)) if kind is int else _decode(kind, key)


def _mapping(plain: object) -> Mapping[str, object]:
    if not isinstance(plain, Mapping):
        raise BadPlain(f"{plain!r} is no object")
    return plain


def _list(plain: object) -> Sequence[object]:
    if not isinstance(plain, list | tuple):
        raise BadPlain(f"{plain!r} is no list")
    return plain


def _text(plain: object) -> str:
    if not isinstance(plain, str):
        raise BadPlain(f"{plain!r} is no text")
    return plain


def _seconds(plain: object) -> timedelta:
    if isinstance(plain, bool) or not isinstance(plain, int | float):
        raise BadPlain(f"{plain!r} is no duration")
    return timedelta(seconds=plain)


def _moment(plain: object) -> datetime:
    moment = datetime.fromisoformat(_text(plain))
    if moment.tzinfo is None:
        raise BadPlain("a moment without its zone")
    return moment


_MOMENTS = {
    datetime: _moment,
    date: lambda plain: date.fromisoformat(_text(plain)),
    time: lambda plain: time.fromisoformat(_text(plain)),
    timedelta: _seconds,
}


@cache
def _hints(kind: Callable[..., object]) -> dict[str, object]:
    return get_type_hints(kind)
