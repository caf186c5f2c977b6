"""Send chosen files one by one into one batch, and release each as soon as the service has it."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from frontends import session
from sake_ray.errors import InputError, LimitExceeded, NotFound, UnreadableDocument

PATIENCE_SECONDS = 60.0


@dataclass(slots=True)
class UploadSession:
    """A batch being sent; `sent_ids` are Streamlit's ids of the files that arrived, `round` names the next file picker."""

    reference: str = ""
    uuid: str | None = None
    sent_ids: set[str] = field(default_factory=set)
    refused: list[tuple[str, str]] = field(default_factory=list)
    round: int = 0


def send_all(upload: UploadSession, reference: str, files: Sequence[UploadedFile]) -> None:
    """Send what is not sent yet, then show the results.

    Repeated after an interruption it sends nothing twice: a file keeps its Idempotency-Key, the batch its uuid.
    """
    words = session.words()
    if upload.reference != reference:
        upload.reference, upload.uuid = reference, None
    upload.refused.clear()
    bar, waiting = st.progress(0.0), [file for file in files if file.file_id not in upload.sent_ids]
    for number, file in enumerate(waiting, start=1):
        bar.progress((number - 1) / len(waiting), text=words("upload.sending", n=number, of=len(waiting)))
        _send_one(upload, file, expected=len(files))
    _finish(upload, len(files))


def _send_one(upload: UploadSession, file: UploadedFile, *, expected: int) -> None:
    try:
        upload.uuid = _submit(upload, file)
        # From here on the address alone finds the batch, and the number of files that should be in it.
        st.query_params.from_dict({"batch": upload.uuid, "of": str(expected - len(upload.refused))})
    except (UnreadableDocument, LimitExceeded, InputError) as error:
        upload.refused.append((file.name, session.words().translate(error.message)))
    upload.sent_ids.add(file.file_id)
    release(file)


def _submit(upload: UploadSession, file: UploadedFile) -> str:
    client, files = session.client(patience=PATIENCE_SECONDS), [(file.name, file.getvalue())]
    try:
        return client.batches.submit(
            upload.reference, files, uuid=upload.uuid, key=f"{file.file_id}-{upload.uuid}"
        ).uuid
    except (InputError, NotFound):
        if upload.uuid is None:
            raise
        # The batch accepts no more files (it is an hour old, or full): the rest goes into a new one.
        return client.batches.submit(upload.reference, files, key=f"{file.file_id}-None").uuid


def release(file: UploadedFile) -> None:
    """Release the bytes of a file that is sent; Streamlit would hold them until the choice of files changes."""
    context = get_script_run_ctx()
    if context and hasattr(context.uploaded_file_mgr, "remove_file"):
        context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)
    with suppress(BufferError):
        file.close()


def _finish(upload: UploadSession, count: int) -> None:
    uuid, refused = upload.uuid, list(upload.refused)
    st.session_state["sending"] = UploadSession(round=upload.round + 1, refused=refused if uuid is None else [])
    if uuid is None:
        st.rerun()
    st.session_state["refused"] = {uuid: refused}
    st.switch_page("views/results.py", query_params={"batch": uuid, "of": str(count - len(refused))})
