#!/bin/sh
# What the server does at its limits: a million clients, TLS, its start, 5,000 connections; see README.md. Needs openssl
# too; options: ./bench/limits.sh --help
set -eu
command -v openssl >/dev/null || { echo "limits.sh: openssl is missing (Debian: apt-get install openssl)" >&2; exit 1; }
ulimit -n "$(ulimit -H -n)"
BENCHMARK=limits exec "$(dirname "$(readlink -f "$0")")/run.sh" "$@"
