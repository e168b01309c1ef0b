#!/usr/bin/env bash
# Prints a Python that has the packages named, in a virtual environment below build/. Several may be asked for at a time.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
folder=$root/build/python
python=$folder/bin/python
mkdir -p "$root/build"
exec {lock}>"$folder.lock"
flock "$lock"
if [ ! -x "$python" ]; then
    python3 -m venv "$folder" >&2 || {
        rm -rf "$folder"
        echo "Python cannot make a virtual environment. On Debian and its like: sudo apt-get install python3-venv" >&2
        exit 1
    }
fi
for package in "$@"; do
    stamp=$folder/installed-${package//[^a-zA-Z0-9.=_-]/_}
    [ -e "$stamp" ] && continue
    "$python" -m pip install --quiet --disable-pip-version-check "$package" >&2
    touch "$stamp"
done
echo "$python"
