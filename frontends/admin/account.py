"""Know as what the caller has signed in."""

import streamlit as st

from frontends import session
from sake_ray.domain.accounts import Role
from sake_ray.errors import SakeError


def own_role() -> Role | None:
    """The role of the account, asked for once a session; None while the service does not say, which the view then tells."""
    mine = session.token()
    kept: tuple[str, Role] | None = st.session_state.get("role")
    if kept is None or kept[0] != mine:
        try:
            kept = st.session_state["role"] = (mine, session.client(patience=0).accounts.me().role)
        except SakeError:
            return None
    return kept[1]
