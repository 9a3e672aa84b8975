# The face of the project. `make` alone says what there is.
.DEFAULT_GOAL := help
SHELL := /bin/sh

STUDY ?= complete-journey
AS_OF ?=
FILES ?=
CUSTOMER ?=
SET ?=
QUICK ?=
PYTHON ?= python3

VENV := .venv
BIN := $(VENV)/bin
BUILT := $(VENV)/.built

.PHONY: help report describe forget test validate lab check bench clean

help: ## say what can be made
	@echo 'make report                   run the study complete-journey and print the path of its index'
	@echo 'make report STUDY=name AS_OF=2017-09-30 SET="budget=2000"'
	@echo '                              run another study, as of an earlier day, with parameters changed'
	@echo 'make report STUDY=online-retail FILES=path'
	@echo '                              run a study on exports that lie elsewhere than in data/incoming/<study>'
	@echo 'make describe FILES="orders.csv customers.csv" STUDY=name'
	@echo '                              say what files are, with the evidence, and write studies/<name>.yml to start from'
	@echo 'make forget CUSTOMER=id STUDY=name'
	@echo '                              remove a customer from every copy, keep them out, make the reports again'
	@echo 'make test                     run every test'
	@echo 'make validate QUICK=1         try every estimate on simulated worlds whose truth is known; without QUICK, 2,000 worlds a setting'
	@echo 'make lab                      open the notebooks in JupyterLab'
	@echo 'make check                    style of code and notebooks; lock and environment.yml in step'
	@echo 'make bench                    measure speed and memory'
	@echo 'make clean                    remove data, reports and the environment'

report: $(BUILT) ## run what is stale and make the reports
	@$(BIN)/python -m analysis report '$(STUDY)' --as-of '$(AS_OF)' --set '$(SET)' --files '$(FILES)'

describe: $(BUILT) ## say what files are, and write a study to start from
	@$(BIN)/python -m analysis describe $(FILES) --study '$(if $(filter command line environment,$(origin STUDY)),$(STUDY))'

forget: $(BUILT) ## remove a customer from every copy, and keep them out
	@$(BIN)/python -m analysis forget '$(CUSTOMER)' --study '$(STUDY)'

test: $(BUILT) ## run every test
	@$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

validate: $(BUILT) ## try every estimate on simulated worlds whose truth is known
	@$(BIN)/python -m analysis validate $(if $(QUICK),--quick)

lab: $(BUILT) ## open the notebooks in JupyterLab
	@$(BIN)/python -m jupyterlab --notebook-dir=notebooks

check: $(BUILT) ## style, lock, environment.yml
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/python -m pytest tests/test_environment.py

bench: $(BUILT) ## speed and memory, against peers and against the limit
	@$(BIN)/python benchmarks/run.py

clean: ## remove what runs have made, and the environment
	@if [ -x $(BIN)/python ]; then $(BIN)/python -m analysis clean; fi
	@rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis src/*.egg-info

# The stamp is made last: an environment whose building was interrupted is built again from the start.
$(BUILT): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(None if (3, 11) <= v < (3, 14) else f"Python {v[0]}.{v[1]} found; 3.11, 3.12 or 3.13 is needed: make PYTHON=python3.12 report")'
	@rm -rf $(VENV)
	@if command -v uv >/dev/null 2>&1; then \
		uv venv --quiet --python $(PYTHON) $(VENV) && \
		UV_COMPILE_BYTECODE=1 VIRTUAL_ENV=$(VENV) uv pip install --quiet --require-hashes -r requirements.lock && \
		VIRTUAL_ENV=$(VENV) uv pip install --quiet --no-deps --no-build-isolation -e . ; \
	else \
		$(PYTHON) -m venv $(VENV) && \
		$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock && \
		$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e . ; \
	fi
	@$(BIN)/python -m compileall -q -j 0 src $(VENV)/lib >/dev/null 2>&1 || true
	@touch $@
