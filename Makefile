# `make demo` and `make test`: everything into .venv, nothing else on the machine is touched.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
ARGS   ?=

.PHONY: demo test check clean

demo: $(VENV)/.installed
	@$(BIN)/hallbot demo $(ARGS)

test: $(VENV)/.tested
	@scripts/test.sh $(BIN)/python $(ARGS)

# Style, types, direction.
check: $(VENV)/.tested
	@$(BIN)/ruff check bot tests scripts
	@$(BIN)/ruff format --check bot tests scripts
	@$(BIN)/mypy
	@$(BIN)/lint-imports

$(VENV)/.installed: pyproject.toml constraints.txt
	@scripts/venv.sh "$(PYTHON)" "$(VENV)" .
	@touch $@

$(VENV)/.tested: $(VENV)/.installed
	@scripts/venv.sh "$(PYTHON)" "$(VENV)" ".[test]"
	@touch $@

clean:
	@rm -rf $(VENV) build
