"""Talk to the service over HTTP, by a module for each noun."""

from sake_ray.client.accounts import AccountCalls
from sake_ray.client.batches import BatchCalls
from sake_ray.client.documents import DocumentCalls
from sake_ray.client.feedback import FeedbackCalls
from sake_ray.client.images import ImageCalls
from sake_ray.client.jobs import JobCalls
from sake_ray.client.models import ModelCalls
from sake_ray.client.policy import PolicyCalls
from sake_ray.client.references import ReferenceCalls
from sake_ray.client.search import SearchCalls
from sake_ray.client.system import SystemCalls


class Client(
    AccountCalls,
    BatchCalls,
    DocumentCalls,
    SearchCalls,
    ReferenceCalls,
    FeedbackCalls,
    ImageCalls,
    JobCalls,
    ModelCalls,
    PolicyCalls,
    SystemCalls,
):
    """One server and one token, with a call for every route; how they are sent is in `Connection`."""
