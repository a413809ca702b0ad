# Everything sets itself up first; what did not change is not done again.
#
#   make run [PORT=8000]   serve the demo library at http://127.0.0.1:8000
#   make test              every check that the build server runs, on both databases
#   make check             the quick part of it, in under a minute
#   make bench [BENCH=--full]   measure
PORT ?= 8000
BIN := .venv/bin
ASSETS := src/tangthu/ui/static/ui/ui.css

.PHONY: run setup check test bench messages format docs pictures wheel clean
.DELETE_ON_ERROR:

run: setup
	@exec $(BIN)/tangthu serve --port $(PORT) --demo

setup: .venv/.synced $(ASSETS)
	@$(BIN)/python tools/messages.py --compile

check: setup
	@$(BIN)/python tools/check.py

test: setup
	@tools/packages.sh postgresql chromium tesseract-ocr tesseract-ocr-vie tesseract-ocr-script-viet tesseract-ocr-fra fonts-dejavu-core ffmpeg podget yaz fontconfig fonts-noto-core default-jre-headless maven poppler-utils clamav-daemon clamdscan
	@tools/verapdf.sh
	@tools/mirador.sh
	@$(BIN)/python tools/test.py

pictures: setup
	@$(BIN)/python tools/pictures.py

bench: setup
	@tools/packages.sh postgresql tesseract-ocr tesseract-ocr-vie
	@PYTHONPATH=src $(BIN)/python -m bench $(BENCH)

# Bring the catalogs of translations up to date with the source.
messages: .venv/.synced
	@$(BIN)/python tools/messages.py

format: setup
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format .
	@$(BIN)/djlint --quiet --reformat src || true
	@npm run --silent format

docs: .venv/.synced
	@PATH="$$PWD/.tools/bin:$$HOME/.local/bin:$$PATH" uv run --quiet --locked --isolated \
		--only-group docs sphinx-build --quiet --fail-on-warning docs docs/_build
	@echo "docs/_build/index.html"

# The package as it is installed elsewhere, with its assets and translations.
wheel: setup
	@rm -rf src/tangthu/opac/manual && cp -R docs/manual src/tangthu/opac/manual
	@PATH="$$PWD/.tools/bin:$$HOME/.local/bin:$$PATH" uv build --quiet --wheel
	@rm -rf src/tangthu/opac/manual
	@ls dist/*.whl

# All that was built or downloaded; the data folder stays.
clean:
	rm -rf .venv .tools node_modules build dist docs/_build src/tangthu/ui/static
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find src tests tools bench -name __pycache__ -prune -exec rm -rf {} +
	find src -name '*.mo' -delete

.venv/.synced: pyproject.toml uv.lock tools/setup.sh
	@tools/setup.sh

node_modules/.installed: package.json package-lock.json tools/node.sh
	@tools/node.sh

$(ASSETS): node_modules/.installed $(shell find assets -type f)
	@npm run --silent build
	@touch $@
