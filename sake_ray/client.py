"""Talk to the service over HTTP, sending again what may be sent again."""

import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, TypeVar
from urllib.parse import quote
from uuid import uuid4

import httpx
from pydantic import BaseModel, TypeAdapter

from sake_ray import errors
from sake_ray.domain import Role, Status
from sake_ray.schemas.accounts import AccountOut, TokenOut, UserMade, UserOut, UsersOut
from sake_ray.schemas.answers import AnswerOut, LabelsOut
from sake_ray.schemas.batches import BatchesOut, BatchOut
from sake_ray.schemas.comparing import ComparisonOut
from sake_ray.schemas.documents import DocumentDetail, DocumentsOut
from sake_ray.schemas.feedback import DecisionOut, FeedbackOut, ImportedOut
from sake_ray.schemas.images import ImageOut, ImagesAdded, ImagesOut
from sake_ray.schemas.jobs import JobOut, JobsOut, LogOut
from sake_ray.schemas.models import ModelOut, ModelsOut, PromotionOut, RunOut
from sake_ray.schemas.monitoring import MonitoringOut
from sake_ray.schemas.policy import PolicyOut
from sake_ray.schemas.references import ReferenceOut, RequiredOut
from sake_ray.schemas.review import ReviewOut
from sake_ray.schemas.search import FoundOut, MatchesOut
from sake_ray.schemas.system import HealthOut, ReadyOut
from sake_ray.schemas.uploads import PredictOut
from sake_ray.schemas.words import ExplanationOut, WordsOut

PATIENCE_SECONDS = 120.0
"""How long a request is sent again before we give up."""
ANSWER_SECONDS = 60.0
"""How long an answer may take before the request counts as lost."""
AGAIN = {408, 429, 500, 502, 503, 504}
LONGEST_WAIT = 10.0
ENDED = {Status.COMPLETED, Status.FAILED}
KINDS: dict[int, type[errors.SakeError]] = {
    401: errors.NotSignedIn, 403: errors.NotAllowed, 404: errors.NotFound, 409: errors.StillRunning,
    413: errors.FileTooLarge, 415: errors.UnsupportedType, 422: errors.InputError, 429: errors.TooManyTries,
}  # fmt: skip

Model = TypeVar("Model", bound=BaseModel)
Batches = TypeAdapter(list[BatchOut])
Runs, Promotions = TypeAdapter(list[RunOut]), TypeAdapter(list[PromotionOut])


