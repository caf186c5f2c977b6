"""cluster/kuberay is what Kubernetes and KubeRay take, as far as that can be said without either of them."""

import json
import re

import jsonschema
import kubernetes_validate
import pytest

from sake_ray.jobs.ray_connection import SERVE_ENVIRONMENT
from sake_ray.settings import Settings
from tests.cluster.manifests import (
    FOLDER,
    OVERLAYS,
    TOP,
    Manifest,
    is_rays,
    list_containers,
    list_pods,
    load_base,
    load_rendered,
    pick,
    selects,
    walk,
)

SCHEMAS = TOP.parent / "shared" / "schemas"
KUBERNETES = "1.32"
OPERATORS_SECRETS = {"sake-secrets", "sake-keys", "sake-ray-token", "sake-redis", "sake-tls"}
"""Made by whoever installs, never by a file here."""


def check_against_schema(manifest: Manifest) -> None:
    path = SCHEMAS / f"{manifest['kind']}.v1.schema.json"
    if not path.exists():
        pytest.skip(f"the schemas of KubeRay are not beside this checkout ({SCHEMAS})")
    jsonschema.validate(manifest, json.loads(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("kind", ["RayService", "RayJob", "RayCronJob"])
def test_rays_resources_fit_the_schemas_of_kuberay(kind: str) -> None:
    check_against_schema(pick(load_base(), kind))


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_rendered_rays_resources_fit_the_schemas_of_kuberay(overlay: str) -> None:
    found = [one for one in load_rendered(overlay) if is_rays(one)]
    assert {one["kind"] for one in found} == {"RayService", "RayJob", "RayCronJob"}
    for one in found:
        check_against_schema(one)


def test_misspelt_field_of_a_rays_resource_is_noticed() -> None:
    service = pick(load_base(), "RayService")
    service["spec"]["rayClusterConfig"]["enableInTreeAutoscalling"] = True
    with pytest.raises(jsonschema.ValidationError):
        check_against_schema(service)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_everything_else_is_what_kubernetes_takes(overlay: str) -> None:
    others = [one for one in load_rendered(overlay) if not is_rays(one)]
    for one in others:
        kubernetes_validate.validate(one, KUBERNETES, strict=True)
    kinds = {one["kind"] for one in others}
    assert kinds >= {"Namespace", "ConfigMap", "Deployment", "Service", "NetworkPolicy", "PodDisruptionBudget"}


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_pods_of_rays_resources_are_what_kubernetes_takes(overlay: str) -> None:
    """KubeRay's schemas let a pod have what a newer Kubernetes may know."""
    pods = list_pods([one for one in load_rendered(overlay) if is_rays(one)])
    assert len(pods) == 7
    for _, spec in pods:
        pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "some"}, "spec": spec}
        kubernetes_validate.validate(pod, KUBERNETES, strict=True)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_what_is_named_is_there(overlay: str) -> None:
    manifests = load_rendered(overlay)
    there = {(one["kind"], one["metadata"]["name"]) for one in manifests}
    named = set()
    for path, value in (found for one in manifests for found in walk(one)):
        if path.endswith("/configMapRef/name"):
            named.add(("ConfigMap", value))
        elif path.endswith("/claimName"):
            named.add(("PersistentVolumeClaim", value))
        elif path.endswith(("/secretRef/name", "/secretKeyRef/name", "/secretName")):
            assert value in OPERATORS_SECRETS
    assert {kind for kind, _ in named} == {"ConfigMap", "PersistentVolumeClaim"}
    assert named - there == set()
    assert {one["metadata"]["namespace"] for one in manifests if one["kind"] != "Namespace"} == {"sake"}


def test_secrets_are_named_and_none_is_there() -> None:
    text = "".join(path.read_text() for path in FOLDER.rglob("*") if path.is_file())
    assert "kind: Secret" not in text
    settings = (FOLDER / "base/settings.env").read_text()
    assert re.findall(r"(?i)^\w*(?:password|secret|token|records_url)\w*=", settings, re.MULTILINE) == []
    assert re.findall(r"://[^/\s]*:[^/\s]*@", text) == []


