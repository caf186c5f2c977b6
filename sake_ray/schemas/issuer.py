"""Signing in by an OpenID Connect issuer."""

from pydantic import Field

from sake_ray.schemas.accounts import TokenOut
from sake_ray.schemas.base import RequestModel, ResponseModel


class IssuerOut(ResponseModel):
    """Where a browser signs in and out, and as which client."""

    client_id: str
    scope: str = Field(examples=["openid profile"])
    authorization_endpoint: str
    end_session_endpoint: str = Field(description="Empty where the issuer has none.")


class IssuerCodeIn(RequestModel):
    """The code that a browser has brought from the issuer, and the secrets that it was asked for with."""

    code: str = Field(min_length=1, max_length=4000)
    verifier: str = Field(min_length=43, max_length=128, description="The PKCE verifier (RFC 7636).")
    nonce: str = Field(min_length=16, max_length=200)
    redirect_uri: str = Field(min_length=1, max_length=2000)


class IssuerSignInOut(TokenOut):
    """A token of a session here, and the issuer's own, which signing out there needs."""

    id_token: str
