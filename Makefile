# Needs make and Python 3.10+; everything else, uv and a fitting Python included, is fetched here.

PYTHON ?= python3
UV := .uv/bin/uv

.PHONY: demo live test slow truth bench setup lint clean

demo: setup ## Run the main job on the embedded sandbox
	@.venv/bin/opsbot demo

live: setup ## Run the main job on the real parts that the environment names, the sandbox for the rest
	@.venv/bin/opsbot demo --live

test: setup lint ## Prove it
	@.venv/bin/python -m pytest

slow: setup ## Prove what takes minutes: all scenarios, killed workers, many wishes at once
	@.venv/bin/python -m pytest --numprocesses=0 -m slow -v

truth: setup ## Hold the sandbox's Kubernetes against the real cluster that the environment names
	@.venv/bin/python -m tests.truth

bench: setup ## Measure how long a command takes to its first step
	@.venv/bin/python -m tests.bench.first_step

setup: .venv/.ready ## Install into .venv

lint: setup
	@.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy && .venv/bin/lint-imports

$(UV):
	@$(PYTHON) -m venv .uv && .uv/bin/pip install --quiet --disable-pip-version-check "uv>=0.8"

.venv/.ready: pyproject.toml uv.lock | $(UV)
	@$(UV) sync --frozen --quiet --extra live $(if $(shell command -v node),,--extra node)
	@touch $@

clean:
	rm -rf .venv .uv .opsbot
