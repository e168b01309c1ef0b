# Sourced by tests/run.sh: runs steps one after the other, whatever becomes of each, and tells it all at the end.
#   step NAME [id=ID] [needs=NEED,…] [after=ID,…] COMMAND …
#   finish
# A step whose needs are not met (tools/needs.sh knows them) is left out. A step is not run if one that it comes
# after did not pass. finish prints what failed and what was left out, and as the last line the counts; its status
# is 1 if a step failed or, where CI is set, if one was left out. STEP_SECONDS bounds each step.
needs_tool=${NEEDS_TOOL:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)/tools/needs.sh}
step_seconds=${STEP_SECONDS:-3000}
passed=0
failures=()
left_out=()
not_run=()
declare -A outcome_of=() ways=()

# Ends what runs, with everything that it has started, and tells what became of the steps before.
running=
interrupted() {
    trap - INT TERM
    [ -z "$running" ] || { kill -TERM "$running" && wait "$running"; } 2>/dev/null
    failures+=("${current:-the run}: interrupted")
    finish
    exit 130
}
trap interrupted INT TERM

record() { # id, outcome
    [ -z "$1" ] || outcome_of[$1]=$2
}

# The first of the steps named that did not pass.
blocked_by() { # ids, separated by commas
    local one
    for one in ${1//,/ }; do
        [ "${outcome_of[$one]:-unknown}" = passed ] || { echo "$one"; return; }
    done
}

step() {
    local name=$1 id= needs= after= started=$SECONDS status=0 lacking blocker need how
    shift
    while :; do
        case ${1-} in
        id=*) id=${1#id=} ;;
        needs=*) needs=${1#needs=} ;;
        after=*) after=${1#after=} ;;
        *) break ;;
        esac
        shift
    done
    blocker=$(blocked_by "$after")
    if [ -n "$blocker" ]; then
        not_run+=("$name: the step \"$blocker\" before it did not pass")
        record "$id" "not run"
        return
    fi
    lacking=$("$needs_tool" missing ${needs//,/ })
    if [ -n "$lacking" ]; then
        left_out+=("$name: needs $(cut -f1 <<<"$lacking" | paste -sd ' ')")
        while IFS=$'\t' read -r need how; do
            ways[$how]=1
        done <<<"$lacking"
        record "$id" "left out"
        return
    fi
    printf '\n== %s\n' "$name"
    current=$name
    # In a process group of its own, so that whatever it starts ends with it.
    timeout --kill-after=30 "$step_seconds" "$@" </dev/null &
    running=$!
    wait "$running" || status=$?
    running=
    current=
    if [ "$status" = 0 ]; then
        passed=$((passed + 1))
        record "$id" passed
    else
        [ "$status" = 124 ] && status="not done after $step_seconds s" || status="exit status $status"
        printf 'FAILED: %s (%s)\n' "$name" "$status"
        failures+=("$name: $status")
        record "$id" failed
    fi
    printf '   (%d s)\n' $((SECONDS - started))
}

list() { # title, lines
    local title=$1
    shift
    [ $# -gt 0 ] || return 0
    printf '\n== %s\n' "$title"
    printf '%s\n' "$@"
}

# How to get what is missing: one line for all packages, and one for each other thing.
advice() {
    local how packages=() others=()
    for how in "${!ways[@]}"; do
        case $how in
        "sudo apt-get install "*) packages+=("${how#sudo apt-get install }") ;;
        *) others+=("$how") ;;
        esac
    done
    [ ${#packages[@]} -eq 0 ] || echo "    sudo apt-get install $(printf '%s\n' "${packages[@]}" | sort -u | paste -sd ' ')"
    [ ${#others[@]} -eq 0 ] || printf '    %s\n' "${others[@]}"
}

finish() {
    list "left out, for want of programs" "${left_out[@]}"
    [ ${#left_out[@]} -eq 0 ] || { echo "To get them:" && advice; }
    list "not run" "${not_run[@]}"
    list "failed" "${failures[@]}"
    local skipped=$((${#left_out[@]} + ${#not_run[@]})) status=0
    [ ${#failures[@]} -eq 0 ] || status=1
    if [ -n "${CI:-}" ] && [ ${#left_out[@]} -gt 0 ]; then
        printf '\nIn continuous integration nothing may be left out.\n'
        status=1
    fi
    printf '\n%d passed, %d failed, %d skipped\n' "$passed" ${#failures[@]} "$skipped"
    return $status
}
