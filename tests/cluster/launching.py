"""The side that `ray up` is called on: a folder with what the README names, and a home of its own."""

import os
import pty
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
FILE = "ray-cluster.yaml"
SECTION = re.compile(r"^## On a cluster\n(.*?)^## ", re.MULTILINE | re.DOTALL)


def read_commands() -> list[str]:
    """The lines of the README's section "On a cluster", as they are typed."""
    (section,) = SECTION.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    return [line.strip() for line in section.splitlines() if line.startswith("    ")]


@dataclass
class Terminal:
    """A command that goes on in a terminal of its own."""

    process: subprocess.Popen[bytes]
    keyboard: int
    said: list[bytes] = field(default_factory=list)

    def read(self) -> str:
        """What has been shown so far."""
        return b"".join(self.said).decode(errors="replace")

    def follow(self) -> None:
        """Take down what is shown until the terminal is closed."""
        with suppress(OSError):
            while piece := os.read(self.keyboard, 65536):
                self.said.append(piece)

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        os.write(self.keyboard, b"\x03")


@dataclass(frozen=True)
class LaunchingSide:
    """Where the commands are typed, and how long each took, in seconds."""

    folder: Path
    environment: Mapping[str, str]
    took: dict[str, float] = field(default_factory=dict)

    def run(self, line: str) -> str:
        """Type a line and return what is shown; it has to work."""
        began = time.monotonic()
        done = subprocess.run(
            ["bash", "-c", line], cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False,
        )  # fmt: skip
        self.took[line] = time.monotonic() - began
        print(f"$ {line}\n{done.stdout}[{self.took[line]:.0f} s]", flush=True)
        assert done.returncode == 0, done.stdout[-4000:]
        return done.stdout

    def on_head(self, command: str) -> str:
        """Run a command on the head, as the README does."""
        return self.run(f".venv/bin/ray exec {FILE} '{command}'")

    @contextmanager
    def typing(self, line: str) -> Iterator[Terminal]:
        """Type a line that goes on; what still runs after the block is ended."""
        began = time.monotonic()
        keyboard, screen = pty.openpty()
        process = subprocess.Popen(
            ["bash", "-c", line], cwd=self.folder, env=self.environment, stdin=screen, stdout=screen, stderr=screen,
            start_new_session=True,
        )  # fmt: skip
        os.close(screen)
        terminal = Terminal(process, keyboard)
        threading.Thread(target=terminal.follow, daemon=True).start()
        try:
            yield terminal
        finally:
            if process.poll() is None:
                os.killpg(process.pid, 9)
            process.wait()
            os.close(keyboard)
            self.took[line] = time.monotonic() - began
            print(f"$ {line}\n{terminal.read()}[{self.took[line]:.0f} s]", flush=True)


def make_launching_side(folder: Path, home: Path, addresses: list[str], settings: Mapping[str, str]) -> LaunchingSide:
    """Lay out what is sent to the nodes, put in the addresses, and write `~/sake.env`."""
    text = (ROOT / FILE).read_text(encoding="utf-8")
    for shown, real in zip(("192.0.2.10", "192.0.2.11", "192.0.2.12"), addresses, strict=True):
        assert shown in text
        text = text.replace(shown, real)
    # ssh takes ~ for the home that /etc/passwd names, whatever HOME says.
    text = text.replace("~/.ssh/", f"{home}/.ssh/")
    folder.mkdir()
    (folder / FILE).write_text(text, encoding="utf-8")
    for place, sent in yaml.safe_load(text)["file_mounts"].items():
        source = ROOT / sent
        if not place.startswith("~/sake_ray/"):
            continue
        if source.is_dir():
            shutil.copytree(source, folder / sent, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / sent)
    (folder / ".venv").symlink_to(ROOT / ".venv")
    (home / "sake.env").write_text("".join(f"{name}='{value}'\n" for name, value in settings.items()))
    # As a person has it: nothing of what the tests set for themselves. Ray's sockets and locks lie in a short folder.
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return LaunchingSide(folder, kept | {"HOME": str(home), "RAY_TMPDIR": str(home.parent)})
