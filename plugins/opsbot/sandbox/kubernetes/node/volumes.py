"""Volumes: folders of the pod that are linked into its containers' roots.

ConfigMaps and Secrets are written when the pod starts. A missing one holds the pod back with an
event and no waiting reason, as on a real node.
"""

import shutil
from pathlib import Path

from opsbot.sandbox.kubernetes import kinds
from opsbot.sandbox.kubernetes.cluster import Cluster
from opsbot.sandbox.kubernetes.images import layers
from opsbot.sandbox.kubernetes.kinds import Resource
from opsbot.sandbox.kubernetes.node import environment
from opsbot.sandbox.kubernetes.problems import Json


class MountFailed(Exception):
    """A volume that cannot be made now."""


def prepare(cluster: Cluster, pod: Json, place: Path, address: str) -> None:
    """Make all of a pod's volumes."""
    for volume in pod["spec"].get("volumes", []):
        folder = place / volume["name"]
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in _content(cluster, pod, volume, address).items():
            file = layers.inside(folder, name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)


def _content(cluster: Cluster, pod: Json, volume: Json, address: str) -> dict[str, bytes]:
    match volume:
        case {"configMap": _}:
            return _files(cluster, pod, volume, kinds.CONFIG_MAPS)
        case {"secret": _}:
            return _files(cluster, pod, volume, kinds.SECRETS)
        case {"downwardAPI": source}:
            return {
                item["path"]: environment.field(
                    pod, item["fieldRef"]["fieldPath"], address
                ).encode()
                for item in source.get("items", [])
                if "fieldRef" in item
            }
        case {"projected": projected}:
            sources = [{**each, "name": volume["name"]} for each in projected.get("sources", [])]
            contents = [_content(cluster, pod, each, address) for each in sources]
            return {name: content for each in contents for name, content in each.items()}
        case {"emptyDir": _}:
            return {}
    kind = next((key for key in volume if key != "name"), "?")
    raise _failed(volume, f"the sandbox has no {kind} volumes")


def _failed(volume: Json, why: str) -> MountFailed:
    return MountFailed(f'MountVolume.SetUp failed for volume "{volume["name"]}" : {why}')


def _files(cluster: Cluster, pod: Json, volume: Json, resource: Resource) -> dict[str, bytes]:
    source = volume.get("configMap") or volume.get("secret") or {}
    name = source.get("name") or source.get("secretName") or ""
    found = cluster.store.get(resource, pod["metadata"]["namespace"], name)
    if found is None:
        if source.get("optional"):
            return {}
        raise _failed(volume, f'{resource.kind.lower()} "{name}" not found')
    content = environment.content_of(found)
    if "items" not in source:
        return content
    missing = [item["key"] for item in source["items"] if item["key"] not in content]
    if missing and not source.get("optional"):
        raise _failed(volume, f"references non-existent config key: {missing[0]}")
    return {i["path"]: content[i["key"]] for i in source["items"] if i["key"] in content}


def mount(container: Json, root: Path, place: Path) -> list[tuple[Path, str]]:
    """Link a container's volumes into its root; return which folder is seen under which path."""
    seen = []
    for wanted in container.get("volumeMounts", []):
        source = place / wanted["name"]
        if below := wanted.get("subPath"):
            source = layers.inside(source, below)
        target = layers.inside(root, wanted["mountPath"])
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.is_symlink() or target.is_file():
            target.unlink()
        elif target.is_dir():
            shutil.rmtree(target)
        target.symlink_to(source)
        seen.append((source, str(wanted["mountPath"])))
    return seen
