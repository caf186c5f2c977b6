"""Images: what the classifier is trained on, by label."""

from pathlib import Path
from typing import Annotated

import typer

from sake_ray.cli.bootstrap import who, workspace_of
from sake_ray.data.pages import media
from sake_ray.errors import FileTooLarge, SakeError
from sake_ray.settings import read_settings

app = typer.Typer(no_args_is_help=True, help="What the classifier is trained on: images by label.")
HOLD_SECONDS = 5.0
SOME_FAILED = 3
Label = Annotated[str, typer.Argument(help="The label; a new one is made by adding to it.")]
Sha = Annotated[str, typer.Argument(help="The image, see `sake images list`.")]


@app.command()
def add(label: Label, files: Annotated[list[Path], typer.Argument(help="The files to add.")]) -> None:
    """Add images under a label; what cannot be added is told, the others are added."""
    settings = read_settings()
    workspace = workspace_of(settings)
    refused = 0
    with workspace.hold(f"`sake images add`, by {who()}", seconds=HOLD_SECONDS):
        for file in files:
            try:
                data = read_file(file, settings.read_bytes)
                image = workspace.images.add(label, data, ending=media.ENDINGS[media.tell_media_type(data)])
                print(f"{image.sha256}\t{image.label}\t{file}")  # noqa: T201 - the result
            except SakeError as error:
                refused += 1
                typer.echo(f"{file}: {error}", err=True)
    if refused:
        raise typer.Exit(SOME_FAILED)


@app.command("list")
def list_images(label: Annotated[str | None, typer.Argument(help="Only those of this label.")] = None) -> None:
    """List the images: sha256, label, bytes, when they were added."""
    for image in workspace_of(read_settings()).images.list(label):
        print(f"{image.sha256}\t{image.label}\t{image.size}\t{image.added:%Y-%m-%d %H:%M}")  # noqa: T201


@app.command()
def labels() -> None:
    """List the labels, each with the number of its images."""
    for label, count in workspace_of(read_settings()).images.count_by_label().items():
        print(f"{label}\t{count}")  # noqa: T201 - the result


@app.command()
def move(image: Sha, label: Label) -> None:
    """Give an image another label."""
    workspace = workspace_of(read_settings())
    with workspace.hold(f"`sake images move`, by {who()}", seconds=HOLD_SECONDS):
        workspace.images.move(image, label)


@app.command()
def remove(image: Sha) -> None:
    """Remove an image; earlier trainings keep it."""
    workspace = workspace_of(read_settings())
    with workspace.hold(f"`sake images remove`, by {who()}", seconds=HOLD_SECONDS):
        workspace.images.remove(image)


def read_file(path: Path, most: int) -> bytes:
    """The bytes of a file, checked like those of an upload: their size, and that they are of a type that is read."""
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise SakeError(f"it cannot be read: {error.strerror or error}.") from error
    if len(data) > most:
        raise FileTooLarge(f"it has more than {most:,} bytes, the limit.")
    return data
