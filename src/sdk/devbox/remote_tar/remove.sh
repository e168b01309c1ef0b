# What was ended in the midst has left directories open.
kill -0 "$(readlink "$archive.busy")" 2>/dev/null || shut
rm -f "$archive" "$archive.said" "$archive.there" "$archive.named" "$archive.busy"
quit $?
