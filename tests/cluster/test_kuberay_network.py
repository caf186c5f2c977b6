"""The network policies of cluster/kuberay let each part reach what it needs, and no more."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import kubernetes_validate
import pytest
import yaml

from tests.cluster.manifests import FOLDER, Manifest, find_kustomize_fault, load_base, pick, selects, walk

GATEWAY, SCREENS = {"app": "gateway"}, {"app": "user-screens", "screens": "true"}
HEAD = {
    "ray.io/is-ray-node": "yes", "ray.io/node-type": "head", "ray.io/group": "headgroup", "ray.io/cluster": "sake-a",
}  # fmt: skip
CLEANUP = HEAD | {"ray.io/node-type": "redis-cleanup"}
FRONT = {"ray.io/is-ray-node": "yes", "ray.io/node-type": "worker", "ray.io/group": "front", "ray.io/serve": "true"}
READER = {"ray.io/is-ray-node": "yes", "ray.io/node-type": "worker", "ray.io/group": "readers", "ray.io/serve": "true"}
"""The labels of pods here; KubeRay gives those that begin with ray.io."""


def list_rules(labels: Mapping[str, str], direction: str) -> list[Manifest]:
    """The rules that hold for a pod, of all policies that select it."""
    policies = [one["spec"] for one in load_base() if one["kind"] == "NetworkPolicy"]
    holding = [policy for policy in policies if selects(policy["podSelector"], labels)]
    assert any(direction.title() in policy["policyTypes"] for policy in holding)
    return [rule for policy in holding for rule in policy.get(direction, [])]


def may(source: Mapping[str, str], target: Mapping[str, str], port: int) -> bool:
    """Whether both sides let that pod of this namespace connect to the other one."""

    def lets(rules: list[Manifest], side: str, other: Mapping[str, str]) -> bool:
        for rule in rules:
            peers = rule.get(side)
            peer_fits = peers is None or any(
                peer.keys() == {"podSelector"} and selects(peer["podSelector"], other) for peer in peers
            )
            if peer_fits and ("ports" not in rule or port in {one["port"] for one in rule["ports"]}):
                return True
        return False

    return lets(list_rules(source, "egress"), "to", target) and lets(list_rules(target, "ingress"), "from", source)


def test_network_lets_each_part_reach_what_it_needs_and_no_more() -> None:
    assert may(GATEWAY, FRONT, 8000)
    assert may(SCREENS, FRONT, 8000)
    assert may(FRONT, HEAD, 6379)
    assert may(FRONT, READER, 10005)
    assert may(READER, FRONT, 10005)
    assert not may(FRONT, GATEWAY, 443)
    assert not may(FRONT, SCREENS, 8501)
    assert not may({"app": "stranger"}, FRONT, 8000)
    assert may(GATEWAY, READER, 8000)
    assert may(GATEWAY, SCREENS, 8501)
    assert may(SCREENS, READER, 8000)
    assert may(READER, HEAD, 6379)
    assert may(HEAD, READER, 10005)
    assert not may(GATEWAY, HEAD, 8265)
    assert not may(SCREENS, HEAD, 8265)
    assert not may(SCREENS, GATEWAY, 443)
    assert not may(READER, GATEWAY, 443)
    assert not may({"app": "stranger"}, READER, 8000)
    assert not may({"app": "stranger"}, HEAD, 8265)


def list_ports_to(namespace: str, labels: Mapping[str, str]) -> set[int]:
    return {
        port["port"]
        for rule in list_rules(labels, "egress")
        for peer in rule.get("to", [])
        if peer.get("namespaceSelector", {}).get("matchLabels") == {"kubernetes.io/metadata.name": namespace}
        for port in rule["ports"]
    }


def test_only_rays_nodes_reach_records_objects_and_models_and_only_the_head_redis() -> None:
    assert list_ports_to("data", READER) == {5432, 9000, 5000}
    assert list_ports_to("data", FRONT) == {5432, 9000, 5000}
    assert list_ports_to("data", HEAD) == {5432, 9000, 5000, 6379}
    assert list_ports_to("data", GATEWAY) == list_ports_to("data", SCREENS) == set()


def test_job_that_cleans_up_redis_reaches_it_and_leaves_the_home_alone() -> None:
    assert 6379 in list_ports_to("data", CLEANUP)
    head = pick(load_base(), "RayService")["spec"]["rayClusterConfig"]["headGroupSpec"]["template"]["spec"]
    (prepare,) = head["initContainers"]
    (variable,) = prepare["env"]
    assert variable["valueFrom"]["fieldRef"]["fieldPath"] == "metadata.labels['ray.io/node-type']"
    assert run_prepare(prepare, CLEANUP) == ""
    assert run_prepare(prepare, HEAD) == "prepare"


def run_prepare(container: Manifest, labels: Mapping[str, str]) -> str:
    """What `sake` would be called with in a pod of these labels."""
    said_by_sake = 'sake() { echo "$@"; }; exec() { "$@"; }; '
    shell, option, script = container["command"]
    environment = {"NODE_TYPE": labels["ray.io/node-type"], "PATH": os.environ["PATH"]}
    command = [shell.replace("sh", "bash"), option, said_by_sake + script]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.strip()


def test_every_pod_asks_for_names_also_where_each_machine_caches_them() -> None:
    for pod in (GATEWAY, SCREENS, HEAD, FRONT, READER, CLEANUP):
        peers = [peer for rule in list_rules(pod, "egress") for peer in rule.get("to", []) if 53 in list_ports(rule)]
        assert {"ipBlock": {"cidr": "169.254.20.10/32"}} in peers
        assert any(peer.get("podSelector") == {"matchLabels": {"k8s-app": "kube-dns"}} for peer in peers)


def list_ports(rule: Manifest) -> set[int]:
    return {port["port"] for port in rule.get("ports", [])}


def test_prometheus_reaches_the_metrics_that_are_exported() -> None:
    def list_asked(labels: Mapping[str, str]) -> set[int]:
        return {
            port
            for rule in list_rules(labels, "ingress")
            for peer in rule.get("from", [])
            if peer.get("namespaceSelector", {}).get("matchLabels") == {"kubernetes.io/metadata.name": "monitoring"}
            for port in list_ports(rule)
        }

    assert list_asked(HEAD) == list_asked(FRONT) == list_asked(READER) == {8080}
    for name, labels in {"gateway": GATEWAY, "user-screens": SCREENS, "admin-screens": SCREENS}.items():
        (container,) = pick(load_base(), "Deployment", name)["spec"]["template"]["spec"]["containers"]
        exported = {port["containerPort"] for port in container["ports"] if port["name"] == "metrics"}
        assert exported
        assert exported <= list_asked(labels)
        settings = [*container["command"], *(one["value"] for one in container["env"] if "METRICS" in one["name"])]
        assert "0.0.0.0" in settings  # noqa: S104


def load_outward() -> list[Manifest]:
    path = FOLDER / "components/outward/network.yaml"
    return list(yaml.safe_load_all(path.read_text(encoding="utf-8")))


def test_only_front_pods_and_heads_reach_the_internet_and_only_with_the_component() -> None:
    everywhere = [
        one["metadata"]["name"]
        for one in load_base()
        if one["kind"] == "NetworkPolicy"
        for path, value in walk(one["spec"].get("egress", []))
        if path.endswith("/cidr") and value == "0.0.0.0/0"
    ]
    assert everywhere == []
    outward, traces = load_outward()
    for one in (outward, traces):
        kubernetes_validate.validate(one, "1.32", strict=True)
    assert selects(outward["spec"]["podSelector"], FRONT)
    assert selects(outward["spec"]["podSelector"], HEAD)
    for labels in (READER, GATEWAY, SCREENS):
        assert not selects(outward["spec"]["podSelector"], labels)
    assert selects(traces["spec"]["podSelector"], READER)


def test_overlay_takes_the_component(tmp_path: Path) -> None:
    if fault := find_kustomize_fault():
        pytest.skip(fault)
    shutil.copytree(FOLDER, tmp_path / "kuberay")
    with (tmp_path / "kuberay/overlays/small/kustomization.yaml").open("a") as file:
        file.write("\ncomponents: [../../components/outward]\n")
    command = ["kubectl", "kustomize", str(tmp_path / "kuberay/overlays/small")]
    rendered = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    names = {one["metadata"]["name"] for one in yaml.safe_load_all(rendered) if one["kind"] == "NetworkPolicy"}
    assert {"outward", "traces", "head"} <= names
