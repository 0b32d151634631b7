# Sourced by ./jeton and ./mvnw: finds a JDK 25 and exports JAVA_HOME, or says plainly what is missing.
# Order: JETON_JAVA_HOME, JAVA_HOME if it is a 25, /usr/lib/jvm/*, the java on the PATH; jeton_found_by says which it was.

jeton_is_jdk_25() {
  [ -n "${1-}" ] && [ -x "$1/bin/javac" ] && grep -qs '^JAVA_VERSION="25[."]' "$1/release"
}

jeton_find_jdk() {
  if [ -n "${JETON_JAVA_HOME-}" ]; then
    if jeton_is_jdk_25 "$JETON_JAVA_HOME"; then
      JAVA_HOME=$JETON_JAVA_HOME
      jeton_found_by=JETON_JAVA_HOME
      return 0
    fi
    echo "jeton: JETON_JAVA_HOME is $JETON_JAVA_HOME, which is not a JDK 25; point it at one, or unset it." >&2
    return 1
  fi
  jeton_found_by=JAVA_HOME
  jeton_is_jdk_25 "${JAVA_HOME-}" && return 0
  jeton_found_by=/usr/lib/jvm
  set +f # mvnw switches globbing off
  for jeton_jdk in /usr/lib/jvm/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if jeton_is_jdk_25 "$jeton_jdk"; then
      JAVA_HOME=$jeton_jdk
      return 0
    fi
  done
  jeton_found_by=PATH
  if jeton_javac=$(command -v javac); then
    jeton_jdk=$(dirname "$(dirname "$(readlink -f "$jeton_javac")")")
    if jeton_is_jdk_25 "$jeton_jdk"; then
      JAVA_HOME=$jeton_jdk
      return 0
    fi
  fi
  echo "jeton: no JDK 25 found in JETON_JAVA_HOME, JAVA_HOME, /usr/lib/jvm or on the PATH; install one (for example Temurin 25) or set JETON_JAVA_HOME to it." >&2
  return 1
}

jeton_find_jdk || exit 1
export JAVA_HOME
