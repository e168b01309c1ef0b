# shellcheck shell=bash
# Sourced by tests/run.sh: runs steps, whatever becomes of each, and tells it all at the end.
#   step NAME [id=ID] [needs=NEED,…] [after=ID,…] [behind=ID,…] [early] [alone] [optional] COMMAND …
#   finish
# A step whose needs are not met (tools/needs.sh knows them) is left out. A step is not run if one that it comes
# after did not pass; it waits for those that it comes behind, whatever became of them. finish runs the steps,
# STEPS_AT_A_TIME (2) side by side: the first that may begin, and those that are early before others. One that is alone
# begins when no other runs, and none begins beside it. What the steps say is printed in the order in which they are
# written, each step's whole, and as it comes where all before are over. finish then prints how long the longest took,
# what failed and what was left out, and as the last line the counts; its status is 1 if a step failed or, where CI is
# set, if one was left out that is not optional. STEP_SECONDS bounds each step.
needs_tool=${NEEDS_TOOL:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)/tools/needs.sh}
step_seconds=${STEP_SECONDS:-3000}
at_a_time=${STEPS_AT_A_TIME:-2}
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
passed=0
# What is told of a step at the end, by its number.
failures=() left_out=() not_run=()
# Of each step, by its number; a command is written so that the shell can read it again.
names=() ids=() needs_of=() after_of=() behind_of=() is_early=() is_alone=() is_optional=() commands=()
# "", running, passed, failed, "not run", "left out"; the process; when it began; seconds, and those of the processors.
outcomes=() processes=() began=() took=() worked=()
declare -A outcome_of=() ways=()
# How many have been printed, and how many bytes of the one that is being printed.
printed=0 written=

# Ends what runs, with everything that it has started, and tells what became of the steps before.
interrupted() {
    trap - INT TERM
    collect
    local i interrupted=
    for i in $(running); do
        kill -TERM "${processes[i]}" 2>/dev/null
        interrupted+=" $i"
    done
    for i in $interrupted; do
        wait "${processes[i]}" 2>/dev/null
        over "$i" failed
        failures[i]="${names[i]}: interrupted"
    done
    [ -n "$interrupted" ] || failures+=("the run: interrupted")
    for i in "${!names[@]}"; do
        [ -n "${outcomes[i]}" ] || outcomes[i]="not run"
    done
    print_what_is_known
    summary
    exit 130
}
trap interrupted INT TERM

step() {
    # shellcheck disable=SC1007 # empty at first
    local name=$1 id= needs= after= behind= early= alone= optional=
    shift
    while :; do
        case ${1-} in
        id=*) id=${1#id=} ;;
        needs=*) needs=${1#needs=} ;;
        after=*) after=${1#after=} ;;
        behind=*) behind=${1#behind=} ;;
        early) early=yes ;;
        alone) alone=yes ;;
        optional) optional=yes ;;
        *) break ;;
        esac
        shift
    done
    names+=("$name") ids+=("$id") needs_of+=("$needs") after_of+=("$after") behind_of+=("$behind") is_early+=("$early") is_alone+=("$alone") is_optional+=("$optional")
    commands+=("$(printf '%q ' "$@")")
    outcomes+=("") processes+=("") began+=("") took+=(0) worked+=("")
    [ -z "$id" ] || outcome_of[$id]=
}

running() { # prints the numbers of those that run
    local i
    for i in "${!names[@]}"; do
        [ "${outcomes[i]}" != running ] || echo "$i"
    done
}

over() { # number, outcome
    outcomes[$1]=$2
    [ -z "${ids[$1]}" ] || outcome_of[${ids[$1]}]=$2
}

# Whether those named are over. One that is unknown is as one that did not pass.
are_over() { # ids, separated by commas
    local one
    for one in ${1//,/ }; do
        case ${outcome_of[$one]-unknown} in "" | running) return 1 ;; esac
    done
}

