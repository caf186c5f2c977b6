"""The metadata and the keys of an issuer, fetched when they are needed and kept while they are fresh."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import jwt

from sake_ray.errors import Overloaded, Unauthenticated

log = logging.getLogger(__name__)

FRESH_SECONDS = 3600.0
"""So long metadata and keys count without being asked for again; a key that was withdrawn counts no longer than that."""
PAUSE_SECONDS = 30.0
"""Between two fetches, whatever keys tokens name: nobody has us ask the issuer for each made-up one."""
PAUSE_AFTER_FAILURE_SECONDS = 10.0
MAX_BYTES = 1_000_000
KINDS = {"RSA", "EC", "OKP"}
"""Of keys that can sign so that others can verify it. A symmetric one is never taken from a public document."""


@dataclass(frozen=True, slots=True)
class IssuerMetadata:
    """Where the issuer is asked for what, and its keys by their ids."""

    authorization_endpoint: str
    token_endpoint: str
    end_session_endpoint: str
    keys: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


class IssuerKeys:
    """What the issuer publishes. While it does not answer, what was known goes on counting; what is new is refused."""

    def __init__(self, url: str, http: httpx.Client, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.url, self._http, self._clock = url, http, clock
        self._known: IssuerMetadata | None = None
        self._fetched_at = self._not_before = -FRESH_SECONDS
        self._lock = threading.Lock()

    def get_metadata(self) -> IssuerMetadata:
        """Get the metadata; raises Overloaded while the issuer does not answer and never has."""
        known = self._known
        if known is None or self._clock() - self._fetched_at >= FRESH_SECONDS:
            # Whoever needs nothing new does not wait for what another thread fetches.
            known = self._refresh(known, wait=known is None) or known
        if known is None:
            raise Overloaded("issuer-unreachable")
        return known

    def find_key(self, id: str | None, algorithm: str) -> jwt.PyJWK:
        """Find a key by its id, for an algorithm. A token need not name its key while there is one only.

        Raises Unauthenticated for a key that the issuer does not have, Overloaded when it cannot be asked.
        """
        metadata = self.get_metadata()
        key = _choose(metadata, id)
        if key is None:
            latest = self._refresh(metadata, wait=True)
            if latest is None:
                raise Overloaded("issuer-unreachable")
            key = _choose(latest, id)
        if key is None or key.get("alg", algorithm) != algorithm:
            raise Unauthenticated("issuer-token-invalid")
        return jwt.PyJWK(dict(key), algorithm=algorithm)

    def _refresh(self, seen: IssuerMetadata | None, *, wait: bool) -> IssuerMetadata | None:
        """Fetch anew what was `seen`, unless another thread just has or it is too early; None when there is no answer."""
        if not self._lock.acquire(blocking=wait):
            return None
        try:
            if self._known is not seen:
                return self._known
            now = self._clock()
            if now < self._not_before:
                return self._known if now - self._fetched_at < PAUSE_SECONDS else None
            try:
                self._known = self._fetch()
            except (httpx.HTTPError, ValueError, KeyError, TypeError, AttributeError, jwt.PyJWTError) as error:
                log.warning("issuer not reached", extra={"error": f"{type(error).__name__}: {error}"})
                self._not_before = self._clock() + PAUSE_AFTER_FAILURE_SECONDS
                return None
            self._fetched_at = self._clock()
            self._not_before = self._fetched_at + PAUSE_SECONDS
            return self._known
        finally:
            self._lock.release()

    def _fetch(self) -> IssuerMetadata:
        metadata = self._get(f"{self.url.rstrip('/')}/.well-known/openid-configuration")
        if metadata["issuer"] != self.url:
            raise ValueError(f"it calls itself {metadata['issuer']}, not {self.url}")
        published = self._get(str(metadata["jwks_uri"]))["keys"]
        usable = [one for one in published if one.get("kty") in KINDS and one.get("use", "sig") == "sig"]
        return IssuerMetadata(
            str(metadata["authorization_endpoint"]),
            str(metadata["token_endpoint"]),
            str(metadata.get("end_session_endpoint", "")),
            {str(one.get("kid", "")): one for one in usable},
        )

    def _get(self, url: str) -> dict[str, Any]:
        response = self._http.get(url)
        response.raise_for_status()
        if len(response.content) > MAX_BYTES:
            raise ValueError(f"{url} is too long")
        found: dict[str, Any] = response.json()
        return found


def _choose(metadata: IssuerMetadata, id: str | None) -> Mapping[str, Any] | None:
    if id is None:
        return next(iter(metadata.keys.values())) if len(metadata.keys) == 1 else None
    return metadata.keys.get(id)
