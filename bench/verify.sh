#!/bin/sh
# What verifying a token takes beside the check of its signature, by JMH; see README.md. Options are JMH's, for example
# ./bench/verify.sh -p provider=ACCP -p algorithm=RS256
set -eu
MAIN=dev.jeton.bench.VerificationReport exec "$(dirname "$(readlink -f "$0")")/jmh.sh" "$@"
