"""The signatures folder: how programs write what they die of, one file for each family of them."""

import pathlib

from opsbot.configuration import checked_model, yaml_file
from opsbot.verification.signatures import Signature
from opsbot.vocabulary.errors import ConfigurationError
from opsbot.vocabulary.model import Value


class _File(Value):
    signatures: tuple[Signature, ...]


def read_signatures(include: pathlib.Path) -> tuple[Signature, ...]:
    """Read all signatures of an include folder, file by file; none where there is no folder.

    Of two that match the same line the first is taken, so what is special stands before what is
    general.
    """
    found: dict[str, Signature] = {}
    for path in sorted((include / "signatures").glob("*.yaml")):
        document = yaml_file.read(path)
        for number, each in enumerate(checked_model.validate(document, _File).signatures):
            if each.id in found:
                where = document.line(("signatures", number))
                problem = f"The signature {each.id!r} stands twice."
                raise ConfigurationError(str(path), where, problem, "Rename or remove one.")
            found[each.id] = each
    return tuple(found.values())
