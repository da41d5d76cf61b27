"""Names of images, as arguments: repository, tag and digest.

The registry's host is no part of them: the environment's connection names it. A tag can be moved
to another image; a digest is the sha256 of a manifest's bytes and always means the same ones.
"""

from typing import Annotated

from pydantic import Field

_PART = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
REPOSITORY = rf"{_PART}(?:/{_PART})*"
TAG = r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}"
DIGEST = r"sha256:[0-9a-f]{64}"

Repository = Annotated[str, Field(pattern=f"^{REPOSITORY}$", max_length=255)]
"""`myorg/my-application`"""
Tag = Annotated[str, Field(pattern=f"^{TAG}$")]
"""`v1.0.0-prod`"""
Digest = Annotated[str, Field(pattern=f"^{DIGEST}$")]
"""`sha256:` and 64 hexadecimal digits."""
TaggedRepository = Annotated[str, Field(pattern=f"^{REPOSITORY}:{TAG}$", max_length=384)]
"""`myorg/my-application:v1.0.0-prod`"""
