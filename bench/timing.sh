#!/bin/sh
# Whether the time of an answer tells an unknown client from a wrong secret; see README.md. Options: ./bench/timing.sh --help
set -eu
BENCHMARK=timing exec "$(dirname "$(readlink -f "$0")")/run.sh" "$@"
