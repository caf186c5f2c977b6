"""Where a request comes from: nobody can pass for somebody else."""

import pytest

from sake_ray.domain.peers import find_peer, find_subscriber, parse_networks, read_signed_peer, sign_peer

PROXIES = parse_networks("10.0.0.0/24, fd00::1")


@pytest.mark.parametrize(
    ("host", "forwarded", "peer"),
    [
        ("7.7.7.7", ["9.9.9.9"], "7.7.7.7"),
        ("127.0.0.1", ["9.9.9.9"], "127.0.0.1"),
        ("10.0.0.1", ["9.9.9.9"], "9.9.9.9"),
        ("10.0.0.1", ["1.1.1.1, 9.9.9.9"], "9.9.9.9"),
        ("10.0.0.1", ["1.1.1.1", "9.9.9.9, 10.0.0.2"], "9.9.9.9"),
        ("10.0.0.1", ["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        ("10.0.0.1", ["9.9.9.9:4711"], "9.9.9.9"),
        ("fd00::1", ["[2001:db8::7]:4711"], "2001:db8::7"),
        ("::ffff:10.0.0.1", ["9.9.9.9"], "9.9.9.9"),
        ("10.0.0.1", ["9.9.9.9, nonsense"], "10.0.0.1"),
        ("10.0.0.1", [""], "10.0.0.1"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("testclient", ["9.9.9.9"], "testclient"),
        ("", ["9.9.9.9"], ""),
    ],
)
def test_only_what_trusted_proxies_have_written_is_believed(host: str, forwarded: list[str], peer: str) -> None:
    assert find_peer(host, forwarded, PROXIES) == peer


def test_without_trusted_proxies_nothing_is_believed() -> None:
    assert find_peer("127.0.0.1", ["9.9.9.9"], ()) == "127.0.0.1"


def test_a_stated_peer_is_believed_by_its_key_only() -> None:
    stated = sign_peer("9.9.9.9", "key")
    assert read_signed_peer(stated, "key") == "9.9.9.9"
    for forged, key in (
        (stated, "other"),
        (sign_peer("9.9.9.9", ""), ""),
        (stated.replace("9.9.9.9", "1.1.1.1"), "key"),
        ("9.9.9.9", "key"),
        ("9.9.9.9;é", "key"),
        ("", "key"),
    ):
        assert read_signed_peer(forged, key) is None


def test_addresses_of_one_ipv6_network_are_one_subscriber() -> None:
    assert find_subscriber("2001:db8::1") == find_subscriber("2001:db8::2:3") != find_subscriber("2001:db8:1::1")
    assert find_subscriber("9.9.9.9") == "9.9.9.9"


def test_a_network_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="nonsense"):
        parse_networks("10.0.0.1, nonsense")
