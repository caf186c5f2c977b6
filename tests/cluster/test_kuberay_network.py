"""The network policies of cluster/kuberay let each part reach what it needs, and no more."""

from collections.abc import Mapping

from tests.cluster.manifests import Manifest, load_base, selects

GATEWAY, SCREENS = {"app": "gateway"}, {"app": "user-screens", "screens": "true"}
HEAD = {"ray.io/is-ray-node": "yes", "ray.io/node-type": "head", "ray.io/cluster": "sake-a"}
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
                "namespaceSelector" not in peer and selects(peer["podSelector"], other) for peer in peers
            )
            if peer_fits and ("ports" not in rule or port in {one["port"] for one in rule["ports"]}):
                return True
        return False

    return lets(list_rules(source, "egress"), "to", target) and lets(list_rules(target, "ingress"), "from", source)


def test_network_lets_each_part_reach_what_it_needs_and_no_more() -> None:
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
    assert list_ports_to("data", HEAD) == {5432, 9000, 5000, 6379}
    assert list_ports_to("data", GATEWAY) == list_ports_to("data", SCREENS) == set()
