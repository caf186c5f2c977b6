"""The admin's application; ops see Monitoring only. Streamlit runs this script for every view."""

from dataclasses import replace

import streamlit as st

from frontends import session, theme
from frontends.admin.account import fetch_own_role
from frontends.layout import PageView, run
from sake_ray.domain.accounts import Role

MONITORING = PageView("monitoring", "monitor_heart")
ADMIN = [
    PageView("images", "photo_library"),
    PageView("corrections", "rule"),
    PageView("review", "rate_review"),
    PageView("training", "model_training"),
    PageView("experiments", "science"),
    PageView("models", "deployed_code"),
    MONITORING,
    PageView("settings", "settings"),
    PageView("audit", "history"),
]

st.html(f"<style>{theme.read_asset('admin.css')}</style>")
# Ops see one page in the menu. The others exist for them too, and answer that the account does not permit it.
OPS = [replace(view, in_menu=view is MONITORING) for view in ADMIN]
run(OPS if session.token() and fetch_own_role() is Role.OPS else ADMIN)
