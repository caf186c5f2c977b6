"""Send chosen files one by one into one batch, and let each go as soon as the service has it."""

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
    """One batch on its way; `sent` are the files the service has, by Streamlit's ids, `round` names the next choice of files."""

    reference: str = ""
    uuid: str | None = None
    sent: set[str] = field(default_factory=set)
    refused: list[tuple[str, str]] = field(default_factory=list)
    round: int = 0


def send_all(sending: UploadSession, reference: str, files: Sequence[UploadedFile]) -> None:
    """Send what is not sent yet, then show the results.

    Broken off and begun again it sends nothing twice: a file keeps its Idempotency-Key, the batch its uuid.
    """
    words = session.words()
    if sending.reference != reference:
        sending.reference, sending.uuid = reference, None
    sending.refused.clear()
    bar, waiting = st.progress(0.0), [file for file in files if file.file_id not in sending.sent]
    for number, file in enumerate(waiting, start=1):
        bar.progress((number - 1) / len(waiting), text=words("upload.sending", n=number, of=len(waiting)))
        _send_one(sending, file, expected=len(files))
    _begin_anew(sending, len(files))


def _send_one(sending: UploadSession, file: UploadedFile, *, expected: int) -> None:
    try:
        sending.uuid = _hand_in(sending, file)
        # From here on the address alone finds the batch, and tells how many files were meant to be in it.
        st.query_params.from_dict({"batch": sending.uuid, "of": str(expected - len(sending.refused))})
    except (UnreadableDocument, LimitExceeded, InputError) as error:
        sending.refused.append((file.name, session.words().message(error.message)))
    sending.sent.add(file.file_id)
    let_go(file)


def _hand_in(sending: UploadSession, file: UploadedFile) -> str:
    client, files = session.client(patience=PATIENCE_SECONDS), [(file.name, file.getvalue())]
    try:
        return client.batches.submit(
            sending.reference, files, uuid=sending.uuid, key=f"{file.file_id}-{sending.uuid}"
        ).uuid
    except (InputError, NotFound):
        if sending.uuid is None:
            raise
        # The batch takes no more (it is an hour old, or full): what is left makes another one.
        return client.batches.submit(sending.reference, files, key=f"{file.file_id}-None").uuid


def let_go(file: UploadedFile) -> None:
    """Drop the bytes of a file that is sent; Streamlit would keep them until the choice of files is changed."""
    context = get_script_run_ctx()
    if context and hasattr(context.uploaded_file_mgr, "remove_file"):
        context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)
    with suppress(BufferError):
        file.close()


def _begin_anew(sending: UploadSession, count: int) -> None:
    uuid, refused = sending.uuid, list(sending.refused)
    st.session_state["sending"] = UploadSession(round=sending.round + 1, refused=refused if uuid is None else [])
    if uuid is None:
        st.rerun()
    st.session_state["refused"] = {uuid: refused}
    st.switch_page("views/results.py", query_params={"batch": uuid, "of": str(count - len(refused))})
