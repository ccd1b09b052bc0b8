# `make run` and `make test` each do all their own set-up; see README.md.
.DEFAULT_GOAL := help
.PHONY: help setup run test check bench clean

STAMP := .venv/.synced
BOT := .venv/bin/bot
# Where Python must not write bytecode, every start would compile Rasa anew: 8 s instead of 15.
BYTECODE := $(if $(PYTHONDONTWRITEBYTECODE),--compile-bytecode)

help: ## Show this help
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

setup: $(STAMP) ## Make the environment in .venv

$(STAMP): pyproject.toml uv.lock .python-version
	@uv=$$(deploy/find-uv) && "$$uv" sync --frozen --quiet $(BYTECODE)
	@touch $(STAMP)

run: setup ## Train if needed and serve the demo clinic on 127.0.0.1:5005
	@$(BOT) train >/dev/null && $(BOT) db migrate
	@SECRET_KEY="$${SECRET_KEY:-$$(deploy/secret-key)}" exec $(BOT) serve

test: setup ## Run the whole test suite
	$(BOT) train
	@CHROMIUM="$$(deploy/browser)" .venv/bin/pytest -n 2 --dist loadgroup

check: setup ## Check format, lint, types, data and content
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	$(BOT) content check
	.venv/bin/pytest -q tests/architecture

bench: setup ## Run every benchmark, ours beside stock
	.venv/bin/python benchmarks/all.py

clean: ## Remove the environment, models and caches (not the data under var/)
	rm -rf .venv .tools models .rasa .pytest_cache .mypy_cache .ruff_cache .hypothesis var/cache
