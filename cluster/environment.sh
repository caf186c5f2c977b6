# The environment of everything on a node of a cluster. The commands of ray-cluster.yaml read it, and ~/.bashrc of every node.

# Ray opens its folder in /tmp to everybody; with this umask the files in it are not: logs, and what it spills of documents.
umask 077
set -a
# What all nodes share: PostgreSQL, S3, MLflow, and their credentials (docs/cluster.md).
. ~/sake.env
# Whoever has the token may run any program on any node. Ray asks for it only if it is told to.
RAY_AUTH_MODE=token
RAY_AUTH_TOKEN_PATH=$HOME/.ray/auth_token
# `sake` works on this cluster, also in a job, which begins in the folder where `ray start` was called; the home is on the head.
SAKE_RAY_ADDRESS=auto
SAKE_HOME=$HOME/sake_ray/var
# An entry point of a job is found by its bare name, such as `sake` or `python`.
case $PATH in "$HOME/sake_ray/.venv/bin":*) ;; *) PATH=$HOME/sake_ray/.venv/bin:$PATH ;; esac
# A reader of each CPU reads one page at a time: threads of Tesseract would take the CPUs of the others.
OMP_THREAD_LIMIT=1
RAY_USAGE_STATS_ENABLED=0
# By default each log of Ray may keep 3 GB.
RAY_ROTATION_MAX_BYTES=10000000
RAY_ROTATION_BACKUP_COUNT=2
# Otherwise Serve believes X-Forwarded-For of any program on the head (docs/operations.md, "Wrong passwords").
FORWARDED_ALLOW_IPS=
set +a
