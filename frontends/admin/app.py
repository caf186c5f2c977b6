"""The admin's application; ops see Monitoring only, reviewers Review. Streamlit runs this script for every view."""

from dataclasses import replace

import streamlit as st

from frontends import session, theme
from frontends.admin.account import fetch_own_role
from frontends.layout import PageView, run
from sake_ray.domain.accounts import Role

MONITORING = PageView("monitoring", "monitor_heart")
REVIEW = PageView("review", "rate_review")
ADMIN = [
    PageView("images", "photo_library"),
    PageView("corrections", "rule"),
    REVIEW,
    PageView("training", "model_training"),
    PageView("experiments", "science"),
    PageView("models", "deployed_code"),
    MONITORING,
    PageView("settings", "settings"),
    PageView("webhooks", "webhook"),
    PageView("audit", "history"),
    PageView("erasures", "delete_forever"),
]

st.html(f"<style>{theme.read_asset('admin.css')}</style>")
# Who sees one page in the menu. The others exist for them too, and answer that the account does not permit it.
ONLY = {Role.OPS: MONITORING, Role.REVIEWER: REVIEW}
role = fetch_own_role() if session.token() else None
only = ONLY.get(role) if role else None
run([replace(view, in_menu=view is only) for view in ADMIN] if only else ADMIN)
