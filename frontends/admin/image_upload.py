"""Add training images: sent file by file, each released as soon as the service has it."""

from collections.abc import Sequence

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from frontends import session
from frontends.admin.actions import store_error
from frontends.admin.label_picker import choose_label, fetch_known_labels
from frontends.i18n import Translations, literal
from frontends.site import current_site
from frontends.user.document_state import label_name
from frontends.user.uploads import release
from sake_ray.errors import InputError, LimitExceeded, SakeError, UnreadableDocument

PATIENCE_SECONDS = 60.0


def show(labels: Sequence[str], chosen: str | None, words: Translations) -> None:
    """Show the form."""
    with st.container():
        for name, why in st.session_state.pop("not-added", []):
            st.error(words("upload.refused", name=literal(name), why=literal(why)), icon=":material/block:")
    with st.expander(words("admin.images.add"), expanded=not labels, icon=":material/add_photo_alternate:"):
        default = chosen if chosen in labels else None
        st.caption(words("admin.images.add_hint"))
        with st.container(horizontal=True, vertical_alignment="bottom"):
            label = choose_label(
                words("admin.images.label"), fetch_known_labels(labels), words, key=f"add-to-{chosen}", default=default
            )
        megabytes = max(1, current_site().max_bytes // 1_000_000)
        files = st.file_uploader(
            words("admin.images.files", megabytes=megabytes),
            accept_multiple_files=True,
            max_upload_size=megabytes,
            key=f"images-{st.session_state.get('round', 0)}",
        )
        ready = bool(files and label)
        text = words.count("admin.images.send", len(files)) if files else words("admin.images.send.none")
        if st.button(text, type="primary", disabled=not ready, icon=":material/upload:", key="add"):
            _add_all(label, files, words)
        elif files and not ready:
            st.caption(words("admin.images.wants_label"))


def _add_all(label: str, files: Sequence[UploadedFile], words: Translations) -> None:
    """Send the files. A file that is there already is no error, so an interrupted upload can simply be repeated."""
    bar, added, refused = st.progress(0.0), 0, []
    for number, file in enumerate(files, start=1):
        bar.progress((number - 1) / len(files), text=words("upload.sending", n=number, of=len(files)))
        try:
            session.client(patience=PATIENCE_SECONDS).images.add(label, [(file.name, file.getvalue())])
            added += 1
        except (UnreadableDocument, LimitExceeded, InputError) as error:
            refused.append((file.name, words.translate(error.message)))
        except SakeError as error:
            store_error(error)
            break
        release(file)
    st.session_state["not-added"] = refused
    st.session_state["round"] = st.session_state.get("round", 0) + 1
    if added:
        st.session_state["done"] = words.count("admin.images.added", added, label=label_name(label, words))
        st.query_params["label"] = label
    st.rerun()
