"""From a YAML document to a frozen model, or to an error a person can act on.

pydantic reports where in the data something is wrong; here that becomes file and line, and a
misspelt key becomes "did you mean". The first problem is enough: it is mended, and the next shows.
"""

import pathlib
import types
import typing
from typing import Any, TypeVar

import pydantic

from opsbot.configuration import suggestion, yaml_file

Model = TypeVar("Model", bound=pydantic.BaseModel)


def read_model(path: pathlib.Path, model: type[Model]) -> Model:
    """Read a YAML file as a model; `ConfigurationError` names file, line, problem and remedy."""
    return validate(yaml_file.read(path), model)


def validate(document: yaml_file.Document, model: type[Model]) -> Model:
    """Check a document against a model."""
    try:
        return model.model_validate(document.value)
    except pydantic.ValidationError as error:
        found = error.errors(include_url=False, include_input=True)
        # A misspelt key is reported twice: as unknown, and the right one as missing.
        first = next((each for each in found if each["type"] == "extra_forbidden"), found[0])
        document.fail(_written(document, first["loc"]), *_explained(first, model))


def _written(document: yaml_file.Document, location: tuple[int | str, ...]) -> yaml_file.Location:
    """Return that part of an error's location which stands in the file."""
    while location and location not in document.lines:
        location = location[:-1]
    return location


def _explained(error: Any, model: type[pydantic.BaseModel]) -> tuple[str, str]:
    """Return the problem and the remedy of one validation error in words."""
    place = ".".join(str(each) for each in error["loc"]) or "The file"
    match error["type"]:
        case "extra_forbidden":
            return f"Unknown key {place!r}.", _suggestion(error["loc"], model)
        case "missing":
            return f"The key {place!r} is missing.", "Add it."
        case "enum" | "literal_error":
            expected = error["ctx"]["expected"]
            return f"{place!r} is {error['input']!r}.", f"Write one of {expected}."
        case "value_error":
            # The model's own words: the first sentence is the problem, the rest the remedy.
            problem, _, remedy = str(error["ctx"]["error"]).partition(". ")
            return f"{problem.removesuffix('.')}.", remedy or "Correct the value."
        case "tuple_type" | "dict_type" | "model_type":
            return _wrong_shape(place, error)
        case _:
            message = str(error["msg"])
            return f"{place!r} is {_shown(error)}: {message}.", "Correct the value."


def _shown(error: Any) -> str:
    return repr(error["input"])[:60]


def _wrong_shape(place: str, error: Any) -> tuple[str, str]:
    """Say that something should be a list or should have keys, and how that is written."""
    value = error["input"]
    if error["type"] != "tuple_type":
        return f"{place!r} is {_shown(error)}, which has no keys.", "Write `key: value` lines."
    problem = f"{place!r} is {_shown(error)}, which is no list."
    if isinstance(value, str | int):
        return problem, f"Write it in brackets: {error['loc'][-1]}: [{value}]."
    return problem, "Write each item on a line that begins with `- `, or [] for none."


def _suggestion(location: tuple[int | str, ...], model: type[pydantic.BaseModel]) -> str:
    *parents, key = location
    owner = _model_at(tuple(parents), model)
    known = sorted(owner.model_fields) if owner else []
    if close := suggestion.closest(str(key), known):
        return f"Did you mean {close!r}?"
    return f"Known keys: {', '.join(known)}." if known else "Remove it."


def _model_at(
    location: tuple[int | str, ...], model: type[pydantic.BaseModel]
) -> type[pydantic.BaseModel] | None:
    """Follow a location through the models' annotations."""
    annotation: Any = model
    for each in location:
        owner = _as_model(annotation)
        if owner and each in owner.model_fields:
            annotation = owner.model_fields[str(each)].annotation
        elif arguments := typing.get_args(annotation):
            annotation = arguments[-1] if isinstance(each, str) else arguments[0]
    return _as_model(annotation)


def _as_model(annotation: Any) -> type[pydantic.BaseModel] | None:
    if isinstance(annotation, types.UnionType) or typing.get_origin(annotation) is typing.Union:
        found = (_as_model(each) for each in typing.get_args(annotation))
        return next((each for each in found if each), None)
    if isinstance(annotation, type) and issubclass(annotation, pydantic.BaseModel):
        return annotation
    return None
