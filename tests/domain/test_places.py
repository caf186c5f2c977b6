"""What a watched place may be, and what it is called."""

import pytest

from sake_ray.domain.places import PlaceAddress, parse_place, parse_places


@pytest.mark.parametrize(
    ("text", "team", "address", "name"),
    [
        ("/srv/scans", "office", "/srv/scans", "scans"),
        ("paris=/srv/Scans Paris/", "paris", "/srv/Scans Paris/", "Scans Paris"),
        ("./a=b", "office", "./a=b", "a=b"),
        ("s3://in/lyon", "office", "s3://in/lyon", "lyon"),
        ("lyon = s3://in", "lyon", "s3://in", "in"),
        ("imaps://marie@firm.fr@imap.fr/A", "office", "imaps://marie@firm.fr@imap.fr/A", "A at imap.fr"),
        ("imaps://marie@host", "office", "imaps://marie@host", "INBOX at host"),
        ("/", "office", "/", "/"),
    ],
)  # fmt: skip
def test_a_place_is_a_folder_a_bucket_or_a_mailbox_of_a_team(text: str, team: str, address: str, name: str) -> None:
    place = parse_place(text, team="office")
    assert place == PlaceAddress(team, address)
    assert place.name == name


@pytest.mark.parametrize(
    "text",
    ["", "paris=", "=/srv", "ftp://host/x", "imap://marie@host/INBOX", "imaps://host/INBOX", "imaps://marie:secret@host",
     "imaps://marie@host:no/INBOX", "s3://", "s3:///"],
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"place|names|neither|mailbox|[Pp]ort"):
        parse_place(text, team="office")


def test_places_are_separated_by_commas() -> None:
    assert [place.team for place in parse_places("/a, paris=/b,", team="office")] == ["office", "paris"]
    assert parse_places(" ", team="office") == ()
