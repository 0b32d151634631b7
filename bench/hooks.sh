#!/bin/sh
# What Hooks and Actions cost a token, beside the same server without them; see README.md. Options: ./bench/hooks.sh --help
set -eu
BENCHMARK=hooks exec "$(dirname "$(readlink -f "$0")")/run.sh" "$@"
