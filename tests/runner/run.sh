#!/usr/bin/env bash
# The runner of the tests, tried with steps and with machines that are made up.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# Compares what was printed with lines that are expected in it, in their order, and the last line and the status.
expect() { # what is tried, status, expected status, file, lines …
    local what=$1 status=$2 wanted=$3 file=$4 line at=0 found
    shift 4
    [ "$status" = "$wanted" ] || { echo "$what: the status is $status, not $wanted" && failed=1; }
    for line in "$@"; do
        found=$(tail -n "+$((at + 1))" "$file" | grep -nxF -- "$line" | head -n 1 | cut -d: -f1)
        if [ -z "$found" ]; then
            printf '%s: it does not say "%s" there, but:\n' "$what" "$line"
            sed 's/^/    /' "$file"
            failed=1
            return
        fi
        at=$((at + found))
    done
}
last_line() { # what is tried, file, line
    [ "$(tail -n 1 "$2")" = "$3" ] || { printf '%s: the last line is "%s", not "%s"\n' "$1" "$(tail -n 1 "$2")" "$3" && failed=1; }
}
steps() { # variables …; the steps are the standard input
    { echo ". $here/steps.sh"; cat; } >"$work/steps"
    env -u CI "$@" bash "$work/steps" >"$work/said" 2>&1
}

# Needs that are met are those in the folder met.
cat >"$work/needs" <<'SH'
#!/bin/sh
shift
for need in "$@"; do
    case $need in
    here) ;;
    root) printf '%s\trun it as root\n' "$need" ;;
    *) printf '%s\tsudo apt-get install %s-package\n' "$need" "$need" ;;
    esac
done
SH
chmod +x "$work/needs"
export NEEDS_TOOL=$work/needs

steps <<'SH'
step "first" id=first needs=here true
step "second" after=first printf 'the second runs\n'
finish
SH
expect "all pass" $? 0 "$work/said" "== first" "== second" "the second runs"
last_line "all pass" "$work/said" "2 passed, 0 failed, 0 skipped"

steps <<'SH'
step "build" id=build sh -c 'exit 3'
step "use of the build" id=use after=build printf 'this must not run\n'
step "use of the use" after=use printf 'this must not run\n'
step "apart" printf 'apart runs\n'
step "also wrong" false
finish
SH
expect "a build that fails" $? 1 "$work/said" "FAILED: build (exit status 3)" "apart runs" "== not run" \
    'use of the build: the step "build" before it did not pass' 'use of the use: the step "use" before it did not pass' \
    "== failed" "build: exit status 3" "also wrong: exit status 1"
grep -q "this must not run" "$work/said" && echo "a build that fails: what depends on it runs" && failed=1
last_line "a build that fails" "$work/said" "1 passed, 2 failed, 2 skipped"

left_out() {
    cat <<'SH'
step "lua" id=lua needs=here,lua,doxygen false
step "after lua" after=lua false
step "clean root" needs=root false
step "the rest" true
finish
SH
}
left_out | steps
expect "programs are missing" $? 0 "$work/said" "== the rest" "== left out, for want of programs" "lua: needs lua doxygen" "clean root: needs root" \
    "To get them:" "    sudo apt-get install doxygen-package lua-package" "    run it as root"
last_line "programs are missing" "$work/said" "1 passed, 0 failed, 3 skipped"
grep -qxE "== (lua|after lua|clean root)" "$work/said" && echo "programs are missing: steps that are not run have a heading" && failed=1
left_out | steps CI=true
expect "programs are missing in CI" $? 1 "$work/said" "In continuous integration nothing may be left out that is not optional."
last_line "programs are missing in CI" "$work/said" "1 passed, 0 failed, 3 skipped"

steps CI=true <<'SH'
step "an old compiler" optional needs=lua false
step "the rest" true
finish
SH
expect "an optional program is missing in CI" $? 0 "$work/said" "an old compiler: needs lua"
last_line "an optional program is missing in CI" "$work/said" "1 passed, 0 failed, 1 skipped"

steps STEP_SECONDS=0.2 <<'SH'
step "hangs" sleep 600
step "after it" true
finish
SH
expect "a step that hangs" $? 1 "$work/said" "FAILED: hangs (not done after 0.2 s)" "== after it" "== failed"
last_line "a step that hangs" "$work/said" "1 passed, 1 failed, 0 skipped"

