# shellcheck shell=bash disable=SC2016 # the variables are PowerShell's
# Several at once, and an end from outside.

# Each waits until it has seen the other, so they pass only when both run at the same time.
meet='New-Item -ItemType File $args[0] | Out-Null; for ($i = 0; $i -lt 300 -and -not (Test-Path $args[1]); $i++) { Start-Sleep -Milliseconds 100 }; Test-Path $args[1]; exit $args[2]'
(cd "$bench" && "$pwsh" -NoProfile -CommandWithArgs "$meet" first second 5 >one) &
one=$!
(cd "$bench" && "$pwsh" -NoProfile -CommandWithArgs "$meet" second first 6 >two) &
two=$!
wait "$one"
expect 'two at once: the exit code of the first' $? 5
wait "$two"
expect 'two at once: the exit code of the second' $? 6
expect 'two at once: both ran together' "$(tr -d '\r' <"$bench/one") $(tr -d '\r' <"$bench/two")" 'True True'

# What is ended from outside ends in Windows too: the file that it writes to stops growing.
(cd "$bench" && exec "$pwsh" -NoProfile -Command 'for (;;) { Add-Content alive 1; Start-Sleep -Milliseconds 100 }') &
victim=$!
for ((i = 0; i < 300; i++)); do
    [[ ! -s $bench/alive ]] || break
    sleep 0.1
done
expect 'the one to be ended runs' "$([[ -s $bench/alive ]] && echo yes)" yes
kill -TERM "$victim"
wait "$victim"
expect 'it ends with the signal' $? 143
sleep 1
size=$(stat -c %s "$bench/alive")
sleep 1
expect 'nothing of it goes on' "$(stat -c %s "$bench/alive")" "$size"
