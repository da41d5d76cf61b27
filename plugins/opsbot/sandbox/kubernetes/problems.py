"""Refusals of the API server, with the real texts.

A client learns why from `reason` and `details.causes`, a person from `message`. The HTTP status
alone is ambiguous: 409 is an existing object, a lost race or a field owned by somebody else.
"""

from typing import Any

Json = dict[str, Any]


class Problem(Exception):
    """A request that ends with a `Status` object instead of what it asked for."""

    def __init__(self, code: int, reason: str, message: str, details: Json | None = None) -> None:
        super().__init__(message)
        self.code, self.reason, self.message, self.details = code, reason, message, details

    def status(self) -> Json:
        """Show the problem as the API's `Status` object."""
        body: Json = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure"}
        body["message"] = self.message
        if self.reason:
            body["reason"] = self.reason
        if self.details is not None:
            body["details"] = self.details
        return body | {"code": self.code}


def qualified(plural: str, group: str) -> str:
    """Name a resource the way messages do: `deployments.apps`, but `pods`."""
    return f"{plural}.{group}" if group else plural


def not_found(plural: str, group: str, name: str) -> Problem:
    """Say that an object is not there."""
    message = f'{qualified(plural, group)} "{name}" not found'
    return Problem(404, "NotFound", message, _about(plural, group, name))


def no_such_path() -> Problem:
    """Say that no resource lives at this path."""
    return Problem(404, "NotFound", "the server could not find the requested resource", {})


def already_exists(plural: str, group: str, name: str) -> Problem:
    """Say that a created object's name is taken."""
    message = f'{qualified(plural, group)} "{name}" already exists'
    return Problem(409, "AlreadyExists", message, _about(plural, group, name))


def modified(plural: str, group: str, name: str) -> Problem:
    """Say that somebody else wrote the object first (a stale resourceVersion)."""
    return _race(
        plural,
        group,
        name,
        "the object has been modified; please apply your changes to the latest version and "
        "try again",
    )


def uid_mismatch(plural: str, group: str, name: str, uid: str) -> Problem:
    """Say that the body means an object that no longer exists."""
    return _race(
        plural,
        group,
        name,
        f"uid mismatch: the provided object specified uid {uid}, and no existing object was found",
    )


def precondition(plural: str, group: str, name: str, uids: tuple[str, str]) -> Problem:
    """Say that the body means another object of this name: uid meant, uid real."""
    text = f"UID in precondition: {uids[0]}, UID in object meta: {uids[1]}"
    return _race(plural, group, name, f"Precondition failed: {text}")


def not_the_one(kind: str, group: str, name: str, field: str, values: tuple[str, str]) -> Problem:
    """Say that the object to delete is not the one that was meant: wanted value, real value."""
    happened = "deleted and then recreated" if field == "UID" else "modified"
    text = f"the {field} in the precondition ({values[0]}) does not match the {field} in record"
    return _race(kind, group, name, f"{text} ({values[1]}). The object might have been {happened}")


def _race(plural: str, group: str, name: str, why: str) -> Problem:
    message = f'Operation cannot be fulfilled on {qualified(plural, group)} "{name}": {why}'
    return Problem(409, "Conflict", message, _about(plural, group, name))


def invalid(kind: str, group: str, name: str, causes: list[Json]) -> Problem:
    """Say which fields have values that cannot be."""
    texts = [f"{cause['field']}: {cause['message']}" for cause in causes]
    listed = texts[0] if len(texts) == 1 else "[" + ", ".join(texts) + "]"
    message = f'{qualified(kind, group)} "{name}" is invalid: {listed}'
    about = {"name": name, "group": group}
    details: Json = {key: value for key, value in about.items() if value}
    return Problem(422, "Invalid", message, details | {"kind": kind, "causes": causes})


def cause(field: str, message: str, reason: str = "FieldValueInvalid") -> Json:
    """Describe one field's fault."""
    return {"reason": reason, "message": message, "field": field}


def bad_request(message: str) -> Problem:
    """Say that the request itself makes no sense."""
    return Problem(400, "BadRequest", message)


def untyped(message: str) -> Problem:
    """Say that a patch does not fit the schema; the real server answers 500 without a reason."""
    return Problem(500, "", message)


def method_not_allowed() -> Problem:
    """Say that the resource does not know this verb."""
    message = "the server does not allow this method on the requested resource"
    return Problem(405, "MethodNotAllowed", message, {})


def expired(asked: int, oldest: int) -> Problem:
    """Say that a watch asks for history that is forgotten."""
    return Problem(410, "Expired", f"too old resource version: {asked} ({oldest})")


def unauthorized() -> Problem:
    """Say that the bearer token is missing or wrong."""
    return Problem(401, "Unauthorized", "Unauthorized")


def _about(plural: str, group: str, name: str) -> Json:
    details = {"name": name, "kind": plural}
    return details | {"group": group} if group else details
