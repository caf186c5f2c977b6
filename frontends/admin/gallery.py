"""The training images of a label as pictures to pick, to move and to delete."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from frontends import session
from frontends.admin.actions import act
from frontends.admin.formatting import day, picture_html, thumbnails
from frontends.admin.label_picker import choose_label, known_labels
from frontends.i18n import Translations
from frontends.user.document_state import label_name
from sake_ray.schemas.images import ImageOut

NAME_SHOWN = 8


def show(images: Sequence[ImageOut], labels: Sequence[str], words: Translations, *, mixed: bool) -> None:
    """Show the images, of `mixed` labels or of one, and with some picked what can be done with them."""
    picked = [image for image in images if st.session_state.get(_key(image))]
    with st.container(border=True, key="picked"):
        if not picked:
            st.caption(words("admin.images.pick"))
        else:
            _show_choices(picked, labels, words)
    pictures = thumbnails([image.sha256 for image in images])
    with st.container(horizontal=True, gap="small", key="gallery"):
        for image in images:
            with st.container(border=True, width=156, gap="xxsmall", key=f"image-{image.sha256[:NAME_SHOWN]}"):
                st.html(picture_html(pictures[image.sha256]))
                named = label_name(image.label, words) if mixed else day(image.added, words)
                st.checkbox(named, key=_key(image))


def show_removed(removed: Sequence[ImageOut], words: Translations) -> None:
    """Show what can be put back."""
    if not removed:
        return
    with st.expander(words.count("admin.images.removed", len(removed)), icon=":material/delete_history:"):
        st.caption(words("admin.images.removed_hint"))
        pictures = thumbnails([image.sha256 for image in removed])
        with st.container(horizontal=True, gap="small"):
            for image in removed:
                with st.container(border=True, width=156, gap="xxsmall"):
                    st.html(picture_html(pictures[image.sha256]))
                    st.caption(label_name(image.label, words))
                    st.button(
                        words("admin.images.put_back"),
                        key=f"back-{image.sha256}",
                        icon=":material/undo:",
                        on_click=put_back,
                        args=([image], words),
                    )


def _show_choices(picked: Sequence[ImageOut], labels: Sequence[str], words: Translations) -> None:
    st.markdown(words.count("admin.images.picked", len(picked)))
    own = {image.label for image in picked}
    others = [label for label in known_labels(labels) if {label} != own]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        target = choose_label(words("admin.images.move_to"), others, words, key="move-to")
        st.button(
            words("admin.images.move"),
            icon=":material/drive_file_move:",
            disabled=not target,
            on_click=move,
            args=(picked, target, words),
        )
        if st.button(words("admin.images.delete"), icon=":material/delete:"):
            _confirm(picked, words)


def _confirm(picked: Sequence[ImageOut], words: Translations) -> None:
    @st.dialog(words("admin.images.delete"))
    def ask() -> None:
        st.markdown(words.count("admin.images.delete_sure", len(picked)))
        st.caption(words("admin.images.removed_hint"))
        with st.container(horizontal=True):
            yes = words("admin.images.delete_yes")
            if st.button(yes, type="primary", key="delete-yes", on_click=remove, args=(picked, words)):
                st.rerun()
            if st.button(words("admin.keep"), key="delete-no"):
                st.rerun()

    ask()


def move(picked: Sequence[ImageOut], target: str, words: Translations) -> None:
    """Give images another label."""
    client = session.client()
    moved = [image for image in picked if act(partial(client.images.move, image.sha256, target), "")]
    _unpick(moved)
    if moved:
        text = words.count("admin.images.moved", len(moved), label=label_name(target, words))
        _remember(text, [("move", image) for image in moved])


def remove(picked: Sequence[ImageOut], words: Translations) -> None:
    """Remove images."""
    client = session.client()
    gone = [image for image in picked if act(partial(client.images.remove, image.sha256), "")]
    _unpick(gone)
    if gone:
        _remember(words.count("admin.images.deleted", len(gone)), [("remove", image) for image in gone])


def put_back(images: Sequence[ImageOut], words: Translations) -> None:
    """Put removed images back."""
    client = session.client()
    back = [image for image in images if act(partial(client.images.put_back, image.sha256), "")]
    if back:
        st.session_state["done"] = words.count("admin.images.back", len(back))
    st.session_state.pop("last-change", None)


def show_undo(words: Translations) -> None:
    """Say what was changed last, with the button that takes it back."""
    kept: tuple[str, list[tuple[str, ImageOut]]] | None = st.session_state.get("last-change")
    if kept:
        with st.container(border=True, horizontal=True, vertical_alignment="center", key="change"):
            st.text(kept[0], width="stretch")
            st.button(words("change.undo"), icon=":material/undo:", key="undo", on_click=_undo, args=(words,))


def _undo(words: Translations) -> None:
    kept: tuple[str, list[tuple[str, ImageOut]]] = st.session_state["last-change"]
    client = session.client()
    for kind, image in kept[1]:
        again = (
            partial(client.images.put_back, image.sha256)
            if kind == "remove"
            else partial(client.images.move, image.sha256, image.label)
        )
        if not act(again, words.count("admin.images.undone", len(kept[1]))):
            return
    st.session_state.pop("last-change", None)


def _remember(text: str, changes: list[tuple[str, ImageOut]]) -> None:
    st.session_state["last-change"] = (text, changes)


def _unpick(images: Sequence[ImageOut]) -> None:
    for image in images:
        st.session_state[_key(image)] = False


def _key(image: ImageOut) -> str:
    return f"pick-{image.sha256}"
