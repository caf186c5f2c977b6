"""Open the engines that read a page: one for every page, and one for what it reads poorly."""

from dataclasses import dataclass

from sake_ray.data.ocr.engines import OcrEngine
from sake_ray.data.ocr.neural import RapidocrEngine
from sake_ray.data.ocr.tesseract import open_tesseract
from sake_ray.errors import SetupError

NONE = "none"
"""The name that switches an engine off."""


@dataclass(frozen=True, slots=True)
class OcrEngines:
    """The engine that reads every page, and the one that reads what the first reads poorly; at most one is None."""

    plain: OcrEngine | None
    second: RapidocrEngine | None

    @property
    def name(self) -> str:
        """Both names; texts read by other engines have other recipes."""
        return "+".join(engine.name for engine in (self.plain, self.second) if engine)

    @property
    def version(self) -> str:
        """Both versions, in the same order; a model looks at the major version of the first."""
        return "+".join(engine.version for engine in (self.plain, self.second) if engine)


def open_engines(plain: str, second: str, *, languages: str, tessdata: str | None = None) -> OcrEngines:
    """Open the engines of these names; a machine without the wheels of the second goes on with the first alone.

    `tessdata` is the folder of Tesseract's language models, by default its own. Raises SetupError.
    """
    engines = OcrEngines(
        None if plain == NONE else open_tesseract(plain, languages=languages, tessdata=tessdata), open_second(second)
    )
    if not engines.name:
        raise SetupError("ocr-engines-off")
    return engines


def open_second(name: str) -> RapidocrEngine | None:
    """Open the engine for poor pages; its models are loaded when the first of them comes."""
    if name == NONE:
        return None
    if name != RapidocrEngine.name:
        raise SetupError("ocr-second-engine-unknown", engine=name)
    try:
        return RapidocrEngine()
    except ImportError:
        return None
