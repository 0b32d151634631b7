#!/bin/sh
# Jeton beside Keycloak, Spring Authorization Server and node oidc-provider; see README.md. Fetches the three from Maven
# Central and npm on first use. Options: ./bench/peers.sh --help
set -eu
here=$(dirname "$(readlink -f "$0")")
. "$here/../.mvn/find-jdk.sh"

prepare() {
  keycloak="$here/target/peers/keycloak-26.7.3"
  if [ ! -e "$keycloak.built" ]; then
    echo "peers.sh: fetching Keycloak" >&2
    rm -rf "$keycloak"
    (cd "$here/.." && ./mvnw -B -q -N dependency:unpack -Dmdep.overWriteReleases=true -DoutputDirectory="$here/target/peers" \
      -Dartifact="org.keycloak:keycloak-quarkus-dist:${keycloak##*-}:zip")
    # H2 in its process: a token request of this kind neither reads nor writes the database
    "$keycloak/bin/kc.sh" build --db=dev-file >"$keycloak.log" 2>&1 || { tail -n 30 "$keycloak.log" >&2; return 1; }
    mv "$keycloak.log" "$keycloak.built"
  fi
  (cd "$here/.." && ./mvnw -B -q -f bench/peers/spring-authorization-server package)
  [ "$here/peers/oidc-provider/node_modules/.package-lock.json" -nt "$here/peers/oidc-provider/package-lock.json" ] ||
    (cd "$here/peers/oidc-provider" && npm ci --ignore-scripts --no-audit --no-fund)
}

case " $* " in
  *" --help "*) ;;
  *) prepare ;;
esac
BENCHMARK=peers exec "$here/run.sh" "$@"
