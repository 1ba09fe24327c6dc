#!/usr/bin/env bash
# Makes .venv complete: one environment, made again when the requirements change. Called by make.
set -eu
cd "$(dirname "$0")/../.."
python=""
for candidate in ${PYTHON:-} python3.11 python3 python; do
  if command -v "$candidate" >/dev/null 2>&1 && "$candidate" -c 'import sys; raise SystemExit(sys.version_info[:2] != (3, 11))' >/dev/null 2>&1; then
    python=$candidate
    break
  fi
done
if [ -z "$python" ]; then
  echo "Python 3.11 is needed and was not found: install it (for example: apt-get install python3.11 python3.11-venv), or call make PYTHON=/path/to/python3.11" >&2
  exit 1
fi
echo "setting up .venv with $($python --version) (once; takes about a minute)"
if ! "$python" -m venv --clear .venv >/dev/null 2>.venv-error; then
  cat .venv-error >&2
  rm -f .venv-error
  echo "Python's venv module does not work here: install it (for example: apt-get install python3.11-venv)" >&2
  exit 1
fi
rm -f .venv-error
if ! .venv/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt; then
  echo "The packages of requirements-dev.txt could not be installed: is the package registry reachable from here?" >&2
  exit 1
fi
.venv/bin/python -m infra.node  # says what is left out where there is no Node
touch .venv/.complete
echo "setup complete"
