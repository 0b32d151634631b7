#!/bin/sh
# Tokens per second over HTTP beside the raw signing rate of the same core; see README.md. Needs wrk (Debian:
# apt-get install wrk) and Node.js; options are run.mjs's: ./bench/run.sh --help
set -eu
here=$(dirname "$(readlink -f "$0")")
. "$here/../.mvn/find-jdk.sh"
for tool in wrk taskset node xz; do
  command -v "$tool" >/dev/null || { echo "run.sh: $tool is missing (Debian: apt-get install wrk util-linux nodejs xz-utils)" >&2; exit 1; }
done
postgresql="$here/target/postgresql"
[ -e "$here/../server/target/jeton-server.jar" ] && [ -e "$here/../cli/target/jeton-cli.jar" ] && [ -d "$postgresql" ] ||
  (cd "$here/.." && ./mvnw -B -q -P bench -pl server,cli,bench -am package -DskipTests)
[ -x "$postgresql/bin/postgres" ] || tar -xJf "$postgresql"/postgres-*.txz -C "$postgresql"
exec taskset -c 1 node "$here/${BENCHMARK:-run}.mjs" "$@"
