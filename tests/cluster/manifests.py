"""The files of cluster/kuberay, as they are and as kustomize renders them."""

import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

TOP = Path(__file__).parents[2]
FOLDER = TOP / "cluster" / "kuberay"
OVERLAYS = ("small", "large")

Manifest = dict[str, Any]


@cache
def find_kustomize_fault() -> str:
    """Why nothing can be rendered here; empty when it can."""
    if not shutil.which("kubectl"):
        return "there is no kubectl on this machine (Debian 13: kubernetes-client)"
    told = subprocess.run(["kubectl", "version", "--client"], capture_output=True, text=True, check=False).stdout
    major = re.search(r"Kustomize Version: v(\d+)", told)
    return "" if major and int(major[1]) >= 5 else "the kubectl of this machine is too old for these files"


@cache
def render(overlay: str) -> str:
    """Render an overlay; skips the test where nothing can be rendered."""
    if fault := find_kustomize_fault():
        pytest.skip(fault)
    command = ["kubectl", "kustomize", str(FOLDER / "overlays" / overlay)]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


def load_rendered(overlay: str) -> list[Manifest]:
    """The manifests of an overlay, fresh each time."""
    return list(yaml.safe_load_all(render(overlay)))


def load_base() -> list[Manifest]:
    """The manifests of the base as they are written."""
    found = [one for path in sorted((FOLDER / "base").glob("*.yaml")) for one in yaml.safe_load_all(path.read_text())]
    return [one for one in found if "metadata" in one]


def pick(manifests: list[Manifest], kind: str, name: str = "") -> Manifest:
    """The only one of its kind, or of its name."""
    (found,) = [one for one in manifests if one["kind"] == kind and name in ("", one["metadata"]["name"])]
    return found


def walk(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Everything in a manifest, with where it is."""
    yield path, value
    if isinstance(value, Mapping):
        for key, inside in value.items():
            yield from walk(inside, f"{path}/{key}")
    elif isinstance(value, list):
        for number, inside in enumerate(value):
            yield from walk(inside, f"{path}/{number}")


def list_pods(manifests: list[Manifest]) -> list[tuple[str, Manifest]]:
    """The specs of all pods, also of those that KubeRay makes."""
    return [
        (f"{one['kind']} {one['metadata']['name']}{path}", value)
        for one in manifests
        for path, value in walk(one)
        if path.endswith("/spec") and isinstance(value, dict) and "containers" in value
    ]


def list_containers(pod: Manifest) -> list[Manifest]:
    """All containers of a pod."""
    return [*pod["containers"], *pod.get("initContainers", [])]


def is_rays(manifest: Manifest) -> bool:
    """Whether KubeRay takes it, not Kubernetes itself."""
    return str(manifest["apiVersion"]).startswith("ray.io/")


def selects(selector: Manifest, labels: Mapping[str, str]) -> bool:
    """Whether a selector takes a pod with these labels."""
    for one in selector.get("matchExpressions", []):
        assert one["operator"] == "In", "write how the others select"
        if labels.get(one["key"]) not in one["values"]:
            return False
    return bool(selector.get("matchLabels", {}).items() <= labels.items())


def load_serve_config(manifests: list[Manifest]) -> Manifest:
    """The Serve configuration of the RayService."""
    config: Manifest = yaml.safe_load(pick(manifests, "RayService")["spec"]["serveConfigV2"])
    return config