# The first of the steps named that did not pass.
blocked_by() { # ids, separated by commas
    local one
    for one in ${1//,/ }; do
        [ "${outcome_of[$one]-unknown}" = passed ] || { echo "$one"; return; }
    done
}

# Begins a step whose time has come, or says why it is not run.
begin() { # number
    local i=$1 blocker command
    blocker=$(blocked_by "${after_of[i]}")
    if [ -n "$blocker" ]; then
        not_run[i]="${names[i]}: the step \"$blocker\" before it did not pass"
        over "$i" "not run"
        return
    fi
    eval "command=(${commands[i]})"
    over "$i" running
    began[i]=$SECONDS
    : >"$logs/$i"
    # In a process group of its own, so that whatever it starts ends with it. What it lacks may take a while to find out. What
    # the processors did for it, and for all that it waited for, is noted when it ends: the shell waits for the
    # step also when both are told to end.
    # shellcheck disable=SC2094 # other files than the log
    timeout --kill-after=30 "$step_seconds" bash -c '
        trap : TERM
        "$2" missing ${3//,/ } >"$1.checked" && mv "$1.checked" "$1.lacks"
        [ -s "$1.lacks" ] && exit
        "${@:4}"
        status=$?
        times >"$1.times"
        exit $status' bash "$logs/$i" "$needs_tool" "${needs_of[i]}" "${command[@]}" </dev/null >>"$logs/$i" 2>&1 &
    processes[i]=$!
}

# Begins what may begin now.
begin_what_may() {
    local i
    while i=$(next) && [ -n "$i" ]; do
        begin "$i"
    done
}
# The number of the step that may begin next, if any may.
next() {
    local i early count alone
    count=$(running | wc -l)
    alone=$(alone_runs)
    [ "$count" -lt "$at_a_time" ] && [ -z "$alone" ] || return 0
    for early in yes ""; do
        for i in "${!names[@]}"; do
            [ -z "${outcomes[i]}" ] && [ "${is_early[i]}" = "$early" ] && are_over "${after_of[i]},${behind_of[i]}" || continue
            # Nothing passes one that is to be alone.
            [ "$count" -gt 0 ] && [ -n "${is_alone[i]}" ] || echo "$i"
            return
        done
    done
}
alone_runs() {
    local i
    for i in $(running); do
        printf %s "${is_alone[i]}"
    done
}

# Notes the ends of those that have ended.
collect() {
    local i status alive
    alive=" $(jobs -rp | paste -sd ' ') "
    for i in $(running); do
        case $alive in *" ${processes[i]} "*) continue ;; esac
        status=0
        wait "${processes[i]}" || status=$?
        took[i]=$((SECONDS - began[i]))
        worked[i]=$(seconds_worked "$logs/$i.times")
        if [ -s "$logs/$i.lacks" ]; then
            leave_out "$i"
        elif [ "$status" = 0 ]; then
            passed=$((passed + 1))
            over "$i" passed
        else
            [ "$status" = 124 ] && status="not done after $step_seconds s" || status="exit status $status"
            failures[i]="${names[i]}: $status"
            printf 'FAILED: %s (%s)\n' "${names[i]}" "$status" >>"$logs/$i"
            over "$i" failed
        fi
    done
}
leave_out() { # number
    local _need how
    left_out[$1]="${names[$1]}: needs $(cut -f1 "$logs/$1.lacks" | paste -sd ' ')"
    while IFS=$'\t' read -r _need how; do
        ways[$how]=1
    done <"$logs/$1.lacks"
    over "$1" "left out"
}
# The second line of what `times` prints is of the processes waited for: 1m2.345s 0m1.234s.
seconds_worked() { # file
    [ -s "$1" ] || return 0
    awk 'NR == 2 { for (i = 1; i <= 2; i++) { split($i, part, /[ms]/); sum += part[1] * 60 + part[2] } printf "%d", sum + 0.5 }' "$1"
}

# Prints what is known of the steps in their order, up to the first that is not over.
print_what_is_known() {
    local size
    while [ "$printed" -lt ${#names[@]} ]; do
        case ${outcomes[printed]} in
        "") return ;;
        "not run" | "left out") ;;
        *)
            if [ -z "$written" ]; then
                # Whether it will be run is known only then.
                [ "${outcomes[printed]}" != running ] || { [ -e "$logs/$printed.lacks" ] && [ ! -s "$logs/$printed.lacks" ]; } || return 0
                printf '\n== %s\n' "${names[printed]}"
                written=0
            fi
            size=$(stat -c %s "$logs/$printed")
            [ "$size" = "$written" ] || tail -c "+$((written + 1))" "$logs/$printed" | head -c "$((size - written))"
            written=$size
            [ "${outcomes[printed]}" != running ] || return
            written=
            printf '   (%d s%s)\n' "${took[printed]}" "${worked[printed]:+, processors ${worked[printed]} s}"
            ;;
        esac
        printed=$((printed + 1))
    done
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

# The steps that took longest. One whose processors worked less than it took has waited.
longest() {
    local i
    for i in "${!names[@]}"; do
        [ "${outcomes[i]}" = "left out" ] || [ "${took[i]}" -lt 2 ] || printf '%6d s  %10s  %s\n' "${took[i]}" "${worked[i]:-?} s" "${names[i]}"
    done | sort -srn | head -n 15
}

finish() {
    local tick=
    while :; do
        begin_what_may
        print_what_is_known
        [ -n "$(running)" ] || break
        # An end, or a second in which something may have been said.
        if [ -z "$tick" ] || ! jobs -rp | grep -qx "$tick"; then
            sleep 1 &
            tick=$!
        fi
        wait -n
        collect
    done
    [ -z "$tick" ] || { kill "$tick" && wait "$tick"; } 2>/dev/null
    local i
    for i in "${!names[@]}"; do
        [ -n "${outcomes[i]}" ] || failures[i]="${names[i]}: it waits for steps that wait for it"
    done
    summary
}

summary() {
    local slow
    slow=$(longest)
    [ -z "$slow" ] || list "the longest steps: seconds, seconds of the processors" "$slow"
    list "left out, for want of programs" "${left_out[@]}"
    [ ${#left_out[@]} -eq 0 ] || { echo "To get them:" && advice; }
    list "not run" "${not_run[@]}"
    list "failed" "${failures[@]}"
    local skipped=$((${#left_out[@]} + ${#not_run[@]})) status=0
    [ ${#failures[@]} -eq 0 ] || status=1
    local i needed=0
    for i in "${!left_out[@]}"; do [ -n "${is_optional[i]}" ] || needed=1; done
    if [ -n "${CI:-}" ] && [ $needed = 1 ]; then
        printf '\nIn continuous integration nothing may be left out that is not optional.\n'
        status=1
    fi
    printf '\n%d passed, %d failed, %d skipped\n' "$passed" ${#failures[@]} "$skipped"
    return $status
}
