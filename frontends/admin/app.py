"""The application of the admin; Streamlit runs this for every view."""

import streamlit as st

from frontends import theme
from frontends.frame import View, run

ADMIN = [
    View("images", "photo_library"),
    View("training", "model_training"),
    View("models", "deployed_code"),
    View("settings", "settings"),
]
st.html(f"<style>{theme.read_look('admin.css')}</style>")
run(ADMIN)
