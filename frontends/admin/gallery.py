"""Show training images as pictures to select, move, delete and restore."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from frontends import session
from frontends.admin.actions import act
from frontends.admin.formatting import fetch_thumbnails, format_day, picture_html
from frontends.admin.label_picker import choose_label, fetch_known_labels
from frontends.i18n import Translations
from frontends.user.document_state import label_name
from sake_ray.schemas.images import ImageOut

KEY_LENGTH = 8


def show(images: Sequence[ImageOut], labels: Sequence[str], words: Translations, *, mixed: bool) -> None:
    """Show images, of one label or of `mixed` ones, and what can be done with the selected ones."""
    picked = [image for image in images if st.session_state.get(_key(image))]
    with st.container(border=True, key="picked"):
        if not picked:
            st.caption(words("admin.images.pick"))
        else:
            _show_choices(picked, labels, words)
    pictures = fetch_thumbnails([image.sha256 for image in images])
    with st.container(horizontal=True, gap="small", key="gallery"):
        for image in images:
            with st.container(border=True, width=156, gap="xxsmall", key=f"image-{image.sha256[:KEY_LENGTH]}"):
                st.html(picture_html(pictures[image.sha256]))
                named = label_name(image.label, words) if mixed else format_day(image.added, words)
                st.checkbox(named, key=_key(image))


def show_removed(removed: Sequence[ImageOut], words: Translations) -> None:
    """Show the removed images that can be restored."""
    if not removed:
        return
    with st.expander(words.count("admin.images.removed", len(removed)), icon=":material/delete_history:"):
        st.caption(words("admin.images.removed_hint"))
        pictures = fetch_thumbnails([image.sha256 for image in removed])
        with st.container(horizontal=True, gap="small"):
            for image in removed:
                with st.container(border=True, width=156, gap="xxsmall"):
                    st.html(picture_html(pictures[image.sha256]))
                    st.caption(label_name(image.label, words))
                    st.button(
                        words("admin.images.put_back"),
                        key=f"back-{image.sha256}",
                        icon=":material/undo:",
                        on_click=restore,
                        args=([image], words),
                    )


def _show_choices(picked: Sequence[ImageOut], labels: Sequence[str], words: Translations) -> None:
    st.markdown(words.count("admin.images.picked", len(picked)))
    own = {image.label for image in picked}
    others = [label for label in fetch_known_labels(labels) if {label} != own]
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
            if st.button(words("admin.cancel"), key="delete-no"):
                st.rerun()

    ask()


def move(picked: Sequence[ImageOut], target: str, words: Translations) -> None:
    """Give images another label."""
    client = session.client()
    moved = [image for image in picked if act(partial(client.images.move, image.sha256, target), "")]
    _unpick(moved)
    if moved:
        text = words.count("admin.images.moved", len(moved), label=label_name(target, words))
        _store_change(text, [("move", image) for image in moved])


def remove(picked: Sequence[ImageOut], words: Translations) -> None:
    """Remove images."""
    client = session.client()
    deleted = [image for image in picked if act(partial(client.images.remove, image.sha256), "")]
    _unpick(deleted)
    if deleted:
        _store_change(words.count("admin.images.deleted", len(deleted)), [("remove", image) for image in deleted])


def restore(images: Sequence[ImageOut], words: Translations) -> None:
    """Restore removed images."""
    client = session.client()
    restored = [image for image in images if act(partial(client.images.put_back, image.sha256), "")]
    if restored:
        st.session_state["done"] = words.count("admin.images.back", len(restored))
    st.session_state.pop("last-change", None)


def show_undo(words: Translations) -> None:
    """Show the last change, with the button that undoes it."""
    change: tuple[str, list[tuple[str, ImageOut]]] | None = st.session_state.get("last-change")
    if change:
        with st.container(border=True, horizontal=True, vertical_alignment="center", key="change"):
            st.text(change[0], width="stretch")
            st.button(words("change.undo"), icon=":material/undo:", key="undo", on_click=_undo, args=(words,))


def _undo(words: Translations) -> None:
    change: tuple[str, list[tuple[str, ImageOut]]] = st.session_state["last-change"]
    client = session.client()
    for kind, image in change[1]:
        undo = (
            partial(client.images.put_back, image.sha256)
            if kind == "remove"
            else partial(client.images.move, image.sha256, image.label)
        )
        if not act(undo, words.count("admin.images.undone", len(change[1]))):
            return
    st.session_state.pop("last-change", None)


def _store_change(text: str, changes: list[tuple[str, ImageOut]]) -> None:
    st.session_state["last-change"] = (text, changes)


def _unpick(images: Sequence[ImageOut]) -> None:
    for image in images:
        st.session_state[_key(image)] = False


def _key(image: ImageOut) -> str:
    return f"pick-{image.sha256}"
