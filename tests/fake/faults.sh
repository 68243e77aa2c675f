#!/bin/sh
# faults.sh [PROGRAM] - one docker command after the other goes wrong (nth.py), and a signal comes at random moments (cancel.py), against
# a docker that remembers (engine.c).
# NTH_STEP (24): every how-manieth command; CANCEL_TRIALS (8): how many moments; NTH_SEED, CANCEL_SEED: which of them.
# `make faults` takes every fourth command and 60 moments, `make faults-all` all commands and 300 moments.
set -u
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd) || exit 1
program=${1:-$here/../../build/stackplan}
for needed in python3 "${CC:-cc}"; do
	command -v "$needed" >/dev/null 2>&1 || {
		echo "faults: skipped, it takes $needed"
		exit 0
	}
done
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
"${CC:-cc}" -std=c17 -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -O2 -Wall -Wextra -o "$work/engine" "$here/engine.c" || exit 1
PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE
NTH_STEP=${NTH_STEP:-24} python3 "$here/nth.py" "$program" "$work/engine" || failed=yes
python3 "$here/cancel.py" "$program" "$work/engine" "${CANCEL_TRIALS:-8}" || failed=yes
[ -z "${failed-}" ]
