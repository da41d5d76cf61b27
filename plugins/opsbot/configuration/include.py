"""Where the organisation's folder is.

An Astro project keeps configuration in include/ beside plugins/ and dags/. A checkout, a deployed
project and an installed wheel see it in different places, so they are tried in a fixed order: what
somebody said explicitly always wins, and then must be right.
"""

import pathlib
from collections.abc import Mapping

import opsbot
from opsbot.vocabulary.errors import ConfigurationError

FOR_ALL, FOR_AIRFLOW = "OPSBOT_INCLUDE", "AIRFLOW__OPSBOT__INCLUDE_FOLDER"
_MARK = "applications.yaml"


def find(environ: Mapping[str, str], project: pathlib.Path) -> pathlib.Path:
    """Return the include folder; `ConfigurationError` says what was tried.

    `project` is the folder that has `include` in it where nothing else is said.
    """
    for variable in (FOR_ALL, FOR_AIRFLOW):
        if value := environ.get(variable):
            return _named(variable, pathlib.Path(value))
    tried = (_beside_the_package(), project / "include")
    for folder in tried:
        if (folder / _MARK).is_file():
            return folder
    places = " nor ".join(str(each / _MARK) for each in tried)
    raise ConfigurationError(
        _MARK,
        1,
        f"The organisation's configuration is neither at {places}.",
        f"Set {FOR_ALL} to the folder that holds {_MARK}.",
    )


def _named(variable: str, folder: pathlib.Path) -> pathlib.Path:
    if (folder / _MARK).is_file():
        return folder
    problem = f"{variable} names {str(folder)!r}, which has no {_MARK}."
    raise ConfigurationError(
        str(folder / _MARK), 1, problem, f"Correct {variable} or add the file."
    )


def _beside_the_package() -> pathlib.Path:
    plugins = pathlib.Path(opsbot.__file__).resolve().parent.parent
    return plugins.parent / "include"
