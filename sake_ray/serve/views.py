"""Record who has seen a document: once an hour, since a page is many requests."""

import threading
from collections import OrderedDict
from datetime import datetime, timedelta

from sake_ray.domain.accounts import Account
from sake_ray.domain.audit import AuditAction
from sake_ray.storage.records import Records

ONCE_IN = timedelta(hours=1)
MAX_REMEMBERED = 10_000


class DocumentViews:
    """Records views in the audit log, before anything is shown."""

    def __init__(self) -> None:
        self._recorded: OrderedDict[tuple[str, str], datetime] = OrderedDict()
        self._lock = threading.Lock()

    def record(self, records: Records, account: Account, document: str, *, now: datetime) -> None:
        """Record that an account sees text or pages of a document. Raises StorageUnavailable; then nothing may be shown."""
        key = (account.name, document)
        with self._lock:
            last = self._recorded.get(key)
            if last is not None and now - last < ONCE_IN:
                return
        records.audit.add(AuditAction.DOCUMENT_SEEN, by=account.name, at=now, subject=f"document:{document}")
        with self._lock:
            self._recorded[key] = now
            self._recorded.move_to_end(key)
            if len(self._recorded) > MAX_REMEMBERED:
                self._recorded.popitem(last=False)
