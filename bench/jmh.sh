#!/bin/sh
# Benchmarks by JMH: ./bench/jmh.sh [JMH's options], for example -f 1 -wi 3 -i 3 TokenPath.withoutAuditLog
set -eu
here=$(dirname "$(readlink -f "$0")")
. "$here/../.mvn/find-jdk.sh"
[ -d "$here/target/lib" ] || (cd "$here/.." && ./mvnw -B -q -P bench -pl server,bench -am package -DskipTests)
exec taskset -c 0 "$JAVA_HOME/bin/java" -cp "$here/target/classes:$here/../server/target/jeton-server.jar:$here/target/lib/*" \
  "${MAIN:-org.openjdk.jmh.Main}" "$@"
