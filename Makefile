# Each target makes .venv from the lock (with hashes) when it is missing or the lock changed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV_COMPILE := $(BIN)/uv pip compile -q pyproject.toml - --universal --python-version 3.11 \
	--generate-hashes --no-header --no-annotate
INSTALLERS := 'flit_core>=3.12,<5' pip
# Packages that were kept are installed without an index.
KEPT := $(if $(wildcard wheels/*.whl),--no-index --find-links wheels)
CPUS := $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)

# Without compiled bytecode every import takes four times as long.
unexport PYTHONDONTWRITEBYTECODE

.NOTPARALLEL:
.DEFAULT_GOAL := help
.PHONY: help reports test simulations lint audit wheels bench fuzz lock lab docs

help:  ## show what can be made
	@grep -hE '^[a-z]+:.*##' Makefile | sed -E 's/:[^#]*## /\t/' | expand -t 10

reports: $(VENV)/.installed  ## submissions in, evaluation reports out (demo submissions when data/raw is empty)
	@$(BIN)/evallib demo --if-empty
	@$(BIN)/evallib ingest
	@$(BIN)/evallib run

test: $(VENV)/.installed-test  ## lint, floor plan, types, every test, doctest and notebook, simulations in short
	@$(MAKE) --no-print-directory lint
	@$(BIN)/python -m pytest -q -n $(CPUS) --dist loadfile --no-loadscope-reorder -m 'not simulation'

simulations: $(VENV)/.installed-test  ## the simulations of make test at full length: how often intervals hold the truth
	@$(BIN)/python -m pytest -q -n $(CPUS) -m simulation tests

lint: $(VENV)/.installed-test  ## style, floor plan and types only
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/mypy

audit: $(VENV)/.installed-test  ## versions and licences of all dependencies, and the list of parts in audit/sbom.json
	@$(BIN)/python audit/run.py

wheels: $(VENV)/.installed  ## keep the packages of this system in wheels/, to install from when an index is gone
	@$(BIN)/python -m pip download -qq --no-deps --require-hashes -r requirements-test.lock -d wheels

bench: $(VENV)/.installed-test  ## run every benchmark beside its peers and rewrite docs/benchmarks.md
	@$(BIN)/python benchmarks/run.py

fuzz: $(VENV)/.installed-test  ## damage files and cells for MINUTES=30, keep what breaks a reader in fuzz/faults
	@$(BIN)/python fuzz/run.py --minutes $(or $(MINUTES),30)

lock: $(VENV)/.installed-test  ## renew requirements.lock and requirements-test.lock
	@printf '%s\n' $(INSTALLERS) | $(UV_COMPILE) --upgrade -o requirements.lock
	@printf '%s\n' $(INSTALLERS) | $(UV_COMPILE) --upgrade --extra test --extra docs -c requirements.lock -o requirements-test.lock

lab: $(VENV)/.installed  ## open JupyterLab on the notebooks
	@$(BIN)/jupyter lab notebooks

docs: $(VENV)/.installed-test  ## pages of the Python interface in docs/api
	@$(BIN)/pdoc --docformat numpy -o docs/api evallib

$(VENV)/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || { \
	  echo 'needed: Python 3.11, 3.12 or 3.13 / ต้องการ: Python 3.11, 3.12 หรือ 3.13'; \
	  echo "found:  $$($(PYTHON) --version 2>&1)"; \
	  echo 'do:     make reports PYTHON=python3.12 / ให้ทำ: ระบุ PYTHON=... ของรุ่นที่รองรับ'; exit 2; } >&2
	@echo 'Installing into $(VENV), about a minute / กำลังติดตั้ง ประมาณหนึ่งนาที'
	@$(PYTHON) -m venv --clear $(VENV) || { \
	  echo 'needed: the venv module of Python / ต้องการ: โมดูล venv ของ Python'; \
	  echo 'found:  $(PYTHON) -m venv failed, see above / พบ: สร้าง .venv ไม่ได้'; \
	  echo 'do:     install it (python3-venv on Debian and Ubuntu) / ให้ทำ: ติดตั้ง python3-venv'; exit 2; } >&2
	@$(BIN)/python -m pip install -qq $(KEPT) --no-compile --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -qq --no-deps --no-build-isolation -e .
	@$(BIN)/python -m pip uninstall -qq -y setuptools  # venv of Python 3.11 brings an old one
	@PYTHONWARNINGS=ignore $(BIN)/python -m compileall -qq -j 0 $(VENV)/lib evallib || true
	@touch $@

$(VENV)/.installed-test: $(VENV)/.installed requirements-test.lock
	@echo 'Installing what the tests need / กำลังติดตั้งเครื่องมือทดสอบ'
	@$(BIN)/python -m pip install -qq $(KEPT) --no-compile --no-deps --require-hashes -r requirements-test.lock
	@PYTHONWARNINGS=ignore $(BIN)/python -m compileall -qq -j 0 $(VENV)/lib || true
	@touch $@