def test_guide_says_how_to_make_every_secret_that_is_named() -> None:
    guide = (TOP / "docs/kubernetes.md").read_text(encoding="utf-8")
    assert {
        name for name in OPERATORS_SECRETS if f"secret generic {name}" in guide or f"secret tls {name}" in guide
    } == (OPERATORS_SECRETS)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_no_pod_runs_as_root_or_can_gain_anything(overlay: str) -> None:
    pods = list_pods(load_rendered(overlay))
    assert len(pods) == 10
    for where, pod in pods:
        context = pod["securityContext"]
        assert context["runAsNonRoot"] is True, where
        assert context["runAsUser"] > 0, where
        assert context["seccompProfile"] == {"type": "RuntimeDefault"}, where
        for container in list_containers(pod):
            own = container["securityContext"]
            assert own == {
                "allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}, "readOnlyRootFilesystem": True,
            }, where  # fmt: skip
            assert {"cpu", "memory"} <= container["resources"]["requests"].keys(), where
            assert "memory" in container["resources"]["limits"], where
            assert "/tmp" in {mount["mountPath"] for mount in container["volumeMounts"]}, where


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_readers_have_neither_keys_nor_the_shared_home(overlay: str) -> None:
    groups = pick(load_rendered(overlay), "RayService")["spec"]["rayClusterConfig"]["workerGroupSpecs"]
    (readers,) = [group["template"]["spec"] for group in groups if group["groupName"] == "readers"]
    assert [volume for volume in readers["volumes"] if "emptyDir" not in volume] == []
    assert readers["automountServiceAccountToken"] is False


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_budgets_select_pods_that_there_are_and_leave_one(overlay: str) -> None:
    manifests = load_rendered(overlay)
    groups = pick(manifests, "RayService")["spec"]["rayClusterConfig"]["workerGroupSpecs"]
    pods = [({"ray.io/group": group["groupName"]}, group["minReplicas"]) for group in groups]
    deployments = [one["spec"] for one in manifests if one["kind"] == "Deployment"]
    pods += [(spec["template"]["metadata"]["labels"], spec["replicas"]) for spec in deployments]
    budgets = [one["spec"] for one in manifests if one["kind"] == "PodDisruptionBudget"]
    assert len(budgets) == 3
    for budget in budgets:
        (replicas,) = [number for labels, number in pods if selects(budget["selector"], labels)]
        assert replicas - budget.get("minAvailable", replicas - budget.get("maxUnavailable", 0)) >= 1
        assert replicas >= 2


def test_settings_of_the_nodes_are_settings_and_what_serve_needs() -> None:
    lines = (FOLDER / "base/settings.env").read_text(encoding="utf-8").splitlines()
    values = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    ours = {name.removeprefix("SAKE_").lower() for name in values if name.startswith("SAKE_")}
    assert ours - Settings.model_fields.keys() == set()
    assert SERVE_ENVIRONMENT.items() <= values.items()
    (gateway,) = [one for one in load_base() if one["kind"] == "Deployment" and one["metadata"]["name"] == "gateway"]
    (container,) = gateway["spec"]["template"]["spec"]["containers"]
    named = {one["name"].removeprefix("SAKE_").lower() for one in container["env"] if one["name"].startswith("SAKE_")}
    assert named - Settings.model_fields.keys() == set()


def test_training_of_the_night_is_the_one_that_people_start() -> None:
    """The two files repeat each other: a template cannot be shared between two kinds."""
    by_hand = {key: value for key, value in pick(load_base(), "RayJob")["spec"].items() if key != "suspend"}
    assert pick(load_base(), "RayCronJob")["spec"]["jobTemplate"] == by_hand