class Client:
    """One server and one token. After 429, 5xx, a broken connection or an answer that is not the service's own, it waits as told
    and sends again.

    Raises a SakeError with the server's sentence; Overloaded when the server does not answer in time.
    """

    def __init__(
        self, url: str, token: str = "", *, patience: float = PATIENCE_SECONDS, timeout: float = ANSWER_SECONDS
    ) -> None:
        self.patience = patience
        self.refusals = 0
        """How many answers told us to come again, or broke off."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._http = httpx.Client(base_url=url, headers=headers, timeout=httpx.Timeout(timeout, connect=5, write=600))

    def __enter__(self) -> "Client":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def sign_in(self, name: str, password: str) -> TokenOut:
        """Exchange a password for a token, and use it from now on."""
        token = self._ask(TokenOut, "POST", "/auth/token", data={"username": name, "password": password})
        self._http.headers["Authorization"] = f"Bearer {token.access_token}"
        return token

    def account(self) -> AccountOut:
        """Who is signed in."""
        return self._ask(AccountOut, "GET", "/account")

    def change_password(self, old: str, new: str) -> TokenOut:
        """Change the own password, which ends all tokens, and use the new token from now on."""
        token = self._ask(TokenOut, "PUT", "/account/password", json={"old": old, "new": new})
        self._http.headers["Authorization"] = f"Bearer {token.access_token}"
        return token

    def users(self, *, page: int = 1, page_size: int = 100) -> UsersOut:
        """The accounts, by name."""
        return self._ask(UsersOut, "GET", "/admin/users", params={"page": page, "page_size": page_size})

    def add_user(self, name: str, *, role: Role = Role.USER, team: str = "office", password: str = "") -> UserMade:
        """Make an account; without a password one is generated and in the answer."""
        sent = {"name": name, "role": role.value, "team": team} | ({"password": password} if password else {})
        return self._ask(UserMade, "POST", "/admin/users", json=sent)

    def change_user(self, name: str, **changes: Any) -> UserOut:
        """Change role, team, disabled or password of an account."""
        return self._ask(UserOut, "PATCH", f"/admin/users/{segment(name)}", json=changes)

    def health(self) -> HealthOut:
        """Return when the gateway answers."""
        return self._ask(HealthOut, "GET", "/health")

    def ready(self) -> ReadyOut:
        """Tell which model serves; raises Overloaded while documents are not being classified."""
        return self._ask(ReadyOut, "GET", "/ready")

    def predict(
        self, reference: str, files: Sequence[tuple[str, bytes]], *, uuid: str | None = None, key: str | None = None
    ) -> PredictOut:
        """Hand in files (name, bytes); sent again under one Idempotency-Key until the server has them."""
        fields = {"reference": reference} | ({"uuid": uuid} if uuid else {})
        parts = [("files", (name, data)) for name, data in files]
        headers = {"Idempotency-Key": key or uuid4().hex}
        return self._ask(PredictOut, "POST", "/predict", data=fields, files=parts, headers=headers, again_on={409})

    def batches(self, name: str) -> list[BatchOut]:
        """The batches of a uuid or reference, newest first."""
        return Batches.validate_json(self._send("GET", f"/predict/{segment(name)}").content)

    def newest_batches(self, *, mine: bool = False, page: int = 1, page_size: int = 20) -> BatchesOut:
        """The batches handed in last, each with how far it is."""
        return self._ask(BatchesOut, "GET", "/batches", params={"mine": mine, "page": page, "page_size": page_size})

    def wait(self, uuid: str, *, seconds: float, on_progress: Callable[[int, int], None] | None = None) -> BatchOut:
        """Look until every document of a batch has ended; raises ReadingTimeout."""
        end = time.monotonic() + seconds
        while True:
            (batch,) = self.batches(uuid)
            if on_progress:
                on_progress(sum(document.status in ENDED for document in batch.documents), batch.n_files)
            if batch.status in ENDED:
                return batch
            if time.monotonic() > end:
                raise errors.ReadingTimeout(f"The batch {uuid} is still {batch.status} after {seconds:g} seconds.")
            time.sleep(0.25)

    def documents(self, **criteria: Any) -> DocumentsOut:
        """List documents; the criteria are those of GET /documents."""
        return self._ask(DocumentsOut, "GET", "/documents", params=criteria)

    def reference(self, reference: str, *, team: str | None = None, page: int = 1) -> ReferenceOut:
        """A candidate's file over all its batches; `team` is for admin and ops, who see those of all."""
        params: dict[str, Any] = {"page": page} | ({"team": team} if team is not None else {})
        return self._ask(ReferenceOut, "GET", f"/references/{segment(reference)}", params=params)

    def required_labels(self) -> RequiredOut:
        """What a candidate's file must have."""
        return self._ask(RequiredOut, "GET", "/admin/required-labels")

    def require_labels(self, labels: Sequence[str]) -> RequiredOut:
        """Say what a candidate's file must have."""
        return self._ask(RequiredOut, "PUT", "/admin/required-labels", json={"labels": list(labels)})

    def monitoring(self) -> MonitoringOut:
        """How it goes."""
        return self._ask(MonitoringOut, "GET", "/admin/monitoring")

    def search(self, q: str, **criteria: Any) -> FoundOut:
        """Find documents by what they say; the criteria are those of GET /search."""
        return self._ask(FoundOut, "GET", "/search", params={"q": q} | criteria)

    def matches(self, id: str, q: str) -> list[int]:
        """The words of a document that answer a question, counted over all pages from 0."""
        return self._ask(MatchesOut, "GET", f"/documents/{quote(id, safe='')}/matches", params={"q": q}).words

    def document(self, id: str) -> DocumentDetail:
        """A document with its text."""
        return self._ask(DocumentDetail, "GET", f"/documents/{quote(id, safe='')}")

    def words(self, id: str) -> WordsOut:
        """The words of a document."""
        return self._ask(WordsOut, "GET", f"/documents/{quote(id, safe='')}/words")

    def explanation(self, id: str, label: str | None = None) -> ExplanationOut:
        """Why a document was classified so."""
        params = {"label": label} if label else {}
        return self._ask(ExplanationOut, "GET", f"/documents/{quote(id, safe='')}/explanation", params=params)

    def picture(self, id: str, number: int, *, small: bool = False) -> bytes:
        """The image of a page as JPEG."""
        return self._send("GET", f"/documents/{quote(id, safe='')}/pages/{number}{'/thumbnail' * small}").content

    def original(self, id: str) -> bytes:
        """The bytes as they were handed in."""
        return self._send("GET", f"/documents/{quote(id, safe='')}/original").content

    def answer(self, id: str, answer: str) -> AnswerOut:
        """Say what a document is. Sent again it is kept twice, and counts once: the newest counts."""
        return self._ask(AnswerOut, "POST", f"/documents/{quote(id, safe='')}/answers", json={"answer": answer})

    def labels(self) -> LabelsOut:
        """What a document can be."""
        return self._ask(LabelsOut, "GET", "/labels")

    def review(self, limit: int = 20) -> ReviewOut:
        """The unanswered documents that teach most, those first."""
        return self._ask(ReviewOut, "GET", "/admin/review", params={"limit": limit})

    def feedback(self, **criteria: Any) -> FeedbackOut:
        """What people answered: what an import would do, what waits for a decision; a page of each."""
        return self._ask(FeedbackOut, "GET", "/admin/feedback", params=criteria)

    def import_feedback(self) -> ImportedOut:
        """Make training images of the answers; sent again it does nothing more."""
        return self._ask(ImportedOut, "POST", "/admin/feedback/import")

    def decide_feedback(self, document: str, decision: str) -> DecisionOut:
        """Decide what a document trains."""
        path = f"/admin/feedback/{quote(document, safe='')}"
        return self._ask(DecisionOut, "POST", path, json={"decision": decision})

    def images(self, label: str | None = None, **criteria: Any) -> ImagesOut:
        """The images models are trained on, of one label or all; a page of them."""
        params = criteria | ({"label": label} if label is not None else {})
        return self._ask(ImagesOut, "GET", "/admin/images", params=params)

    def add_images(self, label: str, files: Sequence[tuple[str, bytes]]) -> ImagesAdded:
        """Add images (name, bytes) under a label; what is there already stays as it is."""
        parts = [("files", (name, data)) for name, data in files]
        return self._ask(ImagesAdded, "POST", "/admin/images", data={"label": label}, files=parts)

    def image_thumbnail(self, sha256: str) -> bytes:
        """A small picture of an image's first page, as JPEG."""
        return self._send("GET", f"/admin/images/{quote(sha256, safe='')}/thumbnail").content

    def move_image(self, sha256: str, label: str) -> ImageOut:
        """Give an image another label."""
        return self._ask(ImageOut, "POST", f"/admin/images/{quote(sha256, safe='')}/move", json={"label": label})

    def remove_image(self, sha256: str) -> None:
        """Remove an image; until the next training it can be put back."""
        self._send("DELETE", f"/admin/images/{quote(sha256, safe='')}")

    def put_back_image(self, sha256: str) -> ImageOut:
        """Put a removed image back."""
        return self._ask(ImageOut, "POST", f"/admin/images/{quote(sha256, safe='')}/put-back")

    def start_job(self, kind: str, **options: object) -> JobOut:
        """Ask for something slow."""
        return self._ask(JobOut, "POST", "/admin/jobs", json={"kind": kind, "options": options})

    def jobs(self, **criteria: Any) -> JobsOut:
        """The jobs, newest first; a page of them."""
        return self._ask(JobsOut, "GET", "/admin/jobs", params=criteria)

    def job(self, number: int) -> JobOut:
        """How far a job is."""
        return self._ask(JobOut, "GET", f"/admin/jobs/{number}")

    def stop_job(self, number: int) -> JobOut:
        """Ask a job to stop."""
        return self._ask(JobOut, "POST", f"/admin/jobs/{number}/stop")

    def job_log(self, number: int, *, offset: int = 0, wait: float = 0) -> LogOut:
        """The log of a job from an offset on; waits up to so many seconds for something to be there."""
        return self._ask(LogOut, "GET", f"/admin/jobs/{number}/log", params={"offset": offset, "wait": wait})

    def runs(self, *, limit: int = 100) -> list[RunOut]:
        """The trainings, newest first."""
        return Runs.validate_json(self._send("GET", "/admin/runs", params={"limit": limit}).content)

    def run(self, id: str) -> RunOut:
        """One training."""
        return self._ask(RunOut, "GET", f"/admin/runs/{quote(id, safe='')}")

    def register(self, run: str) -> ModelOut:
        """Make a model version of a training."""
        return self._ask(ModelOut, "POST", f"/admin/runs/{quote(run, safe='')}/register")

    def models(self) -> ModelsOut:
        """The model versions, newest first."""
        return self._ask(ModelsOut, "GET", "/admin/models")

    def promote(self, version: int, *, why: str = "", force: bool = False) -> ModelOut:
        """Let a model version serve; one that is worse than the champion, or not known not to be, takes force and a reason."""
        said = {"why": why, "force": force}
        return self._ask(ModelOut, "POST", f"/admin/models/{version}/promote", json=said)

    def rollback(self, *, why: str = "") -> ModelOut:
        """Let the version that served before serve again."""
        return self._ask(ModelOut, "POST", "/admin/models/rollback", json={"why": why})

    def promotions(self, *, limit: int = 100) -> list[PromotionOut]:
        """Who let which version serve, newest first."""
        return Promotions.validate_json(self._send("GET", "/admin/models/log", params={"limit": limit}).content)

    def policy(self, *, wrong_in: int | None = None) -> PolicyOut:
        """When a document goes to a person; with `wrong_in` also what that promise would be and cost. For admins."""
        params = {"wrong_in": wrong_in} if wrong_in else {}
        return self._ask(PolicyOut, "GET", "/admin/policy", params=params)

    def set_policy(self, wrong_in: int | None) -> PolicyOut:
        """Promise at most one wrong in so many accepted, or take the promise back with None; for admins."""
        return self._ask(PolicyOut, "PUT", "/admin/policy", json={"wrong_in": wrong_in})

    def compare(self, a: str, b: str) -> ComparisonOut:
        """How model b stands against model a, each a version number, a run id or `champion`; for admins."""
        return self._ask(ComparisonOut, "GET", "/admin/runs/compare", params={"a": a, "b": b})

    def _ask(self, model: type[Model], method: str, path: str, **request: Any) -> Model:
        return model.model_validate_json(self._send(method, path, **request).content)

    def _send(self, method: str, path: str, *, again_on: set[int] | None = None, **request: Any) -> httpx.Response:
        end = time.monotonic() + self.patience
        again, pause = AGAIN | (again_on or set()), 0.5
        while True:
            told: float | None = None
            try:
                response = self._http.request(method, path, **request)
                if response.is_success:
                    return response
                failure = to_error(response)
                if response.status_code not in again and is_ours(response):
                    raise failure
                told = _retry_after(response.headers)
            except httpx.TransportError as error:
                failure = errors.Overloaded(f"{self._http.base_url} does not answer: {error or type(error).__name__}.")
            self.refusals += 1
            pause = min(pause * 2, LONGEST_WAIT)
            wait = told if told is not None else pause
            if time.monotonic() + wait > end:
                raise failure
            time.sleep(wait)


