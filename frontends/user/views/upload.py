"""Upload: a reference, files, send."""

import streamlit as st

from frontends import session
from frontends.i18n import literal
from frontends.site import current_site
from frontends.user.uploads import UploadSession, send_all
from sake_ray.domain.documents import MAX_REFERENCE, looks_like_uuid
from sake_ray.errors import Message


def main() -> None:
    """Show the form; with a batch in the address, go to its results."""
    if "batch" in st.query_params:
        st.switch_page("views/results.py", query_params=dict(st.query_params))
    words, site = session.words(), current_site()
    st.title(words("upload.title"), anchor=False)
    megabytes = max(1, site.max_bytes // 1_000_000)
    st.markdown(words("upload.lead", megabytes=megabytes, pages=site.max_pages))
    upload: UploadSession = st.session_state.setdefault("sending", UploadSession())
    reference = st.text_input(
        words("upload.reference"),
        key="reference",
        max_chars=MAX_REFERENCE,
        placeholder=words("upload.example"),
        help=words("upload.reference_help"),
    )
    files = st.file_uploader(
        words("upload.files"),
        accept_multiple_files=True,
        max_upload_size=megabytes,
        key=f"files-{upload.round}",
    )
    label = words.count("upload.send", len(files)) if files else words("upload.send.none")
    misleads = looks_like_uuid(reference or "")
    ready = bool(files and reference and reference.strip()) and not misleads
    if st.button(label, type="primary", disabled=not ready, width="stretch", icon=":material/send:"):
        send_all(upload, reference.strip(), files)
    elif misleads:
        st.error(words.translate(Message("reference-like-uuid")), icon=":material/block:")
    elif files and not ready:
        st.caption(words("upload.wants_reference"))
    for name, text in upload.refused:
        st.error(words("upload.refused", name=literal(name), why=literal(text)), icon=":material/block:")


main()
