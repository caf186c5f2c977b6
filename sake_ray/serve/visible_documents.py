"""Find documents for those who may see them."""

from sake_ray.domain.accounts import Account
from sake_ray.domain.documents import Document
from sake_ray.errors import NotFound
from sake_ray.serve.auth import utc_now
from sake_ray.serve.dependencies import Services


def find_document(services: Services, account: Account, id: str) -> Document:
    """Find a document; raises NotFound where there is none, or it is another team's."""
    if "\0" in id:
        raise NotFound("no-such-document")
    return services.records.documents.get(id, team=account.visible_team)


def find_to_see(services: Services, account: Account, id: str) -> Document:
    """Find a document of which the account is about to see text or pages, and record that."""
    found = find_document(services, account, id)
    services.views.record(services.records, account, found.id, now=utc_now())
    return found
