"""The role of the account that has signed in."""

import streamlit as st

from frontends import session
from sake_ray.domain.accounts import Role
from sake_ray.errors import SakeError


def fetch_own_role() -> Role | None:
    """Fetch the role once per session; None while the service does not answer, which the view then reports."""
    token = session.token()
    stored: tuple[str, Role] | None = st.session_state.get("role")
    if stored is None or stored[0] != token:
        try:
            stored = st.session_state["role"] = (token, session.client(patience=0).accounts.me().role)
        except SakeError:
            return None
    return stored[1]
