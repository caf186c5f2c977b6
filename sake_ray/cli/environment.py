"""Take out of the environment what was meant for whoever started `sake`, and would lead it and its processes astray."""

import os

GIT_VARIABLES = (
    "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR", "GIT_CONFIG", "GIT_CONFIG_PARAMETERS", "GIT_DIR", "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_INTERNAL_SUPER_PREFIX", "GIT_NAMESPACE", "GIT_NO_REPLACE_OBJECTS",
    "GIT_OBJECT_DIRECTORY", "GIT_PREFIX", "GIT_QUARANTINE_PATH", "GIT_REPLACE_REF_BASE", "GIT_SHALLOW_FILE", "GIT_WORK_TREE",
)  # fmt: skip
"""What git sets for its hooks (`git rev-parse --local-env-vars`): git and DVC would write to the repository of the hook."""
ADMIN_PLACES = "/usr/sbin:/sbin"
"""Where Debian has nginx, and the PATH of an ordinary user has not."""
LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")


def clear_environment() -> None:
    """Drop git's variables of the caller's repository, and let nothing on this machine be asked by way of a proxy."""
    for name in GIT_VARIABLES:
        os.environ.pop(name, None)
    bypass_proxy(*LOCAL_HOSTS)


def bypass_proxy(*hosts: str) -> None:
    """Ask these hosts directly, whatever `http_proxy` says: Ray's, MLflow's, boto3's and our own clients read `no_proxy`."""
    known = [host.strip() for name in ("no_proxy", "NO_PROXY") for host in os.environ.get(name, "").split(",")]
    joined = ",".join(dict.fromkeys([*filter(None, known), *hosts]))
    os.environ["no_proxy"] = os.environ["NO_PROXY"] = joined
