# The two commands of the README are `make up` and `make test`.
.PHONY: up test unit faults fresh check install install-test lock corpus contract containers pictures dashboards dashboard-pictures
export OMP_THREAD_LIMIT = 1

up: install
	.venv/bin/sake up

test: install-test
	.venv/bin/python -m pytest

# The fast loop: what needs no model, OCR engine, server, Ray or service, and is quick.
unit: install-test
	.venv/bin/python -m pytest -m "not integration"

# Style, types and import contracts: a developer's matter, and CI's (.ci/run).
check: install-test
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports --no-cache
	.venv/bin/python scripts/advisories.py

install:
	scripts/install

install-test:
	scripts/install test

# One version of each package for all Pythons that pyproject.toml names. No address of any package index goes into the locks.
LOCK = .venv/bin/uv pip compile -q --universal --fork-strategy fewest --python-version 3.11 --no-header --no-emit-index-url --no-annotate pyproject.toml

lock: install-test
	$(LOCK) -o requirements.lock
	$(LOCK) -o requirements-test.lock --extra test -c requirements.lock

# The hard forms of the killing tests: more documents, longer outages, everything killed, twenty minutes of work (SAKE_SOAK_SECONDS) whose
# memory is watched: an hour and a half; and what else takes too long for `make test`.
faults: install-test
	SAKE_FAULTS=full .venv/bin/python -m pytest -n 0 -s tests/faults
	SAKE_FAULTS=full .venv/bin/python -m pytest -n 0 tests/train/test_training.py -k killed
	SAKE_FAULTS=full .venv/bin/python -m pytest -n 0 tests/train/test_vectorize_on_ray.py tests/data/test_hostile_files.py
	SAKE_FAULTS=full .venv/bin/python -m pytest -n 0 tests/serve/test_service.py -k new_label
	SAKE_FAULTS=full .venv/bin/python -m pytest -n 0 tests/serve/test_through_the_gateway.py
	SAKE_FAULTS=full .venv/bin/python -m pytest -n 0 tests/cluster/test_autoscaling.py tests/cluster/test_many_nodes.py
	SAKE_FAULTS=full .venv/bin/python -m pytest -n 0 -rP tests/cluster/test_ray_up.py
	$(MAKE) containers

# The service in containers (docs/containers.md): builds them, kills a reader while documents are read, sees that nothing is lost.
containers: install-test
	scripts/containers engine
	.venv/bin/python -m scripts.container_trial

# Both commands of the README on bare Debians in containers, as root and as an ordinary user (as root; three hours on a quiet machine).
fresh:
	scripts/fresh

# docs/openapi.json, docs/errors.md, docs/command-line.md and the tables of docs/metrics.md, made from the code.
contract: install
	.venv/bin/python -m sake_ray.serve.http_app > docs/openapi.json
	.venv/bin/python -m sake_ray.errors.page > docs/errors.md
	.venv/bin/python scripts/command_line.py > docs/command-line.md
	.venv/bin/python -m sake_ray.metrics.page docs/metrics.md

# docs/pictures, taken of the real screens with generated documents (a quarter of an hour).
pictures: install-test
	.venv/bin/python scripts/pictures.py

# cluster/grafana/dashboards, made from scripts/dashboards.
dashboards: install
	.venv/bin/python -m scripts.dashboards

# Their pictures in docs/pictures, of a made-up day that a real Prometheus is asked about (a minute).
dashboard-pictures: install-test
	.venv/bin/python scripts/dashboard_pictures.py

# The texts of the first model, read again from generated scans (about half an hour).
corpus: install
	.venv/bin/sake corpus