def segment(name: str) -> str:
    """Write any text as one segment of a path; dots too, since "." and ".." would be resolved on the way."""
    return quote(name, safe="").replace(".", "%2E")


def is_ours(response: httpx.Response) -> bool:
    """Tell an answer of the service from one of what stands before it: while a part is replaced, Serve's proxy says 404."""
    return str(response.headers.get("Content-Type", "")).startswith("application/problem+json")


def to_error(response: httpx.Response) -> errors.SakeError:
    """Read a problem back into an error of ours, with its sentence: by its title, or what its status comes nearest to."""
    status = KINDS.get(response.status_code, errors.Overloaded)
    try:
        problem = response.json()
        # The upload of one file that was refused tells why in `refused`.
        first = problem["refused"][0] if len(problem.get("refused") or ()) == 1 else problem
        return named_error(str(first["title"]), status)(str(problem["detail"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        return status(f"The server answered {response.status_code}.")


def named_error(title: str, otherwise: type[errors.SakeError]) -> type[errors.SakeError]:
    """The class of ours that a problem's title names: "Too many pages" is TooManyPages."""
    kind = getattr(errors, title.title().replace(" ", ""), None)
    return kind if isinstance(kind, type) and issubclass(kind, errors.SakeError) else otherwise


def _retry_after(headers: Mapping[str, str]) -> float | None:
    value = headers.get("Retry-After", "")
    return float(value) if value.isdigit() else None