# Steps side by side: each needs the other to be under way. What they say is printed in the order in which they are written,
# and each step's is whole, although the second ends first.
mkfifo "$work/one" "$work/other"
steps STEPS_AT_A_TIME=2 <<SH
step "first" sh -c 'echo first begins; read -r line <$work/one; echo "first has \$line"'
step "second" id=second sh -c 'echo second begins; echo "a word" >$work/one'
step "third" after=second echo third
finish
SH
expect "side by side" $? 0 "$work/said" "== first" "first begins" "first has a word" "== second" "second begins" "== third" "third"
last_line "side by side" "$work/said" "3 passed, 0 failed, 0 skipped"

# What a step says is printed while it runs, with all that was said before.
mkfifo "$work/seen"
{ echo ". $here/steps.sh"; printf 'step "talks" sh -c "echo a word; read -r line <%s; echo the end"\nfinish\n' "$work/seen"; } >"$work/steps"
env -u CI bash "$work/steps" 2>&1 | while read -r line; do
    echo "$line"
    [ "$line" != "a word" ] || echo go >"$work/seen"
done >"$work/said"
expect "said at once" "${PIPESTATUS[0]}" 0 "$work/said" "== talks" "a word" "the end"

# Alone: nothing runs beside it. Behind: whatever became of the other.
steps STEPS_AT_A_TIME=3 <<SH
step "wrong" id=wrong sh -c 'echo >>$work/order; exit 1'
step "beside" sh -c 'sleep 0.2; echo >>$work/order'
step "single" alone sh -c 'echo single begins >>$work/order; sleep 0.2; echo single ends >>$work/order'
step "behind" behind=wrong sh -c 'echo behind >>$work/order'
finish
SH
expect "alone" $? 1 "$work/said" "== wrong" "FAILED: wrong (exit status 1)" "== beside" "== single" "== behind" "wrong: exit status 1"
[ "$(paste -sd ' ' "$work/order")" = "  single begins single ends behind" ] || { echo "alone: $(paste -sd ' ' "$work/order")" && failed=1; }

# Early: it begins before those that are written before it, and is printed in its place.
rm "$work/order"
steps STEPS_AT_A_TIME=1 <<SH
step "first" sh -c 'echo first | tee -a $work/order'
step "second" after=build sh -c 'echo second | tee -a $work/order'
step "build" id=build early sh -c 'echo build | tee -a $work/order'
step "use" after=build early sh -c 'echo use | tee -a $work/order'
finish
SH
expect "early" $? 0 "$work/said" "== first" "first" "== second" "second" "== build" "build" "== use" "use"
[ "$(paste -sd ' ' "$work/order")" = "build use first second" ] || { echo "early: $(paste -sd ' ' "$work/order")" && failed=1; }

# Failures are told in the order in which the steps are written, and what only others' ends let begin is run.
steps STEPS_AT_A_TIME=2 <<'SH'
step "use" after=build echo used
step "slow" sh -c 'sleep 0.3; exit 3'
step "quick" sh -c 'exit 4'
step "build" id=build true
step "ring" id=ring after=rung true
step "rung" id=rung after=ring true
finish
SH
expect "orders" $? 1 "$work/said" "== use" "used" "== slow" "== quick" "== build" "== failed" "slow: exit status 3" "quick: exit status 4" \
    "ring: it waits for steps that wait for it" "rung: it waits for steps that wait for it"
last_line "orders" "$work/said" "2 passed, 4 failed, 0 skipped"

# The processors' time is beside the time that has gone by, and the longest steps are told.
steps <<'SH'
step "waits" sh -c 'sleep 2.5'
step "works" sh -c 'while read -r line </proc/$$/stat && set -- $line && [ "$((${14} + ${15}))" -lt "$((2 * $(getconf CLK_TCK)))" ]; do :; done'
finish
SH
expect "times" $? 0 "$work/said" "== waits" "== works" "== the longest steps: seconds, seconds of the processors"
grep -qE '^ +[0-9]+ s +0 s  waits$' "$work/said" && grep -qE '^ +[0-9]+ s +[1-9][0-9]* s  works$' "$work/said" || { echo "times:" && cat "$work/said" && failed=1; }

