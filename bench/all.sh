#!/bin/sh
# All load tests, one after the other, each into results/<date>-<name>.md with a plot; what `make bench` runs. See README.md.
#   ./bench/all.sh           three quarters of an hour; the machine should do nothing else
#   ./bench/all.sh --quick   some minutes, to see that all works: into results/<date>-quick-<name>.md
set -u
here=$(dirname "$(readlink -f "$0")")
. "$here/../.mvn/find-jdk.sh"

case "$*" in
  '') quick= ;;
  --quick) quick=quick- ;;
  *) sed -n '2,4s/^# *//p' "$0" >&2; exit 2 ;;
esac
unmeasured=

# Name of the result, then the script with what makes it quick.
measure() {
  name=$1
  script=$2
  shift 2
  [ -n "$quick" ] || set --
  echo "== $script" >&2
  "$here/$script" --what "$quick$name" "$@" || unmeasured="$unmeasured $name"
}

(cd "$here/.." && ./mvnw -B -q -P bench -pl server,cli,bench -am package -DskipTests) || exit 1
measure token-endpoint run.sh --rounds 2 --seconds 2 --warmup 3 --clients 1000
measure peers peers.sh --rounds 2 --seconds 2 --warmup 5
measure hooks hooks.sh --rounds 2 --seconds 2 --warmup 3
if [ -x "$here/limits.sh" ]; then
  measure limits limits.sh --rounds 1 --seconds 1 --warmup 3 --clients 100000 --starts 2 --connections 1000
fi
if [ -n "$unmeasured" ]; then
  echo "all.sh: not all could be measured:$unmeasured" >&2
  exit 1
fi
