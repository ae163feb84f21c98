#!/bin/bash
# Time left until the deadline, which is a file with one line: seconds since 1970.
deadline=$(cat "${INTERPLAY_DEADLINE_FILE:-/run/interplay/deadline}" 2>/dev/null)
deadline=${deadline%%.*}
if ! [[ $deadline =~ ^[0-9]+$ ]]; then
    echo "timer: the deadline is not readable; ask for the time with date." >&2
    exit 3
fi
left=$((deadline - $(date +%s)))
if ((left <= 0)); then
    echo "Timer expired!"
else
    echo "Remaining time (hours:minutes):"
    printf '%d:%02d\n' $((left / 3600)) $((left % 3600 / 60))
fi
