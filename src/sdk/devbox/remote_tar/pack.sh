umask 077
ln -s "$$" "$archive.busy" 2>/dev/null; trap 'rm -f "$archive.busy"' EXIT
said=$(cd "$1" 2>&1) && cd "$1" || quit 70
# Where files say that they have no length, tar has nothing of them.
untold() { case $1 in (proc|cgroup*|debugfs|tracefs|securityfs|bpf|bpf_fs|pstore*|fusectl) return 0;; esac; return 1; }
system=$(stat -f -c %T . 2>/dev/null)
if untold "$system"; then said="tar: the files of a file system of the kernel's ($system) have no lengths; copy them elsewhere with cp first"; quit 4; fi
pack=gzip; if pigz --version >/dev/null 2>&1; then pack=pigz; fi
pattern=$2; some=2
if gnu; then
  set -- --exclude="$pattern"
else
  set --
  case $(tar --version 2>/dev/null) in *bsdtar*) set -- --format=gnutar; some=4;; esac
  : >"$archive"
  if tar -cf /dev/null "$@" --exclude=x "$archive" >/dev/null 2>&1; then
    set -- "$@" --exclude="$pattern"
  else
    here=$(pwd -P); case $archive in
    "${here%/}"/*) said="tar: it has no --exclude, and the directory holds the archive itself"; quit 4;;
    esac
  fi
fi
said=$( { { tar -cf - "$@" . || echo "$mark tar $?." >&2; } | { "$pack" -1 >"$archive" || echo "$mark pack $?." >&2; }; } 2>&1 )
if [ "$(printf '%s\n' "$said" | wc -l)" -gt "$lines" ]; then printf '%s\n' "$said" >"$archive.said" && more=$mark-more; fi
case $said in
*"$mark pack "*) quit 3;;
*"$mark tar 1."*) if gnu; then
    # Zeros stand in the archive for what a file has lost meanwhile.
    case $said in *": File shrank by "*) quit 2;; esac
    quit 1
  fi; quit "$some";;
*"$mark tar 2."*) quit 2;;
*"$mark tar "*) quit 4;;
esac
quit 0
