#!/usr/bin/env bash
# Brings a file of users into a Vault: an example of a client, with curl and a POSIX shell's tools.
#
#   MUSTER_PASSWORD=... examples/sync_users.sh https://muster.example.com admin@example.com users.csv 4112
#
# users.csv has a header with the field names of a create (user_name__v, ...). Everybody is created
# or updated in batches and made a member of the further vault; then the site of all is set together
# with that of a user who does not exist, the last one is disabled, and the newest row of the audit
# trail is shown. Prints one line a step. MUSTER_CA_FILE: certificates to trust (PEM).
set -euo pipefail
api=$1/api/v24.3 user=$2 users=$3 vault=$4
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The password comes from a file of its own: the command line is for everybody to see.
printf %s "$MUSTER_PASSWORD" >"$work/password"
trust=(); [ -z "${MUSTER_CA_FILE:-}" ] || trust=(--cacert "$MUSTER_CA_FILE")
curl_api() { curl -sS --fail "${trust[@]}" -H "Authorization: ${session:-}" "$@"; }
# A call that failed as a whole says so in its envelope, whatever format was asked for.
checked() {
  curl_api "$@" >"$work/answer"
  ! grep -q '^{"responseStatus":"FAILURE"' "$work/answer" || { cat "$work/answer" >&2; exit 1; }
}

checked "$api/auth" --data-urlencode "username=$user" --data-urlencode "password@$work/password"
session=$(sed -n 's/.*"sessionId":"\([^"]*\)".*/\1/p' "$work/answer")
echo "session ${session:0:8}"

head -n 1 "$users" >"$work/header"
tail -n +2 "$users" | split -l 500 - "$work/batch."
: >"$work/results"
for batch in "$work"/batch.*; do
  cat "$work/header" "$batch" >"$work/body"
  checked -X POST "$api/objects/users?operation=upsert&idParam=user_name__v" \
    -H 'Content-Type: text/csv' -H 'Accept: text/csv' --data-binary "@$work/body"
  tail -n +2 "$work/answer" >>"$work/results"
done
echo "upserted $(grep -c '^SUCCESS,' "$work/results")"
awk -F, '$1 == "SUCCESS" { print $2 }' "$work/results" >"$work/ids"

joined=0
for id in $(head -n 5 "$work/ids"); do
  # As some clients do: the form is empty, so the defaults of a new member hold.
  checked -X PUT "$api/objects/users/$id/vault_membership/$vault" -d ''
  joined=$((joined + 1))
done
echo "joined $joined"

{ echo id,site__v; head -n 499 "$work/ids" | sed 's/$/,Berlin/'; echo 999999,Nowhere; } >"$work/body"
checked -X PUT "$api/objects/users" -H 'Content-Type: text/csv' -H 'Accept: text/csv' \
  --data-binary "@$work/body"
echo "updated $(grep -c '^SUCCESS,' "$work/answer")"
grep '^FAILURE,' "$work/answer"

checked -X DELETE "$api/objects/users/$(tail -n 1 "$work/ids")"
echo "disabled $(tail -n 1 "$work/ids")"

checked "$api/audittrail/domain_audit_trail?limit=1" -H 'Accept: text/csv'
tail -n 1 "$work/answer"
checked -X DELETE "$api/session"
