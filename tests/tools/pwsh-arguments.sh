# shellcheck shell=bash disable=SC2016 # the variables are PowerShell's
# Arguments, the working folder and the environment reach a script as they were given.

folder="$bench/a folder/é世"
mkdir -p "$folder"
cat >"$folder/arguments.ps1" <<'END'
foreach ($word in $args) { '[{0}]' -f $word }
END

words=('two words' '' 'qu"ote' '"' 'back\' 'back\\' 'both\"' "it's" 'é世' '*' '$x' '100%' 'a;b|c&d' '(x)' $'tab\there' '/tmp' '-1')
printf -v wanted '[%s]\n' "${words[@]}"
got=$("$pwsh" -NoProfile -File "$folder/arguments.ps1" "${words[@]}" | tr -d '\r')
expect 'arguments of -File' "$got" "${wanted%$'\n'}"
got=$("$pwsh" -noprofile "$folder/arguments.ps1" /tmp | tr -d '\r')
expect 'a script without -File, its path from the root' "$got" '[/tmp]'
got=$(cd "$folder" && "$pwsh" -NoProfile ./arguments.ps1 x | tr -d '\r')
expect 'a script by its relative path' "$got" '[x]'
got=$("$pwsh" -NoProfile -CommandWithArgs '$args -join "|"' 'a b' '' c | tr -d '\r')
expect 'arguments of -CommandWithArgs' "$got" 'a b||c'

got=$(cd "$folder" && "$pwsh" -NoProfile -Command '$PWD.Path; (Get-ChildItem).Name' | tr -d '\r')
expect 'working folder' "$got" "Z:${folder//\//\\}"$'\narguments.ps1'
got=$(cd / && "$pwsh" -NoProfile -WorkingDirectory "$folder" -Command '$PWD.Path' | tr -d '\r')
expect '-WorkingDirectory' "$got" "Z:${folder//\//\\}"
got=$(cd "$root" && "$pwsh" -NoProfile -Command 'Test-Path Cargo.toml' | tr -d '\r')
expect 'the checkout is seen at its own path' "$got" True

got=$(RAGNA_TEST='a "b" é' "$pwsh" -NoProfile -Command '$env:RAGNA_TEST' | tr -d '\r')
expect 'environment variables' "$got" 'a "b" é'
got=$("$pwsh" -NoProfile -Command '$p = Join-Path $HOME probe; Set-Content $p 1; Get-Content $p; Remove-Item $p; $HOME -eq $env:USERPROFILE; Test-Path $env:TEMP' | tr -d '\r')
expect 'a profile that can be written' "$got" $'1\nTrue\nTrue'
got=$("$pwsh" -NoProfile -Command '[string]$PSVersionTable.PSEdition + " " + $IsWindows' | tr -d '\r')
expect 'it is PowerShell for Windows' "$got" 'Core True'

"$pwsh" -NoProfile -Command 'exit 0'
expect 'nothing is left mounted' "$(grep -c '/windows/debian-' /proc/self/mountinfo)" 0

# Where it is not alone, it must not mount: that would change the machine under everybody. True(1) stands for Wine.
"$root/tools/windows/enter.sh" "$bench/no-debian" true 2>"$bench/err"
expect 'mounts only in a namespace of its own' "$? $(cat "$bench/err")" '125 enter.sh: not in a mount namespace of its own; nothing was mounted'
