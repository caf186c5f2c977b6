"""The second click of a double click repeats the request of the first."""

import pytest
from streamlit.testing.v1 import AppTest

from frontends import double_click


def script() -> None:
    import streamlit as st

    from frontends.double_click import one_click

    def start(action: str) -> None:
        with one_click("start", action) as key:
            st.session_state.setdefault("sent", []).append(key)

    st.button("train", on_click=start, args=("train",))
    st.button("tune", on_click=start, args=("tune",))


def sent(*labels: str) -> list[str]:
    """The keys that were sent when these buttons were clicked."""
    page = AppTest.from_function(script).run()
    for label in labels:
        next(button for button in page.button if button.label == label).click().run()
    keys: list[str] = page.session_state["sent"]
    return keys


def test_a_second_click_sends_the_same_key() -> None:
    first, second = sent("train", "train")
    assert first == second


def test_another_action_has_a_key_of_its_own() -> None:
    first, second = sent("train", "tune")
    assert first != second


def test_a_later_click_is_a_new_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(double_click, "DOUBLE_CLICK_SECONDS", -1.0)
    first, second = sent("train", "train")
    assert first != second
