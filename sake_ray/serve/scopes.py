"""Which scopes of an API key open which route: one line for each that needs a token."""

from collections.abc import Mapping

from sake_ray.domain.accounts import Session
from sake_ray.domain.api_keys import Scope
from sake_ray.errors import PermissionDenied

READ, WRITE, FEEDBACK = (Scope.DOCUMENTS_READ,), (Scope.DOCUMENTS_WRITE,), (Scope.FEEDBACK_WRITE,)
ANY = tuple(Scope)
PEOPLE: tuple[Scope, ...] = ()
"""No key opens it: it is about a person's own sign-in, or an admin's or ops' work."""

SCOPES: Mapping[str, tuple[Scope, ...]] = {
    "submit_documents": WRITE,
    "list_batches": READ,
    "get_batch": READ,
    "list_batch_documents": READ,
    "find_batches": READ,
    "list_documents": READ,
    "get_document": READ,
    "get_document_words": READ,
    "explain_document": READ,
    "get_document_original": READ,
    "get_document_page": READ,
    "get_document_thumbnail": READ,
    "search_documents": READ,
    "find_document_matches": READ,
    "get_reference": READ,
    "get_searchable_pdf": READ,
    "export_batch": READ,
    "export_documents": READ,
    "answer_document": FEEDBACK,
    "split_document": FEEDBACK,
    "undo_split": FEEDBACK,
    "list_labels": ANY,
    "get_account": ANY,
    "change_password": PEOPLE,
    "begin_second_factor": PEOPLE,
    "confirm_second_factor": PEOPLE,
    "sign_out": PEOPLE,
    "sign_out_everywhere": PEOPLE,
    "retry_document": PEOPLE,
    "list_users": PEOPLE,
    "create_user": PEOPLE,
    "update_user": PEOPLE,
    "list_api_keys": PEOPLE,
    "create_api_key": PEOPLE,
    "revoke_api_key": PEOPLE,
    "list_audit_entries": PEOPLE,
    "get_monitoring": PEOPLE,
    "get_measurements": PEOPLE,
    "get_required_labels": PEOPLE,
    "set_required_labels": PEOPLE,
    "list_documents_to_review": PEOPLE,
    "list_feedback": PEOPLE,
    "decide_feedback": PEOPLE,
    "import_feedback": PEOPLE,
    "list_images": PEOPLE,
    "add_images": PEOPLE,
    "get_image_thumbnail": PEOPLE,
    "move_image": PEOPLE,
    "remove_image": PEOPLE,
    "put_back_image": PEOPLE,
    "list_jobs": PEOPLE,
    "start_job": PEOPLE,
    "get_job": PEOPLE,
    "stop_job": PEOPLE,
    "get_job_log": PEOPLE,
    "list_runs": PEOPLE,
    "get_run": PEOPLE,
    "compare_runs": PEOPLE,
    "register_model": PEOPLE,
    "list_models": PEOPLE,
    "promote_model": PEOPLE,
    "roll_back_model": PEOPLE,
    "list_promotions": PEOPLE,
    "remove_document": PEOPLE,
    "restore_document": PEOPLE,
    "erase_reference": PEOPLE,
    "list_erasures": PEOPLE,
    "get_erasure": PEOPLE,
    "get_reference_data": PEOPLE,
    "get_retention": PEOPLE,
    "set_retention": PEOPLE,
    "list_webhooks": PEOPLE,
    "create_webhook": PEOPLE,
    "remove_webhook": PEOPLE,
    "list_deliveries": PEOPLE,
    "resend_delivery": PEOPLE,
    "get_policy": PEOPLE,
    "set_policy": PEOPLE,
}
"""The scopes by operation, of which a key needs one. What is not listed no key opens; a test finds it."""


OWN_SIGN_IN = {"get_account", "change_password", "sign_out", "sign_out_everywhere"}
"""What is open while the password must be changed."""
SETTING_UP = OWN_SIGN_IN | {"begin_second_factor", "confirm_second_factor"}
"""What is open while a second factor must be set up."""


def require_own_sign_in(session: Session, operation: str) -> None:
    """Raise PermissionDenied while somebody else knows the password, or a second factor is missing, but for mending that."""
    if session.account.must_change_password and operation not in OWN_SIGN_IN:
        raise PermissionDenied("password-to-change")
    if session.account.must_set_up_second_factor and operation not in SETTING_UP:
        raise PermissionDenied("second-factor-to-set-up")


def require_scope(session: Session, scopes: tuple[Scope, ...]) -> None:
    """Raise PermissionDenied unless the session is a person's, or that of a key with one of these scopes."""
    if session.scopes is None or session.scopes & set(scopes):
        return
    if not scopes:
        raise PermissionDenied("api-key-not-for-this")
    raise PermissionDenied("api-key-lacks-scope", needed=" or ".join(scopes), scopes=", ".join(sorted(session.scopes)))
