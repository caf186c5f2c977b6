"""Webhooks: which programs are told of what, and what did not reach them."""

import streamlit as st

from frontends import paging, session
from frontends.admin.actions import act, show_outcome, store_error
from frontends.admin.formatting import format_moment
from frontends.double_click import one_click
from frontends.i18n import Translations, literal
from frontends.user.results import empty_html
from sake_ray.domain.webhooks import DeliveryStatus, WebhookEvent
from sake_ray.errors import Message, SakeError
from sake_ray.schemas.webhooks import DeliveryOut, WebhookOut

PAGE_SIZE = 25
MAX_WEBHOOKS = 200
MAX_URL, MAX_TEAM = 2000, 100
ICONS = {
    DeliveryStatus.DELIVERED: ":material/check_circle:",
    DeliveryStatus.PENDING: ":material/hourglass_top:",
    DeliveryStatus.DEAD: ":material/error:",
}


def main() -> None:
    """Show the webhooks, then what they were told."""
    words = session.words()
    st.title(words("admin.webhooks.title"), anchor=False)
    st.caption(words("admin.webhooks.lead"))
    show_outcome(words)
    _show_secret(words)
    _show_new(words)
    known = {webhook.id: webhook for webhook in session.client().webhooks.list(page_size=MAX_WEBHOOKS).items}
    if not known:
        st.html(empty_html(words("admin.webhooks.none"), words("admin.webhooks.none_hint")))
    for webhook in known.values():
        _show_webhook(webhook, words)
    _show_deliveries(known, words)


def _show_secret(words: Translations) -> None:
    """Show the secret of a new webhook, once."""
    made: tuple[str, str] | None = st.session_state.pop("webhook-made", None)
    if made:
        st.success(words("admin.webhooks.added", url=literal(made[0])), icon=":material/key:")
        st.code(made[1], language=None)


def _show_new(words: Translations) -> None:
    with (
        st.expander(words("admin.webhooks.add"), icon=":material/add_link:"),
        st.form("new-webhook", border=False, clear_on_submit=False),
    ):
        url = st.text_input(words("admin.webhooks.url"), placeholder="https://…", max_chars=MAX_URL, key="webhook-url")
        team = st.text_input(words("admin.webhooks.team"), max_chars=MAX_TEAM, key="webhook-team")
        events = st.pills(
            words("admin.webhooks.events"),
            list(WebhookEvent),
            selection_mode="multi",
            default=list(WebhookEvent),
            format_func=lambda event: name_event(event, words),
            key="webhook-events",
        )
        if st.form_submit_button(words("admin.webhooks.add_yes"), type="primary"):
            _add((url or "").strip(), (team or "").strip(), list(events or ()), words)


def _add(url: str, team: str, events: list[WebhookEvent], words: Translations) -> None:
    if not (url and events):
        st.warning(words("admin.webhooks.incomplete"), icon=":material/edit:")
        return
    try:
        with one_click("add-webhook", url, team, *events) as key:
            made = session.client().webhooks.add(url, team=team or None, events=events, key=key)
        st.session_state["webhook-made"] = (made.url, made.secret)
    except SakeError as error:
        store_error(error)
    st.rerun()


def _show_webhook(webhook: WebhookOut, words: Translations) -> None:
    events = ", ".join(name_event(event, words) for event in webhook.events)
    team = webhook.team or words("admin.webhooks.all_teams")
    added = words("admin.webhooks.added_by", name=webhook.by, at=format_moment(webhook.created_at, words))
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"webhook-{webhook.id}"):
        st.markdown(
            f"**{literal(webhook.url)}**  \n{literal(team)} · {literal(events)}  \n{literal(added)}", width="stretch"
        )
        with st.popover(words("admin.webhooks.remove"), icon=":material/delete:"):
            st.markdown(words("admin.webhooks.remove_hint"))
            st.button(
                words("admin.webhooks.remove_yes"),
                key=f"remove-{webhook.id}",
                on_click=_remove,
                args=(webhook.id, words),
            )


def _remove(id: str, words: Translations) -> None:
    act(lambda: session.client().webhooks.remove(id), words("admin.webhooks.removed"))


def _show_deliveries(known: dict[str, WebhookOut], words: Translations) -> None:
    st.header(words("admin.webhooks.deliveries"), anchor=False, divider="gray")
    status: DeliveryStatus | None = st.segmented_control(
        words("admin.webhooks.status"),
        list(DeliveryStatus),
        format_func=lambda one: words(f"admin.webhooks.state.{one.value}"),
        key="delivery-status",
        label_visibility="collapsed",
    )
    cursor = paging.current_cursor("deliveries", (status,))
    found = session.client().webhooks.deliveries(status=status, cursor=cursor, page_size=PAGE_SIZE)
    if not found.items:
        st.caption(words("admin.webhooks.no_deliveries"))
    for delivery in found.items:
        webhook = known.get(delivery.webhook)
        with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"delivery-{delivery.id}"):
            st.markdown(_describe(delivery, webhook.url if webhook else delivery.webhook, words), width="stretch")
            st.button(
                words("admin.webhooks.resend"),
                key=f"resend-{delivery.id}",
                icon=":material/replay:",
                on_click=_resend,
                args=(delivery.id, words),
            )
    paging.show_pages("deliveries", found, words)


def _describe(delivery: DeliveryOut, url: str, words: Translations) -> str:
    state = f"{ICONS[delivery.status]} {words(f'admin.webhooks.state.{delivery.status.value}')}"
    about = delivery.document or delivery.batch or words("admin.webhooks.version", n=delivery.version)
    facts = [literal(url), literal(format_moment(delivery.occurred_at, words)), literal(about)]
    facts += [words.count("admin.webhooks.attempts", delivery.attempts)] if delivery.attempts else []
    lines = [f"**{literal(name_event(delivery.event, words))}** · {state}", " · ".join(facts)]
    if delivery.error:
        lines.append(
            literal(words.translate(Message.restore(delivery.error, delivery.error_code, delivery.error_params)))
        )
    if delivery.status is DeliveryStatus.PENDING and delivery.error:
        lines.append(literal(words("admin.webhooks.next", at=format_moment(delivery.not_before, words))))
    return "  \n".join(lines)


def _resend(id: str, words: Translations) -> None:
    act(lambda: session.client().webhooks.resend(id), words("admin.webhooks.resent"))


def name_event(event: WebhookEvent, words: Translations) -> str:
    """What an event is called."""
    return words(f"admin.webhooks.event.{event.name.lower()}")


main()
