"""What all pages share: style, menu, language switch, password, sign-out."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

import streamlit as st

from frontends import error_views, session, theme
from frontends.i18n import LANGUAGES
from frontends.site import current_site
from sake_ray.errors import Unauthenticated


@dataclass(frozen=True, slots=True)
class PageView:
    """One page: its file in the application's folder, its icon, and whether the menu shows it. The first is the start page."""

    name: str
    icon: str
    in_menu: bool = True


def run(views: Sequence[PageView]) -> None:
    """Show the page in the address."""
    site, words = current_site(), session.words()
    # Of Streamlit's own icons browsers fetch this one from Google.
    icon = theme.read_asset("icon.svg")
    st.set_page_config(page_title=words(f"site.{site.name}"), page_icon=icon, layout="wide")
    folder = site.script.parent / "views"
    pages = [
        st.Page(
            folder / f"{view.name}.py",
            title=words(f"{site.name}.nav.{view.name}"),
            icon=f":material/{view.icon}:",
            default=place == 0,
            visibility="visible" if view.in_menu else "hidden",
        )
        for place, view in enumerate(views)
    ]
    # Our own menu: Streamlit's hides behind an arrow on a phone.
    page = st.navigation(pages, position="hidden")
    if page is pages[0] and not views[0].in_menu:
        st.switch_page(next(entry for view, entry in zip(views, pages, strict=True) if view.in_menu))
    st.html(theme.style(words))
    _show_top_bar()
    with st.container(horizontal=True, gap="small", key="menu"):
        for view, entry in zip(views, pages, strict=True):
            if view.in_menu:
                st.page_link(entry)
    with error_views.catch_errors():
        if not session.token():
            raise Unauthenticated("not-signed-in")
        page.run()


def _show_top_bar() -> None:
    """Show the bar on top: the other languages, the password, the sign-outs."""
    words, goal = session.words(), quote(session.here(), safe="")
    links = [
        f'<a target="_self" href="language?to={code}&amp;next={goal}" lang="{code}">{escape(name)}</a>'
        for code, name in LANGUAGES.items()
        if code != words.language
    ]
    if session.token():
        links.append(f'<a target="_self" href="password">{escape(words("frame.password"))}</a>')
        links.append(f'<a target="_self" href="sign-out">{escape(words("frame.sign_out"))}</a>')
        everywhere = escape(words("frame.sign_out_everywhere"))
        links.append(f'<a target="_self" href="sign-out?everywhere=yes">{everywhere}</a>')
    st.html(f'<nav class="topbar">{"".join(links)}</nav>')
