"""Put the parts together from the settings; the only place of the command line that knows the concrete ones."""

from collections.abc import Callable

from sake_ray.data.reading import ReadingOptions
from sake_ray.registry import Registry
from sake_ray.settings import Settings
from sake_ray.storage.objects import ObjectStore, open_store


def objects_of(settings: Settings) -> ObjectStore:
    """The store of originals, texts and page images."""
    url = settings.objects_url or str(settings.home / "objects")
    return open_store(url, endpoint=settings.s3_endpoint or None, region=settings.s3_region)


def buckets_of(settings: Settings) -> Callable[[str], ObjectStore]:
    """How to open any bucket that a path names."""
    return OpenBucket(settings.s3_endpoint or None, settings.s3_region)


class OpenBucket:
    """Opens buckets of one S3 server; plain values, so that it travels to workers."""

    def __init__(self, endpoint: str | None, region: str) -> None:
        self.endpoint, self.region = endpoint, region

    def __call__(self, bucket: str) -> ObjectStore:
        return open_store(f"s3://{bucket}", endpoint=self.endpoint, region=self.region)


def reading_of(settings: Settings) -> ReadingOptions:
    """How documents are read."""
    return ReadingOptions(settings.limits, settings.ocr_engine, settings.ocr_languages, settings.tessdata or None)


def registry_of(settings: Settings) -> Registry:
    """The experiments and model versions."""
    uri = settings.mlflow_url or f"sqlite:///{settings.home / 'mlflow.db'}"
    return Registry(uri, str(settings.home / "mlflow-artifacts"))
