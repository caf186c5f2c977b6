"""Carry out a request under an Idempotency-Key once, and give the same response however often it is sent."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from uuid import uuid4

from pydantic import BaseModel
from starlette.responses import Response

from sake_ray.serve.lease_renewal import LeaseRenewal
from sake_ray.serve.sealing import Seal, derive_key
from sake_ray.storage.records import HeldKey, PendingReply, Records

REPLAYED = {"Idempotency-Replayed": "true"}
HEADERS = ("location", "retry-after", "content-type")
"""What is stored of the headers; the others belong to the one exchange."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class StoredResponse:
    """A response as it is stored: its status, its body, and the headers that belong to the outcome."""

    status: int
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_model(
        cls, model: BaseModel, *, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> "StoredResponse":
        """Make the response of a route that answers with a model."""
        return cls(status, model.model_dump_json(), {"content-type": "application/json"} | dict(headers or {}))

    @classmethod
    def of_response(cls, response: Response) -> "StoredResponse":
        """Copy a response that was made."""
        headers = {name: response.headers[name] for name in HEADERS if name in response.headers}
        return cls(response.status_code, bytes(response.body).decode(), headers)

    def replay(self) -> Response:
        """Make the response again; it says that it is not the first."""
        return Response(self.body, self.status, headers=dict(self.headers) | REPLAYED)


class KeyedRequest:
    """One request under a key. The records never see the key: it is hashed, and replies are sealed under it.

    Both take the secret of this installation too, so that whoever reads the records cannot try out short keys.
    """

    def __init__(self, records: Records, renewal: LeaseRenewal, secret: str, account: str, key: str) -> None:
        self._records, self._renewal, self._account = records, renewal, account
        self._hash = derive_key(secret, "idempotency", "key", account, key).hex()
        self._replies = Seal(secret, "idempotency", "reply", account, key)
        self._held: HeldKey | None = None
        self._replied = False

    def begin(self, digest: str, *, now: datetime) -> None:
        """Hold the key for content of this digest, until `end`. Raises AlreadyAnswered, IdempotencyKeyReused, StillRunning."""
        held = HeldKey(self._account, self._hash, digest, uuid4().hex)
        self._records.idempotency_keys.begin(held, now=now)
        self._held = held
        self._renewal.keep(held)

    def reply(self, present: Callable[[T], StoredResponse], *, now: datetime) -> PendingReply[T] | None:
        """Let the transaction that carries out the request store its response; None while the key is not held."""

        def make(recorded: T) -> str:
            self._replied = True
            return self._seal(present(recorded))

        return PendingReply(self._held, make, now) if self._held else None

    def finish(self, response: StoredResponse, *, now: datetime) -> None:
        """Store the response of a request that was carried out, unless its transaction did. Raises AlreadyAnswered."""
        if self._held and not self._replied:
            self._records.idempotency_keys.save(self._held, self._seal(response), now=now)

    def abandon(self) -> StoredResponse | None:
        """Free the key of a request that failed; return the response if the same was carried out all the same."""
        known = self._records.idempotency_keys.release(self._held) if self._held else None
        return self.open(known) if known is not None else None

    def end(self) -> None:
        """Renew the key no longer."""
        if self._held:
            self._renewal.drop(self._held)

    def open(self, reply: str) -> StoredResponse:
        """Open a reply that was sealed under this key."""
        return StoredResponse(**json.loads(self._replies.open(reply)))

    def _seal(self, response: StoredResponse) -> str:
        content = {"status": response.status, "body": response.body, "headers": dict(response.headers)}
        return self._replies.close(json.dumps(content))


class RequestKeys:
    """Makes the keyed requests of this process."""

    def __init__(self, records: Records, renewal: LeaseRenewal, secret: str) -> None:
        self.records, self.renewal, self.secret = records, renewal, secret

    def open(self, account: str, key: str) -> KeyedRequest:
        """Make the request of an account under a key; nothing is held yet."""
        return KeyedRequest(self.records, self.renewal, self.secret, account, key)


def reply_to(
    request: KeyedRequest | None, present: Callable[[T], StoredResponse], *, now: datetime
) -> PendingReply[T] | None:
    """What a transaction needs to store the response of its request; None for a request without a key."""
    return request.reply(present, now=now) if request else None
