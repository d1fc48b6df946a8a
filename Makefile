# Everything is installed into .venv and node_modules; every part is skipped when nothing has changed.
.PHONY: run test lint bench build clean

BIN = .venv/bin

# PORT= and LIENTHU_HOME= reach the command through the environment.
run:
	@tools/install run
	@exec $(BIN)/lienthu serve

test:
	@tools/install test
	@tools/install-system
	@exec $(BIN)/python -m pytest -n 2 --dist loadgroup

lint:
	@tools/install test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy lienthu tools
	PYTHONPATH=. $(BIN)/lint-imports
	$(BIN)/python tools/translations.py check
	$(BIN)/python tools/check_templates.py
	$(BIN)/python tools/check_migrations.py

bench:
	@tools/install test
	@tools/install-system
	@$(BIN)/python -m benchmarks.run

build:
	@tools/install run
	$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --no-index --wheel-dir dist .

# The data folder (./var) stays.
clean:
	rm -rf build dist lienthu.egg-info lienthu/web/static/dist .pytest_cache .ruff_cache .mypy_cache .import_linter_cache
	find lienthu tests tools -name __pycache__ -prune -exec rm -rf {} +
	find lienthu -name '*.mo' -delete
