#!/bin/sh
# run-script.sh SCRIPT ROOT: runs the guest's script on a simulated guest. What it reports goes to the guest's journal, as its
# unit has it.
exec sh "$1" --root "$2" 2>>"$2/run/journal"
