"""Check the models that the records know against those of the registry."""

from collections.abc import Collection

from sake_ray.errors import Message
from sake_ray.registry import Registry
from sake_ray.storage.records import Records
from sake_ray.storage.records.faults import Fault


def check_models(registry: Registry, records: Records, used: Collection[str]) -> list[Fault]:
    """Find versions that the registry lacks or has replaced, and checksums of predictions that no version has."""
    versions = {version.number: version.sha256 for version in registry.versions.all()}
    found = []
    for number, sha256 in records.models.list_checksums().items():
        if number not in versions:
            found.append(Fault(name_version(number), Message("fault-model-missing", version=number)))
        elif versions[number] != sha256:
            found.append(Fault(name_version(number), Message("fault-model-replaced", version=number)))
    for sha256 in sorted(set(used) - set(versions.values())):
        found.append(Fault(sha256, Message("fault-model-unknown", hash=sha256[:12])))
    return found


def list_versions(records: Records) -> list[str]:
    """Name the versions that the records know."""
    return list(map(name_version, records.models.list_checksums()))


def name_version(number: int) -> str:
    """Name a version as the subject of a fault."""
    return f"version {number}"
