# Makes a link to this process, which is waited for while that runs.
hold() {
  rounds=0
  until ln -s "$$" "$1" 2>/dev/null; do
    if [ ! -L "$1" ] || [ "$rounds" -ge "$2" ]; then return; fi
    rounds=$((rounds + 1))
    kill -0 "$(readlink "$1")" 2>/dev/null || rm -f "$1"
    sleep 0.2 2>/dev/null || sleep 1
  done
}
busy=$archive.busy
hold "$busy" 1000000
if [ -n "$2" ] && [ ! -e "$archive" ]; then rm -f "$busy"; quit 0; fi
# While this is held, no other unpacking of this user's opens a directory.
opening=/tmp/.librunloop-$(id -u).tar.gz.busy; held=
lock() { if [ -z "$held" ]; then hold "$opening" 600; fi; }
unlock() { if [ -z "$held" ] && [ "$(readlink "$opening")" = "$$" ]; then rm -f "$opening"; fi; }
# Of names as GNU tar escapes them, what they stand for; a line break is escaped too.
plain() { case $1 in (*\\*) plain=$(printf "$(printf '%s\n' "$1" | sed 's/%/%%/g')");; (*) plain=$1;; esac; }
closed() { [ ! -L "$1" ] && [ -O "$1" ] && ! { [ -r "$1" ] && [ -w "$1" ] && [ -x "$1" ]; }; }
# Of the directories that were there, those that are ours are opened for now where they keep us out; in the end they get their
# permissions back, the innermost first. A run that was ended has left a list of its own.
open() {
  closed "$1" || return 0
  lock
  if closed "$1"; then mode=$(stat -c %a "$1") && printf '%s %s\n' "$mode" "$here/$1" >>"$archive.shut" && chmod u+rwx "$1"; fi
  unlock
} 2>/dev/null
# The directories that the archive names.
list() { tar -tzf "$archive" --quoting-style=escape 2>/dev/null | grep -e '^\./$' -e '/\./$' >"$archive.named"; }
# Another run may have had directories open for us too, and has shut them: says whether one was opened again.
reopen() {
  [ -e "$archive.named" ] || list
  opened=$(wc -l <"$archive.shut" 2>/dev/null)
  while IFS= read -r name; do
    plain "$name"
    case $plain in
    (./) open .;;
    (*/./) if [ -d "$plain" ]; then open "./${plain%/./}"; fi;;
    esac
  done <"$archive.named"
  [ "$(wc -l <"$archive.shut" 2>/dev/null)" != "$opened" ]
}
umask 022
gnu=; if gnu; then gnu=1; else lock 2>/dev/null; held=1; fi
there=; if [ -d "$1" ]; then there=1; fi
# What is made on the way to a directory that cannot be made goes again.
missing=0; step=$1
until [ -e "$step" ] || [ -L "$step" ]; do
  missing=$((missing + 1))
  case $step in (*/*) step=${step%/*};; (*) break;; esac
done
unmake() { step=$1; while [ "$missing" -gt 0 ]; do rmdir "$step"; step=${step%/*}; missing=$((missing - 1)); done; }
said=$(mkdir -p "$1" 2>&1) && said=$(cd "$1" 2>&1) && cd "$1" || { unmake "$1" 2>/dev/null; rm -f "$busy"; held=; unlock 2>/dev/null; quit 70; }
here=$(pwd -P)
set --
if [ -n "$gnu" ]; then set -- --warning=no-timestamp; fi
if [ -n "$there" ] && [ -n "$gnu" ]; then
  list
  set -- "$@" --anchored --no-wildcards
  broken=$(grep '\\n' "$archive.named")
  while IFS= read -r name; do
    plain "$name"
    if [ -d "$plain" ]; then set -- "$@" --exclude="${plain%/}"; fi
  done <<end
$broken
end
  plain "$(grep -v '\\n' "$archive.named")"
  while IFS= read -r name; do
    case $name in
    (./) open .; echo .;;
    (*/./) if [ -d "${name%/./}" ]; then open "./${name%/./}"; printf '%s\n' "${name%/}"; fi;;
    esac
  done >"$archive.there" <<end
$plain
end
  set -- "$@" -X "$archive.there"
elif [ -n "$there" ]; then
  tar -tzf "$archive" 2>/dev/null | while IFS= read -r name; do
    case $name in (./) name=.;; (*/./) name=./${name%/./};; (*) continue;; esac
    if [ -d "$name" ] && [ ! -L "$name" ]; then printf '%s %s\n' "$(stat -c %a "$name")" "$name"; open "$name"; fi
  done >"$archive.there"
fi
runs=0
while :; do
  said=$(tar -xzpo "$@" -f "$archive" 2>&1 >/dev/null); code=$?
  runs=$((runs + 1))
  if [ "$code" = 0 ] || [ -z "$gnu" ] || [ "$runs" -ge 100 ] || ! reopen; then break; fi
done
if [ -z "$gnu" ]; then
  # BusyBox's tar gives directories their permissions for root alone.
  tar -tvzf "$archive" 2>/dev/null | sed -n 's|^d\(...\)\(...\)\(...\) [0-9]*/[0-9]* *[0-9]* [-0-9]* [0-9:]* \(.*\)\./$|u=\1,g=\2,o=\3 ./\4|p' |
    sed -e ':dash' -e 's/^\([^ ]*=[a-zST]*\)-/\1/;t dash' -e ':s' -e 's/^\([^ ]*\)s/\1x@/;t s' -e ':S' -e 's/^\([^ ]*\)S/\1@/;t S' \
      -e ':at' -e 's/^\([^ ]*\)@/\1s/;t at' -e 's/^\([^ ]*\)t /\1x,+t /' -e 's/^\([^ ]*\)T /\1,+t /' >"$archive.named"
  backwards "$archive.named" | while IFS= read -r line; do
    name=${line#* }; if [ ! -L "${name%/}" ]; then chmod "${line%% *}" "$name"; fi
  done 2>/dev/null
  if [ -n "$there" ]; then give <"$archive.there"; fi
fi
shut
[ "$code" = 0 ] && rm -f "$archive"
rm -f "$archive.there" "$archive.named" "$busy"
if [ -n "$held" ]; then held=; unlock 2>/dev/null; fi
quit "$code"
