"""An OpenID Connect issuer, such as Keycloak: what is known of it, and whom its claims speak of."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sake_ray.domain.accounts import OF_ALL_TEAMS, Role
from sake_ray.errors import PermissionDenied, SetupError

RANKS = (Role.ADMIN, Role.OPS, Role.REVIEWER, Role.USER)
"""Which of several roles counts: the first."""


@dataclass(frozen=True, slots=True)
class IssuerConfig:
    """An issuer and how its claims are read. Plain values only, so that it can be sent to the replicas."""

    url: str
    client: str
    """The id of the client as which the screens sign people in."""
    secret_file: Path | None = None
    """Holds the secret of that client; a public client has none."""
    audience: str = ""
    """Whom access tokens for the API must be meant for; without one none is taken."""
    name_claim: str = "preferred_username"
    roles_claim: str = "realm_access.roles"
    team_claim: str = ""
    """Empty: everybody is of the default team."""
    roles: tuple[tuple[str, Role], ...] = ()
    """What the roles of the issuer mean here."""
    default_team: str = "office"


@dataclass(frozen=True, slots=True)
class IssuerIdentity:
    """A person, as the issuer says: `subject` is theirs for ever, the rest may be another the next time."""

    issuer: str
    subject: str
    name: str
    role: Role
    team: str


def parse_roles(text: str) -> tuple[tuple[str, Role], ...]:
    """Read `sake-user=user,sake-admin=admin`; raises SetupError."""
    pairs = [pair.partition("=") for pair in text.split(",") if pair.strip()]
    try:
        return tuple((name.strip(), Role(role.strip())) for name, _, role in pairs)
    except ValueError as error:
        raise SetupError("issuer-roles-invalid", text=text, roles=", ".join(Role)) from error


def find_claim(claims: Mapping[str, object], path: str) -> object:
    """Find the claim of a path: names joined by dots, or a JSON pointer, for names that have dots. None without one."""
    found: object = claims
    for name in path[1:].split("/") if path.startswith("/") else path.split("."):
        found = found.get(name.replace("~1", "/").replace("~0", "~")) if isinstance(found, Mapping) else None
    return found


def identify(config: IssuerConfig, *sources: Mapping[str, object]) -> IssuerIdentity:
    """Read whom claims speak of, each from the first of the sources that has it. Raises PermissionDenied."""
    subject = str(sources[0]["sub"])
    given = _list_words(_find_first(sources, config.roles_claim))
    meant = {role for name, role in config.roles if name in given}
    role = next((role for role in RANKS if role in meant), None)
    if role is None:
        raise PermissionDenied("issuer-grants-no-role", claim=config.roles_claim)
    name = _find_first(sources, config.name_claim)
    named = name.strip() if isinstance(name, str) else ""
    return IssuerIdentity(config.url, subject, named or subject, role, _find_team(config, sources, role))


def _find_team(config: IssuerConfig, sources: tuple[Mapping[str, object], ...], role: Role) -> str:
    if not config.team_claim:
        return config.default_team
    found = _find_first(sources, config.team_claim)
    # Keycloak writes groups as paths.
    teams = sorted({team.strip("/") for team in ([found] if isinstance(found, str) else _list_words(found))} - {""})
    if len(teams) == 1:
        return teams[0]
    if role in OF_ALL_TEAMS:
        return config.default_team
    raise PermissionDenied("issuer-names-no-team", claim=config.team_claim, count=len(teams))


def _find_first(sources: tuple[Mapping[str, object], ...], path: str) -> object:
    return next((found for claims in sources if (found := find_claim(claims, path)) is not None), None)


def _list_words(value: object) -> frozenset[str]:
    """The words of a claim: a list, the keys of an object, or one text with blanks."""
    if isinstance(value, str):
        return frozenset(value.split())
    return frozenset(str(word) for word in value) if isinstance(value, list | tuple | Mapping) else frozenset()
