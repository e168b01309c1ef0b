rounds=0
while [ "$rounds" -lt 60 ]; do
  rm -f "$archive" "$archive.said" "$archive.there" "$archive.named"
  if ! kill -0 "$(readlink "$archive.busy")" 2>/dev/null; then
    shut
    rm -f "$archive.busy"
    rounds=$((rounds + 1))
  fi
  sleep 1
done
