#!/usr/bin/env bash
# What a product's server asks Gangway, by hand: bash and curl, and nothing else to install.
#
#   host.sh connect [APP]      makes a session, prints the link to open, and waits for what becomes of it
#   host.sh complete CODE      says who came back: the gangway_completion that the browser brought to your return URL
#   host.sh connections        what is connected
#   host.sh disconnect ID      takes one of them away, by its credential_id
#   host.sh actions [APP]      what can be done with an app, as Alloy tells it
#   host.sh share ID TEXT      posts a message to Slack, with the connection of that credential_id
#
# GANGWAY_API_KEY is one of Gangway's host.api_keys, ALLOY_API_KEY your key for Alloy. GANGWAY_URL, ALLOY_URL and
# ACME_USER have defaults.
set -euo pipefail

gangway_url=${GANGWAY_URL:-http://localhost:3000}
alloy_url=${ALLOY_URL:-https://production.runalloy.com}
user=${ACME_USER:-user-1}
: "${GANGWAY_API_KEY:?set it to one of the keys of host.api_keys}"

# One call of Gangway's API. The key comes as a file, so that no list of processes shows it; a refusal says why.
gangway() {
    local method=$1 path=$2
    shift 2
    curl --silent --show-error --max-time 60 --request "$method" "$gangway_url/api/v1$path" \
        --header @<(printf 'Authorization: Bearer %s' "$GANGWAY_API_KEY") \
        --header 'Content-Type: application/json' --fail-with-body "$@" || {
        printf '\nGangway did not do that.\n' >&2
        return 1
    }
}

# One call of Alloy's API; prints the answer, and its status behind it. Without the acting user Alloy would act as the
# owner of the key: there is no call without one.
alloy() {
    local acting=${1:?Alloy has no user for it: nothing is connected} method=$2 path=$3
    shift 3
    curl --silent --show-error --max-time 30 --request "$method" "$alloy_url$path" \
        --header @<(printf 'Authorization: Bearer %s\nx-alloy-userid: %s\n' "${ALLOY_API_KEY:?set it}" "$acting") \
        --header 'x-api-version: 2025-09' --header 'Content-Type: application/json' --write-out '\n%{http_code}\n' "$@"
}

# A text as it stands in JSON.
json() {
    local text=${1//\\/\\\\}
    text=${text//\"/\\\"}
    text=${text//$'\t'/ }
    printf '"%s"' "${text//$'\n'/\\n}"
}

# The first text of that name in the JSON. With jq at hand: jq -r .state
field() { grep -o "\"$1\":\"[^\"]*\"" | head -n 1 | cut -d '"' -f 4; }

# A key for each session that you want: if an answer is lost, curl asks again with it and gets the same session.
new_key() { od -An -N 16 -t x1 /dev/urandom | tr -d ' \n'; }

connect() {
    local app=$1 again=${2:+\"reconnect\":\"$2\",} session attempt told state=pending
    session=$(gangway POST /connect-sessions --retry 3 --retry-connrefused --header "Idempotency-Key: $(new_key)" \
        --data "{\"user\":{\"id\":\"$user\"},\"connector\":\"$app\",$again\"after\":\"return\"}")
    printf 'Open this link in a browser. It works once, until %s, and only for %s:\n' \
        "$(field expires_at <<<"$session")" "$user"
    field url <<<"$session"
    attempt=$(begun "$(field id <<<"$session")")
    printf 'It is begun. Now it is up to whoever is in front of the browser.\n'
    # The answer comes when the attempt ends, or after 30 seconds: then we ask again.
    while [ "$state" = pending ]; do
        told=$(gangway GET "/link-attempts/$attempt?wait=30")
        state=$(field state <<<"$told")
    done
    if [ "$state" = linked ]; then
        printf '%s is connected for %s. Its credential_id is %s\n' "$app" "$user" "$(field credential_id <<<"$told")"
    else
        printf '%s is not connected: %s, because of %s. The reference is %s\n' \
            "$app" "$state" "$(field reason <<<"$told")" "$(field reference <<<"$told")"
        return 1
    fi
}

# The attempt that was begun in a session, as soon as there is one. Did nobody open the link? Then the session ends.
begun() {
    local id session=waiting
    while [ "$session" = waiting ] || [ "$session" = live ]; do
        session=$(gangway GET "/connect-sessions/$1") || return 1
        session=$(field state <<<"$session")
        id=$(gangway GET "/link-attempts?session=$1&limit=1") || return 1
        id=$(field id <<<"$id") && printf '%s\n' "$id" && return
        sleep 1
    done
    printf 'Nothing was begun: the session is %s.\n' "$session" >&2
    return 1
}

complete() {
    local told
    told=$(gangway POST /link-attempts/complete --data "{\"completion\":\"$1\",\"user_id\":\"$user\"}")
    printf 'Gangway knows now that it was %s: %s. Send the browser on to\n%s\n' \
        "$user" "$(field state <<<"$told")" "$(field continue_url <<<"$told")"
}

connections() {
    printf 'Connected for %s, as Gangway tells it:\n' "$user"
    gangway GET "/users/$user/connections"
    printf '\n'
}

disconnect() {
    gangway DELETE "/users/$user/connections/$1"
    printf '%s is taken away.\n' "$1"
}

acting_user() { gangway GET "/users/$user" | field alloy_user_id; }

actions() { alloy "$(acting_user)" GET "/connectors/$1/resources"; }

share() {
    local body told word='(auth|authed|authentication|credentials?|token)'
    body=$(printf '{"credentialId":%s,"requestBody":{"channel":"#general","text":%s}}' "$(json "$1")" "$(json "$2")")
    told=$(alloy "$(acting_user)" POST /connectors/slack/actions/chat_postMessage/execute --data "$body")
    case $told in
        *'"success":false'* | *'"ok":false'*) ;;
        *'"responseData":'*$'\n2'?? | *'"result":'*$'\n2'??) printf 'It is in #general.\n' && return ;;
    esac
    printf 'It was not shared: %s\n' "$told"
    # Is it the credential? 429 asks to wait, 404 says that it is gone, and a refusal of your own Alloy key has no code.
    [[ $told != *$'\n404' ]] || return 1
    grep -Eiq "\"(code|error)\":\"(([a-z]+_)?$word(_[a-z]+)?|account_inactive)\"" <<<"$told" ||
        return 1
    gangway POST "/users/$user/connections/$1/refused"
    printf 'Slack does not accept this connection any more.\n'
    connect slack "$1"
}

case ${1:-} in
    connect) connect "${2:-slack}" ;;
    complete | disconnect) "$1" "${2:?what is to be taken? $1 needs one word more}" ;;
    connections) connections ;;
    actions) actions "${2:-slack}" ;;
    share) share "${2:?the credential_id}" "${3:?the text}" ;;
    *) sed -n '2,12s/^#\{1,\} \{0,1\}//p' "$0" >&2 && exit 2 ;;
esac
