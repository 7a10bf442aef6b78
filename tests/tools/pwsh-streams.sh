# shellcheck shell=bash disable=SC2016 # the variables are PowerShell's
# What goes in and what comes out of tools/pwsh: exit code, standard output and error, standard input, a terminal.

"$pwsh" -NoProfile -Command '"text"' >"$bench/out" 2>"$bench/err"
expect 'exit code 0' $? 0
expect 'standard output' "$(cat "$bench/out")" $'text\r'
expect 'standard error stays empty' "$(cat "$bench/err")" ''

"$pwsh" -NoProfile -Command 'exit 3' >/dev/null
expect 'exit code 3' $? 3
"$pwsh" -NoProfile -Command 'throw "no"' >"$bench/out" 2>"$bench/err"
expect 'exit code of throw' $? 1
expect 'throw leaves standard output empty' "$(cat "$bench/out")" ''
expect 'throw is told on standard error' "$(grep -c 'no' "$bench/err")" 1
"$pwsh" -NoProfile -Command 'exit 256' >/dev/null
expect 'an exit code whose lowest byte is 0 is no success' $? 255
"$pwsh" -NoProfile -File "$bench/none.ps1" >/dev/null 2>&1
expect 'exit code where the script is missing' $? 64

"$pwsh" -NoProfile -Command '"out é 世"; [Console]::Error.WriteLine("err é 世")' >"$bench/out" 2>"$bench/err"
expect 'UTF-8 on standard output' "$(tr -d '\r' <"$bench/out")" 'out é 世'
expect 'UTF-8 on standard error' "$(tr -d '\r' <"$bench/err")" 'err é 世'

expect 'standard input' "$(printf 'one\ntwo é\n' | "$pwsh" -NoProfile -Command '@($input) -join "|"')" $'one|two é\r'
expect 'commands from standard input' "$(printf '"a"\n1 + 1\n' | "$pwsh" -NoProfile -Command -)" $'a\r\n2\r'
expect 'standard input closed' "$("$pwsh" -NoProfile -Command '"ran"' <&-)" $'ran\r'
expect 'a long output comes whole' "$("$pwsh" -NoProfile -Command '1..3000' | tail -n 1)" $'3000\r'

# A terminal, as script(1) makes one: PowerShell must run and be heard there too, not pass in silence.
in_terminal() {
    script --quiet --return --command "$1" /dev/null </dev/null | tr -d '\r'
    return "${PIPESTATUS[0]}"
}
got=$(in_terminal "$pwsh -NoProfile -Command '\"seen\"; exit 4'")
expect 'exit code on a terminal' $? 4
expect 'output on a terminal' "$got" seen
got=$(in_terminal "$pwsh -NoProfile -Command '[Console]::Error.WriteLine(\"seen\")' >$bench/out")
expect 'standard error on a terminal, output in a file' "$got" seen
got=$(in_terminal "$pwsh -NoProfile -Command '\"seen\"' 2>$bench/err")
expect 'output on a terminal, standard error in a file' "$got" seen
