"""Read what DVC holds of a commit: the images, and the outputs of its stages. Disturbs no writer."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from sake_ray.errors import NotFound, WorkspaceError
from sake_ray.workspace.git import GitRepository
from sake_ray.workspace.layout import LAYOUT


@dataclass(frozen=True, slots=True)
class DvcOutput:
    """A file as DVC holds it: its checksum, and its path in the workspace. Of a folder this is the list of its files."""

    md5: str
    path: str


class DvcOutputs:
    """The data of a workspace's commits."""

    def __init__(self, folder: Path, git: GitRepository) -> None:
        self.folder, self.git = folder, git

    def read_all(self, commit: str) -> Iterator[DvcOutput]:
        """Read which data a commit has: images and outputs, without the outputs that git itself holds."""
        in_git = self.git.list_files(commit)
        tracked = self._read_yaml(commit, LAYOUT.images_dvc).get("outs", [])
        stages = self._read_yaml(commit, LAYOUT.dvc_lock).get("stages", {})
        outs = [((LAYOUT.images_dvc.parent / out["path"]).as_posix(), out) for out in tracked]
        outs += [(str(out["path"]), out) for stage in stages.values() for out in stage.get("outs", [])]
        for path, out in outs:
            if path not in in_git and "md5" in out:
                yield DvcOutput(str(out["md5"]), path)

    def read_present(self) -> Iterator[DvcOutput]:
        """Read which data the files have that are there now, committed or not."""
        for path, base in ((LAYOUT.images_dvc, LAYOUT.images_dvc.parent), (LAYOUT.dvc_lock, Path())):
            try:
                content = YAML(typ="safe").load((self.folder / path).read_text(encoding="utf-8"))
            except (OSError, YAMLError, ValueError):
                continue  # there is none yet, or half of one, which the next training mends
            content = content if isinstance(content, dict) else {}
            outs = [
                *content.get("outs", []),
                *(out for s in content.get("stages", {}).values() for out in s.get("outs", [])),
            ]
            yield from (DvcOutput(str(out["md5"]), (base / out["path"]).as_posix()) for out in outs if "md5" in out)

    def list_files(self, output: DvcOutput) -> Mapping[str, str] | None:
        """List the files of a folder with their checksums, by path in it; None when the cache does not have the list."""
        return self.parse_list(cached.read_bytes()) if (cached := self.locate(output.md5)).is_file() else None

    @staticmethod
    def parse_list(content: bytes) -> Mapping[str, str]:
        """Parse the list of the files of a folder."""
        return {str(entry["relpath"]): str(entry["md5"]) for entry in json.loads(content)}

    def read_checksums(self, commit: str) -> dict[str, str]:
        """Read the checksums of a commit's data, by path."""
        return {output.path: output.md5 for output in self.read_all(commit)}

    def find_missing(self, commit: str) -> tuple[list[str], int]:
        """Find the paths of a commit's data that are not in the cache, and count all; a folder without its list is one."""
        missing, count = [], 0
        for output in self.read_all(commit):
            cached = self.locate(output.md5)
            count += 1
            if not cached.exists():
                missing.append(output.path)
            elif output.md5.endswith(".dir"):
                for entry in json.loads(cached.read_text(encoding="utf-8")):
                    count += 1
                    if not self.locate(entry["md5"]).exists():
                        missing.append(f"{output.path}/{entry['relpath']}")
        return missing, count

    def find_cached(self, commit: str, path: Path) -> Path | None:
        """Find an output as it was at a commit in the cache; None when this machine does not have it. Raises NotFound."""
        stages = YAML(typ="safe").load(self.git.read_file(commit, LAYOUT.dvc_lock))["stages"]
        for stage in stages.values():
            for output in stage.get("outs", ()):
                if output["path"] == path.as_posix():
                    cached = self.locate(str(output["md5"]))
                    return cached if cached.is_file() else None
        return None

    def read_data_fingerprint(self) -> str:
        """Read the checksum of all images as they were last tracked; empty before DVC knows any."""
        path = self.folder / LAYOUT.images_dvc
        for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
            if "md5:" in line:
                return line.split("md5:")[1].strip()
        return ""

    def locate(self, md5: str) -> Path:
        """Where the cache has the file of a checksum, or would have it."""
        return self.folder / LAYOUT.dvc_cache / md5[:2] / md5[2:]

    def _read_yaml(self, commit: str, path: Path) -> Mapping[str, Any]:
        try:
            content = YAML(typ="safe").load(self.git.run("show", f"{commit}:{path.as_posix()}"))
        except WorkspaceError:
            return {}
        except YAMLError as error:
            raise NotFound("file-in-commit-damaged", file=path.as_posix(), commit=commit[:10]) from error
        return content if isinstance(content, dict) else {}
