"""Training images, by label."""

from pathlib import Path
from typing import Annotated

import typer

from sake_ray.cli.bootstrap import find_user_name, load_settings, open_workspace
from sake_ray.cli.documents import describe_skipped
from sake_ray.errors import FileTooLarge, SakeError
from sake_ray.files import is_litter, read_regular_file

app = typer.Typer(no_args_is_help=True, help="Manage the training images, by label.")
HOLD_SECONDS = 5.0
SOME_FAILED = 3
Label = Annotated[str, typer.Argument(help="Label; adding the first image creates it.")]
Sha = Annotated[str, typer.Argument(help="SHA-256 of the image, see `sake images list`.")]


@app.command()
def add(label: Label, files: Annotated[list[Path], typer.Argument(help="Files to add.")]) -> None:
    """Add images under a label; files that cannot be added are reported and skipped."""
    from sake_ray.data.pages import media  # Pillow and PDFium

    settings = load_settings()
    workspace = open_workspace(settings)
    refused, passed_over = 0, []
    with workspace.hold(f"`sake images add`, by {find_user_name()}", seconds=HOLD_SECONDS):
        for file in files:
            if is_litter(file.name):
                passed_over.append(file.name)
                continue
            try:
                data = read_file(file, settings.read_bytes)
                image = workspace.images.add(label, data, ending=media.ENDINGS[media.detect_media_type(data)])
                print(f"{image.sha256}\t{image.label}\t{file}")  # noqa: T201 - the result
            except SakeError as error:
                refused += 1
                typer.echo(f"{file}: {error}", err=True)
    if passed_over:
        typer.echo(describe_skipped(passed_over), err=True)
    if refused:
        raise typer.Exit(SOME_FAILED)


@app.command("list")
def list_images(label: Annotated[str | None, typer.Argument(help="List only images of this label.")] = None) -> None:
    """List images: SHA-256, label, size in bytes, time added."""
    for image in open_workspace(load_settings()).images.list(label):
        print(f"{image.sha256}\t{image.label}\t{image.size}\t{image.added:%Y-%m-%d %H:%M}")  # noqa: T201


@app.command()
def labels() -> None:
    """List labels, with the number of images of each."""
    for label, count in open_workspace(load_settings()).images.count_by_label().items():
        print(f"{label}\t{count}")  # noqa: T201 - the result


@app.command()
def move(image: Sha, label: Label) -> None:
    """Move an image to another label."""
    workspace = open_workspace(load_settings())
    with workspace.hold(f"`sake images move`, by {find_user_name()}", seconds=HOLD_SECONDS):
        workspace.images.move(image, label)


@app.command()
def remove(image: Sha) -> None:
    """Remove an image; earlier trainings keep it."""
    workspace = open_workspace(load_settings())
    with workspace.hold(f"`sake images remove`, by {find_user_name()}", seconds=HOLD_SECONDS):
        workspace.images.remove(image)


def read_file(path: Path, max_bytes: int) -> bytes:
    """Read a file, of which no more may be read than of an upload."""
    try:
        data = read_regular_file(path, max_bytes + 1)
    except OSError as error:
        raise SakeError("local-file-unreadable", error=error.strerror or error) from error
    if len(data) > max_bytes:
        raise FileTooLarge("local-file-too-large", limit=max_bytes)
    return data
