"""The screens of the admin, on a real service."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from frontends.admin.corpus_warnings import list_warnings
from frontends.i18n import Translations
from frontends.site import Site, open_site
from sake_ray.data.corpus_tables import TEST, TRAIN
from sake_ray.domain import retries
from sake_ray.domain.accounts import Role
from sake_ray.domain.api_keys import Scope
from sake_ray.domain.audit import AuditAction
from sake_ray.domain.documents import Status
from sake_ray.domain.jobs import JobState
from sake_ray.domain.retries import Cause, RetryRule
from sake_ray.domain.verdicts import Policy
from sake_ray.domain.webhooks import DeliveryStatus, WebhookEvent
from sake_ray.errors import Message
from sake_ray.ledger import Installation
from sake_ray.ledger.rounds import check_next
from sake_ray.serve.measurements import Measuring
from sake_ray.serve.prometheus import Prometheus
from sake_ray.storage.records import AuditFilter, DocumentFilter, WatchedPlace
from tests.comparison.place import Place, corpus_of
from tests.frontends.conftest import BROWSER
from tests.frontends.screens import Open, shown
from tests.live_prometheus import RULES, has_measured, run_prometheus
from tests.pages import letter, png
from tests.ports import free_port
from tests.receiver import Receiver
from tests.receiver import receiver as receiver
from tests.resources.layered import HIDDEN
from tests.served_office import PEERS, ServedOffice
from tests.storage.example_records import completed
from tests.waiting import wait_until


def scan(line: str) -> bytes:
    return png(letter((line, "of the northern branch")).render(40))


@pytest.fixture
def site(api: str) -> Site:
    """The application of the admin."""
    site = Site("admin", api, ("admin", "ops", "reviewer"), key=PEERS.screens_key)
    open_site(site)
    return site


@pytest.fixture
def anna(office: ServedOffice) -> dict[str, str]:
    """The admin."""
    return office.account("anna", Role.ADMIN)


@pytest.fixture
def three(office: ServedOffice) -> list[str]:
    """Three images: two invoices and a CV; their sha256."""
    shop = office.admin_services.workspace
    kinds = [("facture", "first"), ("facture", "second"), ("resume", "third")]
    return [shop.images.add(label, scan(text), ending=".png").sha256 for label, text in kinds]


def test_images_are_added_one_by_one_and_what_is_refused_is_named(
    office: ServedOffice, anna: dict[str, str], opened: Open
) -> None:
    page = opened(anna)
    assert "There are no training images yet" in shown(page)
    page.selectbox(key="add-to-None").set_value("facture").run()
    page.file_uploader[0].set_value(
        [("a.png", scan("a"), "image/png"), ("b.csv", b"a;b", "text/csv"), ("c.png", scan("c"), "image/png")]
    ).run()
    page.button(key="add").click().run()
    assert not page.exception
    assert office.admin_services.workspace.images.count_by_label() == {"facture": 2}
    assert "2 images added to “Invoice”" in shown(page)
    assert "b\\.csv" in shown(page)
    assert "neither a PDF nor a picture" in shown(page)
    assert page.query_params == {"label": "facture"}


def test_images_are_moved_deleted_after_a_question_and_undone(
    office: ServedOffice, anna: dict[str, str], opened: Open, three: list[str]
) -> None:
    page = opened(anna, label="facture")
    page.checkbox(key=f"pick-{three[0]}").check().run()
    page.selectbox(key="move-to").set_value("").run()
    page.text_input(key="move-to-new").input("pay slip").run()
    click(page, "Move")
    assert labels(office) == {"facture": 1, "pay slip": 1, "resume": 1}
    page.button(key="undo").click().run()
    assert labels(office) == {"facture": 2, "resume": 1}
    page.checkbox(key=f"pick-{three[1]}").check().run()
    click(page, "Delete")
    assert "Delete **1 image**?" in shown(page)
    assert labels(office)["facture"] == 2
    page.button(key="delete-yes").click().run()
    assert labels(office)["facture"] == 1
    page.button(key=f"back-{three[1]}").click().run()
    assert labels(office)["facture"] == 2
    assert not page.exception


def test_while_a_training_holds_the_images_nothing_is_changed_and_the_page_says_so(
    office: ServedOffice, anna: dict[str, str], opened: Open, three: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sake_ray.serve.routes.images.HOLD_SECONDS", 0.1)
    page = opened(anna, label="resume", language="fr")
    page.checkbox(key=f"pick-{three[2]}").check().run()
    with office.admin_services.workspace.hold("job 7 (train, by anna)", seconds=1):
        click(page, "Supprimer")
        page.button(key="delete-yes").click().run()
        assert "Rien n’a été modifié" in shown(page)
        assert "job 7 \\(train\\, by anna\\)" in shown(page)
    assert labels(office)["resume"] == 1


def test_images_that_make_a_poor_training_are_warned_of() -> None:
    words = Translations("en")
    assert list_warnings({}, words) == []
    assert "only one class" in list_warnings({"facture": 400}, words)[0]
    (few, dwarfed) = list_warnings({"facture": 400, "resume": 1, "id_pieces": 60}, words)
    assert few.startswith("Too few images of: CV (1).")
    assert dwarfed.startswith("There are 400 times as many images of “Invoice” as of “CV”")
    assert list_warnings({"facture": 100, "resume": 20}, words) == []


def test_a_training_is_started_found_again_by_its_address_and_stopped(
    office: ServedOffice, anna: dict[str, str], opened: Open, three: list[str]
) -> None:
    page = opened(anna, "training")
    assert "3 images in 2 classes" in shown(page)
    page.button(key="start-job").click().run()
    assert page.query_params == {"job": "1"}
    again = opened(anna, "training", job="1")
    assert "waiting for its turn" in shown(again)
    again.button(key="stop").click().run()
    assert office.records.jobs.get(1).state is JobState.STOPPED
    assert "stopped" in shown(opened(anna, "training"))
    assert "There is no job 99" in shown(opened(anna, "training", job="99"))


def test_a_version_that_cannot_be_compared_is_promoted_for_a_reason_only_and_rolled_back(
    office: ServedOffice, anna: dict[str, str], opened: Open
) -> None:
    registry = office.admin_services.registry
    (first,) = registry.versions.all()
    foreign = Place(office.admin_services.comparison_context).log(corpus_of(4, part=TRAIN, seed=1), "0" * 40)
    second = registry.versions.register(foreign)
    page = opened(anna, "models")
    page.button(key=f"promote-{second.number}").click().run()
    assert page.query_params == {"promote": str(second.number)}
    assert "nobody knows which one is better" in shown(page)
    page.button(key=f"yes-why-{second.number}").click().run()
    assert registry.champion.get() == first
    assert "A reason is required" in shown(page)
    page.text_input(key=f"why-{second.number}").input("knows receipts")
    page.button(key=f"yes-why-{second.number}").click().run()
    assert registry.champion.get() == second
    assert "knows receipts" in shown(page)
    assert "despite the comparison" in shown(page)
    page.button(key="rollback").click().run()
    page.button(key="yes-why-back").click().run()
    assert registry.champion.get() == first
    assert not page.exception


def test_the_audit_log_says_where_the_person_is_who_promotes(
    office: ServedOffice, anna: dict[str, str], opened: Open
) -> None:
    foreign = Place(office.admin_services.comparison_context).log(corpus_of(4, part=TRAIN, seed=1), "0" * 40)
    number = office.admin_services.registry.versions.register(foreign).number
    page = opened(anna, "models", promote=str(number))
    page.text_input(key=f"why-{number}").input("knows receipts")
    page.button(key=f"yes-why-{number}").click().run()
    (entry,) = office.records.audit.list(AuditFilter(action=AuditAction.MODEL_PROMOTED)).items
    assert entry.peer == BROWSER


def test_two_trainings_are_compared_in_words_and_one_becomes_a_model(
    office: ServedOffice, anna: dict[str, str], opened: Open
) -> None:
    place = Place(office.admin_services.comparison_context)
    learned, judges = corpus_of(6, part=TRAIN, seed=1), corpus_of(40, part=TEST, seed=2)
    run = place.log(learned, place.commit([*learned, *judges]), c=1.0)
    page = opened(anna, "experiments")
    assert "First model, trained on made-up documents" in shown(page)
    assert page.selectbox(key="after").value == run
    page.button(key="compare").click().run()
    assert f"Both classified {len(judges)} documents that neither was trained on" in shown(page)
    assert "Recognised before" in shown(page)
    assert shown(page).count('<table class="confusion">') == 2
    again = opened(anna, "experiments", a=run, b=run)
    assert "are the same model" in shown(again)
    page = opened(anna, "experiments")
    page.button(key="register-yes").click().run()
    assert "It is now model 2" in shown(page)
    assert office.admin_services.registry.versions.all()[0].run_id == run
    page.button(key="restore-yes").click().run()
    (job,) = office.records.jobs.list().items
    assert (job.kind, job.options) == ("restore", {"target": run})
    assert f"as job {job.number}" in shown(page)
    assert not page.exception


def test_what_an_error_budget_takes_is_shown_before_it_is_applied(
    office: ServedOffice, anna: dict[str, str], opened: Open
) -> None:
    page = opened(anna, "models")
    assert "less than **70.0 %** sure" in shown(page)
    page.select_slider(key="error-budget").set_value(20).run()
    assert "too few documents with a known answer" in shown(page)
    assert page.button(key="error-budget-apply").disabled
    assert "There is nothing to show yet" in shown(page)
    assert not page.exception


def test_how_far_a_new_rule_is_applied_is_shown(office: ServedOffice, anna: dict[str, str], opened: Open) -> None:
    completed(office.records, "a", "b")
    office.records.policies.add(Policy(threshold=0.3), by="anna", now=datetime.now(UTC))
    assert "that still follow the one before: 2 of 2" in shown(opened(anna, "models"))


def test_what_moving_the_threshold_does_is_drawn_and_explained(
    office: ServedOffice, anna: dict[str, str], opened: Open
) -> None:
    office.records.policies.add(Policy(threshold=0.6), by="anna", now=datetime.now(UTC))
    Place(office.admin_services.comparison_context).commit(corpus_of(40, part=TEST, seed=2))
    page = opened(anna, "models", language="fr")
    (chart,) = page.get("vega_lite_chart")
    drawn = chart.proto.SerializeToString()  # the figures travel beside the drawing, in Arrow
    assert b"actuellement" in drawn
    assert b"strokeDash" not in drawn
    assert "des documents passent sans vérification" in shown(page)
    page.select_slider(key="error-budget").set_value(20).run()
    (chart,) = page.get("vega_lite_chart")
    assert b"strokeDash" in chart.proto.SerializeToString()
    assert not page.exception


def test_accounts_are_created_closed_and_reopened_but_not_ones_own(
    office: ServedOffice, anna: dict[str, str], opened: Open
) -> None:
    page = opened(anna, "settings")
    page.text_input(key="new-name").input("karl*")
    click(page, "Create the account")
    assert "karl" in shown(page)
    assert len(page.code[0].value) >= 12
    page.run()
    assert not page.code
    page.button(key="close-karl*").click().run()
    assert office.records.accounts.find("karl*")[0].disabled
    assert page.button(key="close-anna").disabled
    assert not page.exception


def test_a_key_for_a_program_is_created_shown_once_and_revoked(
    office: ServedOffice, anna: dict[str, str], opened: Open
) -> None:
    page = opened(anna, "settings")
    page.text_input(key="key-name").input("payroll")
    page.checkbox(key="scope-feedback:write").check()
    click(page, "Create the key")
    secret = page.code[0].value
    assert secret.startswith("sake_")
    page.run()
    assert not page.code
    (made,) = office.records.api_keys.list().items
    assert (made.name, made.scopes) == ("payroll", tuple(Scope))
    assert office.http.get("/account", headers={"Authorization": f"Bearer {secret}"}).json()["name"] == "key:payroll"
    page.button(key="revoke-payroll").click().run()
    assert "The key “payroll” has been revoked" in shown(page)
    assert office.http.get("/account", headers={"Authorization": f"Bearer {secret}"}).status_code == 401
    assert "révoquée" in str([one.label for one in opened(anna, "settings", language="fr").expander])


def test_answers_become_training_images_and_conflicts_are_decided(
    office: ServedOffice, anna: dict[str, str], opened: Open
) -> None:
    marie = office.account("marie")
    plain, disputed = read(office, marie, "plain"), read(office, marie, "disputed")
    for id, name, answer in ((plain, "marie", "resume"), (disputed, "marie", "resume"), (disputed, "ann", "facture")):
        sign = marie if name == "marie" else office.account(name)
        assert office.http.post(f"/documents/{id}/answers", headers=sign, json={"answer": answer}).is_success
    page = opened(anna, "corrections")
    assert "1 to decide" in shown(page)
    assert "The answers differ" in shown(page)
    page.pills(key=f"decide-{disputed}").set_value("facture").run()
    assert "2 to import" in shown(page)
    page.button(key="import").click().run()
    assert labels(office) == {"facture": 1, "resume": 1}
    assert "No corrections to import" in shown(page)
    assert not page.exception


def test_review_goes_on_to_the_next_document_and_undoes(
    office: ServedOffice, anna: dict[str, str], opened: Open
) -> None:
    marie = office.account("marie")
    ids = {read(office, marie, "first"), read(office, marie, "second")}
    page = opened(anna, "review")
    assert "**2 documents** are left" in shown(page)
    (say,) = [button for button in page.button if button.label == "CV"]
    say.click().run()
    first = next(id for id in ids if f"-{id}-" in say.key)
    assert office.records.documents.get(first, team=None).answer == "resume"
    assert "**1 document** is left" in shown(page)
    page.button(key="undo").click().run()
    assert office.records.documents.get(first, team=None).answer in {None, "withdrawn"}
    page.button(key="later").click().run()
    page.button(key="later").click().run()
    assert "Nothing to review" in shown(page)
    assert not page.exception


def test_a_reviewer_works_off_the_own_teams_queue_and_sees_no_other_page(office: ServedOffice, opened: Open) -> None:
    mine = read(office, office.account("marie"), "mine")
    read(office, office.account("lea", team="lyon"), "theirs")
    rita = office.account("rita", Role.REVIEWER)
    page = opened(rita)
    assert [link.proto.label for link in page.get("page_link")] == ["Review"]
    assert "**1 document** is left" in shown(page)
    (say,) = [button for button in page.button if button.label == "CV"]
    say.click().run()
    assert office.records.documents.get(mine, team=None).answer == "resume"
    assert "Nothing to review" in shown(page)
    assert "Your account may not do this" in shown(opened(rita, "models"))


def test_review_says_that_hidden_text_was_ignored(office: ServedOffice, anna: dict[str, str], opened: Open) -> None:
    office.upload(office.account("marie"), ("cv.pdf", HIDDEN["white_on_white"]()))
    office.work()
    assert "Hidden text was ignored" in shown(opened(anna, "review"))


def test_what_a_file_must_contain_is_set(office: ServedOffice, anna: dict[str, str], opened: Open) -> None:
    page = opened(anna, "settings")
    (pills,) = page.pills
    pills.set_value(["id_pieces"]).run()
    kept = office.records.references.find_required()
    assert kept is not None
    assert (kept.labels, kept.by) == (("id_pieces",), "anna")


def test_ops_see_monitoring_and_no_page_that_changes_something(office: ServedOffice, opened: Open) -> None:
    read(office, office.account("marie"), "one")
    otto = office.account("otto", Role.OPS)
    page = opened(otto)
    assert "Nothing is lost. Documents uploaded since the beginning: 1;" in shown(page)
    assert [link.proto.label for link in page.get("page_link")] == ["Monitoring"]
    assert [metric.value for metric in page.metric][3] == "1"
    assert "19 of 20 were done within" in shown(page)
    assert "Your account may not do this" in shown(opened(otto, "models"))


def test_the_audit_log_says_who_did_what(office: ServedOffice, opened: Open) -> None:
    office.account("marie")
    anna = office.account("anna", Role.ADMIN)
    office.client(anna).accounts.change("marie", team="lyon")
    page = opened(anna, "audit")
    assert "changed an account" in shown(page)
    assert "account:marie" in shown(page)
    page.text_input(key="audit-by").set_value("nobody").run()
    assert "No entry" in shown(page)
    assert "a modifié un compte" in shown(opened(anna, "audit", language="fr"))


def test_a_webhook_is_added_with_its_secret_and_removed(
    office: ServedOffice, anna: dict[str, str], opened: Open, receiver: Receiver
) -> None:
    page = opened(anna, "webhooks")
    page.text_input(key="webhook-url").set_value("https://10.0.0.1/hook")
    page.button[0].click().run()
    assert "which is not public" in shown(page)
    page.text_input(key="webhook-url").set_value(receiver.url())
    page.button[0].click().run()
    assert page.code[0].value.startswith("whsec_")
    (webhook,) = office.records.webhooks.list().items
    assert (webhook.url, webhook.team, len(webhook.events)) == (receiver.url(), None, 3)
    page.run()
    assert not page.code
    page.button(key=f"remove-{webhook.id}").click().run()
    assert "The webhook has been removed" in shown(page)
    assert office.records.webhooks.list().items == ()


def test_a_message_that_was_given_up_says_why_and_is_sent_again(
    office: ServedOffice, anna: dict[str, str], opened: Open, receiver: Receiver
) -> None:
    office.client(anna).webhooks.add(receiver.url(), team="paris", events=[WebhookEvent.BATCH_COMPLETED])
    office.add_classified("one")
    (webhook,) = office.records.webhooks.list().items
    now = datetime.now(UTC)
    held = office.records.deliveries.claim(webhook.id, lease=timedelta(minutes=1), now=now)
    assert held
    office.records.deliveries.fail(held, Message("webhook-refused", status=500), response=500, not_before=None)
    assert "Le destinataire a répondu par le statut 500" in shown(opened(anna, "webhooks", language="fr"))
    page = opened(anna, "webhooks")
    assert "given up" in shown(page)
    page.button(key=f"resend-{held.delivery.id}").click().run()
    assert "The message is sent again" in shown(page)
    assert office.records.deliveries.list().items[0].status is DeliveryStatus.PENDING


def test_an_admin_lets_ops_see_documents(office: ServedOffice, opened: Open) -> None:
    otto, anna = office.account("otto", Role.OPS), office.account("anna", Role.ADMIN)
    page = opened(anna, "settings")
    page.checkbox(key="sees-otto").check().run()
    page.button(key="save-otto").click().run()
    assert office.client(anna).accounts.list().items[1].sees_documents
    assert office.http.get("/search", headers=otto).status_code == 200


def test_monitoring_says_what_the_check_found_in_the_readers_language(office: ServedOffice, opened: Open) -> None:
    document = read(office, office.account("marie"), "one")
    otto = office.account("otto", Role.OPS)
    assert "The documents have not been checked yet" in shown(opened(otto))
    installation = Installation(office.records, office.store, office.reader.recipe)
    check_next(installation, now=datetime.now(UTC))
    sound = shown(opened(otto))
    assert "1 of 1 in this round" in sound
    assert "The check found" not in sound
    office.store.delete(office.records.documents.get(document, team=None).original)
    check_next(installation, now=datetime.now(UTC))
    broken = shown(opened(otto))
    assert "The check found: The original of document" in broken
    assert "Nothing is lost" not in broken
    assert "La vérification a trouvé : L’original du document" in shown(opened(otto, language="fr"))


def test_monitoring_says_what_fires_what_does_not_answer_and_how_figures_went(
    office: ServedOffice, opened: Open, tmp_path: Path
) -> None:
    otto, gone = office.account("otto", Role.OPS), f"127.0.0.1:{free_port()}"
    assert "What needs attention now" not in shown(opened(otto))  # without a Prometheus
    with run_prometheus(tmp_path / "prometheus", targets={"gateway": [gone]}, rules=RULES) as url:
        measuring = Measuring(Prometheus(url))
        office.http.app.state.services = replace(office.http.app.state.services, measuring=measuring)
        wait_until(lambda: has_measured(Measuring(Prometheus(url)).get()), interval=0.3)
        page = opened(otto)
        assert "Two documents need ops" in shown(page)
        assert "docs/runbooks.md#needs-ops" in shown(page)
        assert "One more thing is being watched" in shown(page)
        assert "gateway does not answer: 1 of 1" in shown(page)
        assert "Is the model still right?" in shown(page)
        values = {metric.label: metric.value for metric in page.metric}
        assert (values["Done per hour"], values["Right, as checked"]) == ("0", "–")
        french = shown(opened(otto, language="fr"))
    assert "gateway ne répond pas" in french
    assert "Où passe le temps ?" in french


def test_monitoring_goes_on_without_a_prometheus_that_does_not_answer(office: ServedOffice, opened: Open) -> None:
    measuring = Measuring(Prometheus(f"http://127.0.0.1:{free_port()}"))
    office.http.app.state.services = replace(office.http.app.state.services, measuring=measuring)
    page = shown(opened(office.account("otto", Role.OPS)))
    assert "Prometheus, which measures over time, does not answer" in page
    assert "Nothing is lost" in page
    assert "No alert is raised" not in page


def test_monitoring_asks_once_for_all_that_its_parts_show_and_anew_each_time(
    office: ServedOffice, opened: Open
) -> None:
    otto = office.account("otto", Role.OPS)
    with noting(office) as paths:
        page = opened(otto)
        assert paths.count("/admin/monitoring") == 1
        page.run()
    assert paths.count("/admin/monitoring") == 2


@contextmanager
def noting(office: ServedOffice) -> Iterator[list[str]]:
    """The paths that are asked of an office for the duration of a block."""
    paths, app = list[str](), office.http.app
    inner = app.middleware_stack

    async def note(scope: Any, receive: Any, send: Any) -> None:
        paths.append(scope["path"])
        await inner(scope, receive, send)

    app.middleware_stack = note
    try:
        yield paths
    finally:
        app.middleware_stack = inner


def test_monitoring_says_what_was_changed_and_by_whom(office: ServedOffice, anna: dict[str, str], opened: Open) -> None:
    office.records.promotions.start(1, before=None, by="anna", why="first", now=datetime.now(UTC))
    office.client(anna).policy.set(wrong_in=None)
    page = shown(opened(office.account("otto", Role.OPS)))
    assert "put a model in service: Model 1" in page
    assert "changed what needs review" in page
    assert "signed in" not in page


def test_monitoring_shows_watched_places_and_which_cannot_be_reached(office: ServedOffice, opened: Open) -> None:
    otto, now = office.account("otto", Role.OPS), datetime.now(UTC)
    assert "Watched places" not in shown(opened(otto))
    for name, looked_at, away in (("here", now, ""), ("gone", now, "why"), ("old", now - timedelta(hours=1), "")):
        office.records.watched.record_look(WatchedPlace(name, name, "paris", looked_at, away=away))
    page = shown(opened(otto))
    assert "Watched places" in page
    assert "gone cannot be reached" in page
    assert "Nobody has looked at old" in page
    assert "here cannot" not in page
    assert "gone est inaccessible" in shown(opened(otto, language="fr"))


def test_admin_sees_what_would_be_erased_and_erases_it(
    office: ServedOffice, anna: dict[str, str], opened: Open
) -> None:
    marie = office.account("marie")
    office.upload(marie, ("a.png", scan("One")), reference="Durand [x]")
    page = opened(anna, "erasures")
    assert "Nothing has been erased" in shown(page)
    page.text_input(key="erase-reference").set_value("nobody")
    click(page, "Show what would be erased")
    assert "There is no reference" in shown(page)
    page.text_input(key="erase-reference").set_value("Durand [x]")
    click(page, "Show what would be erased")
    assert "of: paris" in shown(page)
    assert page.button(key="erase-yes").disabled
    page.checkbox(key="erase-sure").check().run()
    page.button(key="erase-yes").click().run()
    assert not page.exception
    assert "The documents have been erased" in shown(page)
    assert "being erased" in shown(page)
    assert "Durand" not in shown(page)
    assert office.records.documents.list(DocumentFilter(), limit=1).counted == 0
    assert "en cours" in shown(opened(anna, "erasures", language="fr"))


def test_admin_says_how_long_documents_are_kept(office: ServedOffice, anna: dict[str, str], opened: Open) -> None:
    page = opened(anna, "settings")
    assert "Without a rule below: 24 months" in shown(page)
    page.text_input(key="retention-team").set_value("lyon")
    page.number_input(key="retention-months").set_value(0)
    click(page, "Save the rule")
    assert not page.exception
    assert "lyon · all classes · for ever" in shown(page)
    assert office.records.retention.find_rules()["lyon", ""].months is None
    page.button(key="withdraw-lyon-").click().run()
    assert not page.exception
    assert office.records.retention.find_rules() == {}


def test_ops_see_what_needs_them_and_have_it_tried_again(
    office: ServedOffice, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retries, "RULES", dict.fromkeys(Cause, RetryRule(1, timedelta(0), timedelta(0))))
    marie = office.account("marie")
    uuid = office.upload(marie, ("gone.png", scan("One")), ("lost.png", scan("Two")))
    now = datetime.now(UTC)
    for held in office.records.queue.claim("w", limit=2, lease=timedelta(minutes=1), now=now):
        office.records.queue.requeue(held, Cause.DOCUMENT, Message("original-missing"), now=now)
    page = opened(office.account("otto", Role.OPS))
    assert "2 documents could not be processed and need technical help" in shown(page)
    assert "The stored file is missing\\." in shown(page)
    page.button(key="again-all").click().run()
    assert not page.exception
    assert "2 documents are being tried again" in shown(page)
    assert [one.status for one in office.client(marie).batches.find(uuid)[0].documents] == [Status.PENDING] * 2


def read(office: ServedOffice, sign: dict[str, str], text: str) -> str:
    """A document that was handed in and classified; its id."""
    uuid = office.upload(sign, (f"{text}.png", png(letter((text, "Invoice of the branch")).render(60))))
    office.work()
    return office.only_document(sign, uuid)


def click(page, label: str) -> None:  # type: ignore[no-untyped-def]
    """Click the button with this text."""
    (button,) = [button for button in page.button if button.label == label]
    button.click().run()


def labels(office: ServedOffice) -> dict[str, int]:
    return dict(office.admin_services.workspace.images.count_by_label())
