"""Authenticate accounts, by password, by token and by API key; begin and end their sessions."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sake_ray.domain.accounts import Account, SecondFactorRule, Session
from sake_ray.domain.audit import AuditAction
from sake_ray.domain.issuers import IssuerIdentity
from sake_ray.domain.peers import current_peer
from sake_ray.errors import InputError, NotFound, PermissionDenied, Unauthenticated
from sake_ray.serve.accounts import list_names
from sake_ray.serve.api_keys import PREFIX, authenticate_api_key
from sake_ray.serve.executors import RECORDS, SIGN_IN
from sake_ray.serve.issuer import Issuer, IssuerSignIn
from sake_ray.serve.passwords import PasswordThreads, hash_password, verify_password
from sake_ray.serve.second_factors import NewSecret, SecondFactorCheck
from sake_ray.serve.sign_in_limits import Attempt, SignInLimits
from sake_ray.serve.tokens import (
    SESSION_LIFETIME,
    find_device,
    is_ticket,
    make_device_token,
    make_ticket,
    make_token,
    read_token,
)
from sake_ray.storage.records import Records


def utc_now() -> datetime:
    """Return the current time, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """An account that has proved its password, its token, and the token by which its device is known the next time."""

    account: Account
    token: str
    device: str


class Authenticator:
    """Authenticates by password and by token; a token is checked against session and account in the records each time."""

    def __init__(
        self,
        records: Records,
        key: str,
        *,
        issuer: Issuer | None = None,
        second_factor: SecondFactorRule = SecondFactorRule.NONE,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.records, self.key, self.issuer, self._clock = records, key, issuer, clock
        self.second_factor, self.factors = second_factor, SecondFactorCheck(records, key)
        self.limits = SignInLimits(records, key)
        self.threads = PasswordThreads()

    async def sign_in(
        self,
        name: str,
        password: str,
        *,
        code: str = "",
        ticket: str = "",
        peer: str,
        device: str = "",
        now: datetime,
    ) -> SignedIn:
        """Check a password and, where the account has a second factor, a code.

        `ticket` stands for the password: the error that asks for a code has it. `device` is the token that an earlier sign-in
        gave, if there was one. Raises Unauthenticated; TooManyAttempts after failures, Overloaded when too many sign in at once.
        """
        known = find_device(device, name, self.key) if device else None
        attempt = await SIGN_IN.run(self.limits.begin, name, peer, device=known, now=now)
        run = self.threads.run if known else self.threads.run_for_stranger
        return await run(self._sign_in, attempt, name, password, ticket, code, known, now)

    async def change_password(self, account: Account, old: str, new: str, *, now: datetime) -> str:
        """Change a password, which ends all sessions; begin a new one and return its token.

        Raises PermissionDenied, InputError; TooManyAttempts and Overloaded like `sign_in`.
        """
        attempt = await SIGN_IN.run(self.limits.begin_change, account.name, now=now)
        return await self.threads.run(self._change_password, attempt, account, old, new, now)

    def begin_second_factor(self, account: Account) -> NewSecret:
        """Make the secret of a second factor; it counts once it is confirmed. Raises InputError."""
        return self.factors.begin(account)

    async def confirm_second_factor(self, account: Account, code: str, *, now: datetime) -> tuple[str, tuple[str, ...]]:
        """Confirm a second factor, which ends all sessions; begin a new one, return its token and the recovery codes.

        Raises PermissionDenied for a wrong code, InputError when nothing was begun; TooManyAttempts.
        """
        return await RECORDS.run(self._confirm, account, code, now)

    def authenticate(self, token: str, *, now: datetime) -> Session:
        """Find the session of a token, or the account of an API key. Raises Unauthenticated when it counts no more."""
        if token.startswith(PREFIX):
            return authenticate_api_key(self.records, token, now=now)
        if self.issuer and self.is_of_issuer(token):
            return Session("", self._find_person(self.issuer.authenticate(token), now=now))
        name, id = read_token(token, self.key)
        account = self.records.sessions.find_account(id, now=now)
        if account is None or account.name != name:
            raise Unauthenticated("session-ended")
        if self.second_factor.demands(account):
            account = replace(account, must_set_up_second_factor=True)
        return Session(id, account)

    def is_of_issuer(self, token: str) -> bool:
        """Whether a token says that it comes from the issuer, which may have to be asked for its keys then."""
        return self.issuer is not None and not token.startswith(PREFIX) and self.issuer.has_issued(token)

    def sign_in_by_issuer(
        self, code: str, *, verifier: str, redirect_uri: str, nonce: str, peer: str, now: datetime
    ) -> tuple[SignedIn, IssuerSignIn]:
        """Begin a session of somebody whom the issuer has signed in.

        Raises like `Issuer.sign_in`; NotFound without one, TooManyAttempts after many codes that were refused.
        """
        issuer, attempt = self.require_issuer(), self.limits.begin_by_issuer(peer, now=now)
        try:
            found = issuer.sign_in(code, verifier=verifier, redirect_uri=redirect_uri, nonce=nonce)
            account = self._find_person(found.identity, now=now)
        except (Unauthenticated, PermissionDenied) as error:
            self.limits.fail(attempt, self._clock())
            self.records.audit.add(AuditAction.SIGN_IN_FAILED, by="", at=now, known=False, reason=error.code)
            raise
        self.limits.succeed(attempt, self._clock())
        return SignedIn(account, self.open_session(account, now=now), ""), found

    def require_issuer(self) -> Issuer:
        """Get the issuer; raises NotFound when there is none."""
        if self.issuer is None:
            raise NotFound("no-issuer")
        return self.issuer

    def open_session(self, account: Account, *, now: datetime) -> str:
        """Begin a session of an account that has proved who it is; return its token."""
        return open_session(self.records, account, self.key, now=now)

    def sign_out(self, session: Session, *, now: datetime) -> None:
        """End a session; its token counts no more. Raises PermissionDenied for a token of the issuer, which ends there."""
        if not session.id:
            raise PermissionDenied("issuer-token-not-ended")
        self.records.sessions.end(session.id, now=now)

    def sign_out_everywhere(self, account: Account, *, now: datetime) -> None:
        """End all sessions of an account."""
        self.records.sessions.end_all(account.name, now=now)

    def _find_person(self, identity: IssuerIdentity, *, now: datetime) -> Account:
        """Find the account of a person as the issuer describes them now; the first time make it."""
        account = self.records.identities.find_account(identity.issuer, identity.subject)
        if account is None or (account.role, account.team) != (identity.role, identity.team):
            account = self.records.identities.sign_in(identity, names=list_names(identity), now=now)
        if account.disabled:
            raise Unauthenticated("account-disabled")
        return account

    def _sign_in(
        self, attempt: Attempt, name: str, password: str, ticket: str, code: str, device: str | None, now: datetime
    ) -> SignedIn:
        account = self._check_password(attempt, name, password, ticket, now)
        if account.has_second_factor:
            attempt = self.limits.begin_code(attempt, name, device=device, now=self._clock())
            if not code:
                # Beside the sentence, for the request that follows.
                sent_along = {"ticket": make_ticket(name, account.tokens_since, self.key, now=now)}
                raise Unauthenticated("second-factor-needed", **sent_along)
            self._use_code(attempt, name, code, now)
        else:
            self.limits.succeed(attempt, self._clock())
        token = self.open_session(account, now=now)
        return SignedIn(account, token, make_device_token(name, device or secrets.token_urlsafe(12), self.key, now=now))

    def _check_password(self, attempt: Attempt, name: str, password: str, ticket: str, now: datetime) -> Account:
        found = self.records.accounts.find(name) if "\0" not in name else None
        if ticket:
            matches = found is not None and is_ticket(ticket, name, found[0].tokens_since, self.key)
        else:
            matches = verify_password(found[1] if found else None, password)
        if not (found and matches) or found[0].disabled:
            self.limits.fail(attempt, self._clock())
            # A name that nobody has may be a password in the wrong field.
            self.records.audit.add(AuditAction.SIGN_IN_FAILED, by=name if found else "", at=now, known=bool(found))
            raise Unauthenticated("wrong-credentials")
        return found[0]

    def _use_code(self, attempt: Attempt, name: str, code: str, now: datetime) -> None:
        proof = self.factors.find_proof(name, code, now=now)
        if proof is not None:
            self.limits.succeed(attempt, self._clock())
        # Of two that send the same code at once one is late.
        if proof is None or not self.factors.use(name, proof, now=now):
            self.limits.fail(attempt, self._clock())
            self.records.audit.add(
                AuditAction.SIGN_IN_FAILED, by=name, at=now, known=True, reason="second-factor-wrong"
            )
            raise Unauthenticated("second-factor-wrong")

    def _confirm(self, account: Account, code: str, now: datetime) -> tuple[str, tuple[str, ...]]:
        attempt = self.limits.begin_change(account.name, now=now)
        confirmed = self.factors.confirm(account, code, now=now)
        if confirmed is None:
            self.limits.fail(attempt, self._clock())
            raise PermissionDenied("second-factor-not-confirmed")
        self.limits.succeed(attempt, self._clock())
        changed, codes = confirmed
        return self.open_session(changed, now=now), codes

    def _change_password(self, attempt: Attempt, account: Account, old: str, new: str, now: datetime) -> str:
        if self.records.identities.is_known(account.name):
            raise PermissionDenied("password-of-issuer")
        found = self.records.accounts.find(account.name)
        if not verify_password(found[1] if found else None, old):
            self.limits.fail(attempt, self._clock())
            self.records.audit.add(AuditAction.PASSWORD_REFUSED, by=account.name, at=now)
            raise PermissionDenied("wrong-old-password")
        self.limits.succeed(attempt, self._clock())
        if new == old:
            raise InputError("password-unchanged")
        changed = self.records.accounts.set_password(account.name, hash_password(new), by=account.name)
        return self.open_session(changed, now=now)


def open_session(records: Records, account: Account, key: str, *, now: datetime) -> str:
    """Begin a session of an account that has proved who it is; return its token, signed with the key."""
    id, expires_at = secrets.token_urlsafe(24), now + SESSION_LIFETIME
    records.sessions.add(id, account, peer=current_peer.get(), now=now, expires_at=expires_at)
    return make_token(account.name, id, key, now=now)
