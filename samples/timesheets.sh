#!/bin/sh
# ./jeton sample timesheets: wires the Timesheets API and its import job to a server of its own, and shows each step.
# Every command is printed as it is run. Nothing is left behind; with --keep all goes on until Ctrl-C.
set -eu
cd "$(dirname "$0")/.."
PATH="$JAVA_HOME/bin:$PATH"

usage() {
  cat <<'END'
Usage: jeton sample timesheets [--keep]
Start a server and the Timesheets API on free ports, let the import job upload a file, and explain each step.

      --keep   Leave the server and the API running until Ctrl-C.

Example:
  jeton sample timesheets --keep

Exit codes: 0 done, 1 something did not work, 2 wrong usage, 130 stopped by Ctrl-C.

Needs curl. Its files are in a temporary folder, which is deleted at the end. The sources are in samples/.
END
}

keep=false
for argument in "$@"; do
  case $argument in
    --keep) keep=true ;;
    -h | --help) usage && exit 0 ;;
    *) echo "jeton: sample timesheets does not know $argument" >&2 && usage >&2 && exit 2 ;;
  esac
done
# A server of its own, whatever the caller's settings are.
for setting in $(env | sed -n 's/^\(JETON_[A-Z0-9_]*\|TIMESHEETS_[A-Z0-9_]*\)=.*/\1/p'); do
  [ "$setting" = JETON_JAVA_HOME ] || unset "$setting"
done

command -v curl >/dev/null 2>&1 || { echo "jeton: the sample shows requests with curl; install it" >&2 && exit 1; }

scratch=$(mktemp -d)
started=
cleanup() {
  trap - EXIT HUP INT TERM
  for process in $started; do
    kill "$process" 2>/dev/null || true
  done
  wait
  rm -rf "$scratch"
}
trap cleanup EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

step=0
step() {
  step=$((step + 1))
  printf '\n%d  %s\n\n' "$step" "$1"
}

# Prints a command and runs it.
run() {
  printf '$ %s\n' "$1"
  eval "$1"
}

# Prints a command, leaves it running, waits for its line "... is ready at URL" and sets $url.
start() {
  printf '$ %s &\n' "$1"
  mkfifo "$scratch/lines"
  (eval "exec $1") >"$scratch/lines" 2>"$scratch/errors" &
  started="$! $started"
  exec 3<"$scratch/lines"
  rm "$scratch/lines"
  url=
  while [ -z "$url" ] && read -r line <&3; do
    printf '%s\n' "$line"
    case $line in
      *" is ready at "*) url=${line#* is ready at } && url=${url%% *} && url=${url%/} ;;
    esac
  done
  if [ -z "$url" ]; then
    echo "jeton: it did not start:" >&2
    cat "$scratch/errors" >&2
    exit 1
  fi
  cat <&3 >/dev/null & # so that it never waits for a reader
  exec 3<&-
}

# The value of a member in a file of JSON.
member() {
  node -p 'JSON.parse(fs.readFileSync(process.argv[2], "utf8"))[process.argv[1]]' "$1" "$2"
}

cat <<'END'
ExampleCo's consultants write down their hours in a tool of their own. At night a job, with no user present, uploads
them to the Timesheets API. The API takes entries only with an access token; the job gets one from Jeton with its
client id and secret (OAuth 2.0 client credentials grant).
END

step "Start the authorization server, with a fresh database."
start "./jeton serve --port 0 --data '$scratch/jeton'"
issuer=$url
export JETON_DATA="$scratch/jeton" # where the command line finds address and credentials

step "Register the API: its identifier, and the scopes that it knows."
run "./jeton apis create 'Timesheets API' --identifier https://timesheets.example.com \\
    --scope 'read:timesheets=Read own timesheets' --scope 'create:timesheets=Create own timesheets' \\
    --scope 'delete:timesheets=Delete own timesheets' --scope 'approve:timesheets=Approve timesheets' \\
    --scope 'batch:upload=Upload timesheets of all employees'"

step "Register the job as an application. Its secret goes into a file that only you can read."
umask 077
run "./jeton apps create 'Timesheets Import Job' --json > '$scratch/job.json'"
client_id=$(member client_id "$scratch/job.json")
member client_secret "$scratch/job.json" >"$scratch/job.secret"
printf 'client id %s\n' "$client_id"

step "Let the job do what it has to, and no more: one scope of the five."
run "./jeton grants create --app $client_id --api https://timesheets.example.com --scope batch:upload"

step "Start the Timesheets API. It needs to know whose tokens it takes, and fetches the keys by itself."
start "env JETON_ISSUER=$issuer/ TIMESHEETS_PORT=0 TIMESHEETS_DATA='$scratch/timesheets.db' java -jar samples/timesheets-api/target/timesheets-api.jar"
api=$url

step "Without a token the API answers 401, and says what is missing."
run "curl --silent --include --data '{}' --header 'content-type: application/json' $api/timesheets/upload"
echo

step "With the job's token, a request that the grant does not cover: 403, and the scope that it would take."
run "./jeton token --app $client_id --api https://timesheets.example.com > '$scratch/token'"
run "curl --silent --include --header \"Authorization: Bearer \$(cat '$scratch/token')\" $api/approvals"
echo

step "The job: it gets a token, reads the file, and uploads one entry after the other."
job="env JETON_ISSUER=$issuer/ JETON_CLIENT_ID=$client_id JETON_CLIENT_SECRET_FILE='$scratch/job.secret' \\
    TIMESHEETS_URL=$api java -jar samples/timesheets-import/target/timesheets-import.jar samples/timesheets-import/entries.csv"
run "$job"

step "The job again, as after a failure half-way: each entry has an id of its own, so none is stored twice."
run "$job"

step "The latest of what the audit log says of tokens and changes, with who and when."
run "./jeton logs --take 6"

cat <<'END'

Done. Seen: a server with an API, an application and a grant; a request without a token (401), one without the scope
(403), and an import that may be repeated. Read on: docs/sample.md, and docs/verify.md to protect an API of your own.
END

if $keep; then
  cat <<END

The server ($issuer) and the API ($api) go on until Ctrl-C. In another terminal:

  export JETON_DATA=$scratch/jeton
  ./jeton apps list
END
  wait
fi
