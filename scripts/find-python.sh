#!/bin/sh
# Print the first Python that can run the application: 3.11 or newer, with the venv module. PYTHON names one to prefer.
# 3.11 comes first because the locked versions were chosen with it.
old=""
bare=""
for name in ${PYTHON:-} python3.11 python3 python3.12 python3.13 python3.14 python; do
    command -v "$name" >/dev/null 2>&1 || continue
    version=$("$name" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
    if ! "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        old="$old $name ($version)"
    elif ! "$name" -c 'import venv, ensurepip' 2>/dev/null; then
        bare="$bare $name ($version)"
    else
        command -v "$name"
        exit 0
    fi
done
if [ -n "$bare" ]; then
    echo "Python is here, but without its venv module:$bare." >&2
    echo "On Debian or Ubuntu: apt-get install python3-venv. Then run make again." >&2
else
    echo "Intake needs Python 3.11 or newer; found:${old:- none}." >&2
    echo "Install one, or name it: make PYTHON=/path/to/python3.11 ..." >&2
fi
exit 1