# An interruption: the step's processes end, and what was known is told.
mkfifo "$work/pipe"
{ echo ". $here/steps.sh"; printf 'step "passes" id=first early true\nstep "never begins" after=late true\nstep "runs" id=late after=first sh -c "echo said; echo started >%s; sleep 600"\nfinish\n' "$work/pipe"; } >"$work/steps"
bash "$work/steps" >"$work/said" 2>&1 &
runner=$!
read -r _ <"$work/pipe"
kill -TERM $runner
wait $runner
expect "an interruption" $? 130 "$work/said" "== runs" "said" "== failed" "runs: interrupted"
last_line "an interruption" "$work/said" "1 passed, 1 failed, 0 skipped"

# A machine that lacks all but what the scripts themselves call. apt-get notes what it is asked for.
machine() { # user id, whether sudo asks for no password
    rm -rf "${work:?}/bin" "$work/asked"
    mkdir "$work/bin"
    local name
    for name in bash sh cat cut dirname env grep head printf rm sed sort chmod; do
        ln -s "$(command -v "$name")" "$work/bin/$name"
    done
    printf '#!/bin/sh\necho %s\n' "$1" >"$work/bin/id"
    printf '#!/bin/sh\necho "$*" >>%s\n' "$work/asked" >"$work/bin/apt-get"
    printf '#!/bin/sh\necho "  Candidate: 2:%s-1"\n' "${3:-1.19}" >"$work/bin/apt-cache"
    [ "$2" = no ] || printf '#!/bin/sh\nshift\necho sudo >>%s\n[ "$1" = true ] || exec "$@"\n' "$work/asked" >"$work/bin/sudo"
    chmod +x "$work/bin"/{id,apt-get,apt-cache,sudo} 2>/dev/null
}
needs() { # arguments of needs.sh
    env -u CC -u CXX -u CARGO PATH="$work/bin" POLICY="$work/policy" bash "$root/tools/needs.sh" "$@" >"$work/said" 2>&1
}
announced="Installing what the tests need, with apt-get (TEST_INSTALL=no prevents it):"

machine 0 no
needs install luajit ssh
expect "root installs" $? 0 "$work/said" "$announced luajit openssh-client"
[ "$(tail -n 1 "$work/asked")" = "install -y -qq luajit openssh-client" ] || { echo "root installs: $(cat "$work/asked")" && failed=1; }
[ ! -e "$work/policy" ] || { echo "root installs: the policy stays" && failed=1; }
[ "$(wc -l <"$work/said")" = 1 ] || { echo "root installs: more than a line" && cat "$work/said" && failed=1; }

machine 1000 yes
needs install luajit
expect "sudo installs" $? 0 "$work/said" "$announced luajit"
grep -qx "install -y -qq luajit" "$work/asked" && grep -qx sudo "$work/asked" || { echo "sudo installs: $(cat "$work/asked")" && failed=1; }

machine 1000 no
needs install luajit
expect "an ordinary user installs nothing" $? 0 "$work/said"
[ ! -e "$work/asked" ] && [ ! -s "$work/said" ] || { echo "an ordinary user: $(cat "$work/asked" "$work/said" 2>/dev/null)" && failed=1; }
needs missing cat luajit ssh root
expect "an ordinary user is told" $? 0 "$work/said" "luajit	sudo apt-get install luajit" "ssh	sudo apt-get install openssh-client" "root	run it as root: sudo -E make test"
needs build
expect "nothing can be built" $? 1 "$work/said" "cargo is missing. Rust: install rustup (the package rustup, or its own site), then: rustup default stable" \
    "cc is missing. sudo apt-get install gcc libc6-dev"

machine 0 no
printf '#!/bin/sh\n' >"$work/bin/luajit" && chmod +x "$work/bin/luajit"
needs install luajit cat
expect "nothing is missing" $? 0 "$work/said"
[ ! -e "$work/asked" ] && [ ! -s "$work/said" ] || { echo "nothing is missing: $(cat "$work/asked" "$work/said" 2>/dev/null)" && failed=1; }
needs install go
[ ! -e "$work/asked" ] || { echo "an old Go is installed: $(cat "$work/asked")" && failed=1; }
machine 0 no 1.30
needs install go
expect "a new Go" $? 0 "$work/said" "$announced golang-go"

machine 0 no
printf '#!/bin/sh\necho "no network"\nexit 100\n' >"$work/bin/apt-get"
needs install luajit
expect "apt-get fails" $? 0 "$work/said" "$announced luajit" "apt-get failed:" "no network"

[ $failed = 0 ] && echo "steps, needs and their ends are told as they are"
exit $failed
