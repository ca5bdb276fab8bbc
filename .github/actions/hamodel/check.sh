#!/usr/bin/env bash
# One check, told in up to three formats: the first explores, the others find its verdicts in the cache.
set -uo pipefail

words=()
while IFS= read -r line; do
  if [ -n "$line" ]; then words+=("$line"); fi
done <<<"${HAMODEL_PATHS:-.}
${HAMODEL_ARGUMENTS:-}"
if [ -n "${HAMODEL_BASELINE:-}" ]; then words+=(--baseline "$HAMODEL_BASELINE"); fi

hamodel check "${words[@]}" --format github --quiet
code=$?
if [ -n "${HAMODEL_SARIF:-}" ]; then hamodel check "${words[@]}" --format sarif --quiet --no-evidence >"$HAMODEL_SARIF"; fi
if [ -n "${HAMODEL_JUNIT:-}" ]; then hamodel check "${words[@]}" --format junit --quiet --no-evidence >"$HAMODEL_JUNIT"; fi
echo "exit-code=$code" >>"${GITHUB_OUTPUT:-/dev/null}"
exit "$code"
