"""One spelling for equal values, as the real server stores them.

`1000m` of CPU is `1`, an empty list is no list. Without this a dry run would show changes that are
none, and a Deployment's template would differ from its ReplicaSet's.
"""

import re
from decimal import Decimal
from typing import Any

from opsbot.sandbox.kubernetes import schema
from opsbot.sandbox.kubernetes.problems import Json
from opsbot.sandbox.kubernetes.schema import Type

_BINARY = {"Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40, "Pi": 2**50, "Ei": 2**60}
_DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_QUANTITY = re.compile(r"([+-]?[0-9.]+)([KMGTPE]i|[numkMGTPE]?)")
# Optional fields without a pointer in the real server: their zero value is not stored.
_NO_FALSE = {
    "readOnly",
    "tty",
    "stdin",
    "stdinOnce",
    "paused",
    "hostNetwork",
    "hostPID",
    "hostIPC",
    "publishNotReadyAddresses",
}
_KEPT_EMPTY = {"name", "image", "imageID"}
_NO_ZERO = {"initialDelaySeconds", "hostPort", "minReadySeconds", "nodePort"}


def canonical(kind: str, value: Json) -> Json:
    """Return the object in the stored spelling."""
    spelled: Json = _spelled(schema.struct(kind), value)
    return spelled


def _spelled(declared: Type, value: Any) -> Any:
    if declared == "quantity":
        return quantity(value)
    if value is None:
        return None
    if schema.is_list(declared):
        return [_spelled(declared["list"], item) for item in value]
    if not isinstance(value, dict) or isinstance(declared, str):
        return value
    spelled = {key: _spelled(schema.child(declared, key), v) for key, v in value.items()}
    if schema.is_map(declared):
        return {key: item for key, item in spelled.items() if item is not None}
    return {
        key: item
        for key, item in spelled.items()
        if not _is_nothing(key, schema.child(declared, key), item)
    }


def _is_nothing(key: str, declared: Type, value: Any) -> bool:
    if value is None:
        # Conditions and events really spell these nulls out.
        return declared != "time"
    if value is False:
        return key in _NO_FALSE
    if isinstance(value, int) and value == 0:
        return key in _NO_ZERO
    if schema.is_map(declared) or schema.is_list(declared):
        return not value
    return declared == "string" and value == "" and key not in _KEPT_EMPTY


def quantity(value: Any) -> str:
    """Spell an amount canonically: whole numbers under the largest suffix that keeps them."""
    parts = _QUANTITY.fullmatch(str(value))
    if not parts:
        return str(value)
    number, suffix = Decimal(parts[1]), parts[2]
    if suffix in _BINARY:
        return _binary(number * _BINARY[suffix])
    return _decimal(number.scaleb(_DECIMAL[suffix]))


def amount(value: Any) -> Decimal:
    """Read an amount in its base unit (bytes, cores)."""
    parts = _QUANTITY.fullmatch(str(value))
    if not parts:
        return Decimal(value)
    number, suffix = Decimal(parts[1]), parts[2]
    return number * _BINARY[suffix] if suffix in _BINARY else number.scaleb(_DECIMAL[suffix])


def _binary(number: Decimal) -> str:
    for suffix, size in reversed(_BINARY.items()):
        if number and number % size == 0:
            return f"{int(number / size)}{suffix}"
    return str(int(number)) if number == int(number) else _decimal(number)


def _decimal(number: Decimal) -> str:
    for suffix, power in sorted(_DECIMAL.items(), key=lambda each: -each[1]):
        scaled = number.scaleb(-power)
        if scaled and scaled == int(scaled):
            return f"{int(scaled)}{suffix}"
    return "0"
