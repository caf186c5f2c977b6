"""Back an installation up as it was at one moment, and restore it elsewhere.

`Repository` keeps content under its name, and a manifest for each snapshot; `make_backup`, `prune`, `Verification` and `restore`
work on it while it is held.
"""

from sake_ray.backup.erasure_notes import ErasureNotes
from sake_ray.backup.lock import hold_repository
from sake_ray.backup.making import make_backup, note_backup
from sake_ray.backup.place import BackupPlace
from sake_ray.backup.pruning import prune
from sake_ray.backup.repository import Repository, Snapshot
from sake_ray.backup.restoring import RestoreReport, check_restored, restore
from sake_ray.backup.sealing import read_seal
from sake_ray.backup.source import BackupSource
from sake_ray.backup.verification import Damage, Verification

__all__ = [
    "BackupPlace",
    "BackupSource",
    "Damage",
    "ErasureNotes",
    "Repository",
    "RestoreReport",
    "Snapshot",
    "Verification",
    "check_restored",
    "hold_repository",
    "make_backup",
    "note_backup",
    "prune",
    "read_seal",
    "restore",
]
