"""Curate the training images."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.datastructures import FormData, UploadFile

from sake_ray.data.pages import media
from sake_ray.domain.audit import AuditAction
from sake_ray.domain.listing import list_sorted
from sake_ray.errors import FileTooLarge, InputError, SakeError
from sake_ray.schemas.images import ImageList, ImageOut, ImagesAdded, MoveIn
from sake_ray.schemas.uploads import Refused
from sake_ray.serve.dependencies import AdminDep, Services, ServicesDep
from sake_ray.serve.downloads import SANDBOX, cache_headers
from sake_ray.serve.etags import is_known, make_etag
from sake_ray.serve.executors import ADMIN
from sake_ray.serve.forms import read_form
from sake_ray.serve.idempotent_routes import AdminRoute
from sake_ray.serve.intake import MAX_FILES, clean_name
from sake_ray.serve.openapi import IMAGE_RESPONSE, describe_form, problem_responses
from sake_ray.serve.paging import PageDep
from sake_ray.serve.problems import make_nothing_accepted, present_refusal, problem_of
from sake_ray.workspace import TrainingImage

router = APIRouter(prefix="/admin/images", tags=["admin: images"], route_class=AdminRoute)

HOLD_SECONDS = 5.0
Sha = Annotated[str, Path(pattern="^[0-9a-f]{64}$", description="The sha256 of the image.")]
LABEL = {"type": "string", "minLength": 1, "maxLength": 50, "examples": ["facture"]}
BODY = {"required": True, "content": describe_form({"label": LABEL})}


@router.get("", summary="List the images and labels", responses=problem_responses(401, 403, 422, 503))
def list_images(
    services: ServicesDep, _: AdminDep, page: PageDep, label: Annotated[str | None, Query(max_length=200)] = None
) -> ImageList:
    """List the images of one label or of all, the newest of each label first."""
    workspace = services.admin.workspace
    found, holder = workspace.images.list(label), workspace.find_holder()
    return ImageList.from_domain(
        list_sorted("images", found, _key, (str, float, str), after=page.after, limit=page.limit),
        labels=workspace.images.count_by_label(),
        removed=[ImageOut.model_validate(image) for image in workspace.images.list_removed()],
        held_by=holder.owner if holder else None,
    )


def _key(image: TrainingImage) -> tuple[str, float, str]:
    return image.label, -image.added.timestamp(), image.sha256


@router.post(
    "",
    status_code=201,
    summary="Add images under a label",
    openapi_extra={"requestBody": BODY},
    responses=problem_responses(400, 401, 403, 409, 413, 415, 422, 503),
)
async def add_images(request: Request, services: ServicesDep, account: AdminDep) -> ImagesAdded:
    """Add up to 100 files, checked like uploads. An image that is there already stays; under another label it is refused."""
    form = await read_form(request, max_files=MAX_FILES + 1, max_part_size=4096)
    try:
        label, files = _parse_form(form)
        added = await ADMIN.run(_add, services, label, files, by=account.name)
    finally:
        await form.close()
    if not added.images:
        return problem_of(make_nothing_accepted(added.refused), request.url.path, refused=added.refused)  # type: ignore[return-value]
    return added


@router.get(
    "/{sha256}/thumbnail",
    summary="A small picture of an image",
    response_class=Response,
    responses={**IMAGE_RESPONSE, **problem_responses(401, 403, 404, 413, 415, 422, 503)},
)
def get_image_thumbnail(request: Request, services: ServicesDep, _: AdminDep, sha256: Sha) -> Response:
    """Send the thumbnail of the first page."""
    image = services.admin.workspace.images.find(sha256)
    headers = SANDBOX | cache_headers(make_etag("thumbnail", sha256))
    if is_known(headers["ETag"], request.headers.get("If-None-Match")):
        return Response(status_code=304, headers=headers)
    return Response(services.admin.thumbnails.get(image), media_type="image/jpeg", headers=headers)


@router.post(
    "/{sha256}/move",
    summary="Give an image another label",
    responses=problem_responses(400, 401, 403, 404, 409, 413, 422, 503),
)
def move_image(services: ServicesDep, account: AdminDep, sha256: Sha, to: MoveIn) -> ImageOut:
    """Move the image; a label nobody had before is new."""
    workspace = services.admin.workspace
    with workspace.hold(f"an image moved by {account.name}", seconds=HOLD_SECONDS):
        moved = ImageOut.model_validate(workspace.images.move(sha256, to.label))
    subject = f"image:{sha256}"
    services.records.audit.add(AuditAction.IMAGE_MOVED, by=account.name, subject=subject, label=moved.label)
    return moved


@router.delete(
    "/{sha256}", status_code=204, summary="Remove an image", responses=problem_responses(401, 403, 404, 409, 422, 503)
)
def remove_image(services: ServicesDep, account: AdminDep, sha256: Sha) -> None:
    """Remove the image; until the next training it can be put back, and earlier trainings keep it."""
    workspace = services.admin.workspace
    with workspace.hold(f"an image removed by {account.name}", seconds=HOLD_SECONDS):
        workspace.images.remove(sha256)
    services.records.audit.add(AuditAction.IMAGE_REMOVED, by=account.name, subject=f"image:{sha256}")


@router.post(
    "/{sha256}/put-back", summary="Put a removed image back", responses=problem_responses(401, 403, 404, 409, 422, 503)
)
def put_back_image(services: ServicesDep, account: AdminDep, sha256: Sha) -> ImageOut:
    """Put the image back under the label it had."""
    workspace = services.admin.workspace
    with workspace.hold(f"an image put back by {account.name}", seconds=HOLD_SECONDS):
        image = ImageOut.model_validate(workspace.images.put_back(sha256))
    services.records.audit.add(AuditAction.IMAGE_PUT_BACK, by=account.name, subject=f"image:{sha256}")
    return image


def _parse_form(form: FormData) -> tuple[str, list[UploadFile]]:
    if unknown := sorted(set(form) - {"label", "files"}):
        raise InputError("image-form-field-unknown", field=unknown[0][:50])
    labels, files = form.getlist("label"), form.getlist("files")
    if len(labels) != 1 or not isinstance(labels[0], str):
        raise InputError("image-form-incomplete")
    uploads = [file for file in files if isinstance(file, UploadFile)]
    if len(uploads) != len(files) or not 1 <= len(uploads) <= MAX_FILES:
        raise InputError("image-form-files-invalid", limit=MAX_FILES)
    return labels[0], uploads


def _add(services: Services, label: str, files: list[UploadFile], *, by: str) -> ImagesAdded:
    workspace, max_bytes = services.admin.workspace, services.intake.max_bytes
    images: list[TrainingImage] = []
    refused: list[Refused] = []
    with workspace.hold(f"images added by {by}", seconds=HOLD_SECONDS):
        for file in files:
            try:
                if (file.size or 0) > max_bytes:
                    raise FileTooLarge("image-too-large", bytes=file.size, limit=max_bytes)
                data = file.file.read()
                ending = media.ENDINGS[media.detect_media_type(data)]
                images.append(workspace.images.add(label, data, ending=ending))
            except SakeError as error:
                name = clean_name(file.filename or "")
                refused.append(present_refusal(name, error))
    if images:
        services.records.audit.add(
            AuditAction.IMAGES_ADDED, by=by, subject=f"label:{images[0].label}", images=len(images)
        )
    services.admin.thumbnails.prepare(images)
    return ImagesAdded(images=[ImageOut.model_validate(image) for image in images], refused=refused)
