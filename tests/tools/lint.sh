# shellcheck shell=bash
# The lint of PowerShell files sees what it is there for. Each line of the planted file breaks one rule.

# shellcheck source-path=SCRIPTDIR/../..
{
    . "$root/tools/windows/cache.sh"
    . "$root/tools/windows/packages.sh"
    . "$root/tools/windows/npm.sh"
    . "$root/tools/lint/script-analyzer.sh"
}

# linted FILE [ANALYZER]: exit code and the rules that found something, in order.
linted() {
    local status
    "$pwsh" -NoProfile -NonInteractive -File "$root/tools/lint/Invoke-Lint.ps1" -Path "Z:$1" -AnalyzerPath "Z:${2-$analyzer}" \
        -ProfileFolder "Z:$analyzer_profiles" >"$bench/out" 2>&1
    status=$?
    printf '%s' "$status"
    tr -d '\r' <"$bench/out" | sed -nE 's/^.*:([0-9]+):[0-9]+: ([A-Za-z]+): .*/ \1:\2/p' | sort -n | tr -d '\n'
}

script_analyzer
printf 'Get-Date\n' >"$bench/clean.ps1"
cat >"$bench/planted.ps1" <<'END'
$null = $a ?? 'a'
Get-Content -Path a -AsByteStream
[System.Text.Json.JsonDocument]::Parse('{}')
gci
get-date
 Get-Date
if ($true)
{
    1
}
Write-Host -Object a
$IsWindows
[IO.File]::Move('a', 'b', $true)
Join-Path -Path a -ChildPath b c
Set-Content -Path a -Value b -Encoding utf8NoBOM
END
wanted='1 1:PSUseCompatibleSyntax 2:PSUseCompatibleCommands 3:PSUseCompatibleTypes 4:PSAvoidUsingCmdletAliases'
wanted+=' 5:PSUseCorrectCasing 6:PSUseConsistentIndentation 8:PSPlaceOpenBrace 11:PSAvoidUsingWriteHost'
wanted+=' 12:RagnaEditionFault 13:RagnaEditionFault 14:RagnaEditionFault 15:RagnaEditionFault'
expect 'each planted fault is found, and nothing else' "$(linted "$bench/planted.ps1")" "$wanted"
clean=$(linted "$bench/clean.ps1")
expect 'a clean file is clean' "$clean" 0
[[ $clean == 0 ]] || cat "$bench/out"

# An analyzer whose rules trip over each other, as the real one's do: so many times, with this error id.
analyzer_that_trips() {
    cat >"$bench/tripping.psm1" <<END
\$script:Left = $1
function Invoke-ScriptAnalyzer {
    [CmdletBinding()]
    param([string] \$Path, [hashtable] \$Settings)
    if (\$script:Left-- -gt 0) {
        \$fault = [NullReferenceException]::new('tripped')
        \$PSCmdlet.ThrowTerminatingError([Management.Automation.ErrorRecord]::new(\$fault, '$2', 'InvalidOperation', \$Path))
    }
    [pscustomobject] @{ Line = 1; Column = 1; RuleName = 'Planted'; Message = \$Settings.Count -gt 0 }
}
END
}
analyzer_that_trips 3 RULE_ERROR
expect 'an analyzer that trips over itself is asked again' "$(linted "$bench/clean.ps1" "$bench/tripping.psm1")" '1 1:Planted'
analyzer_that_trips 100 RULE_ERROR
tripped=$(linted "$bench/clean.ps1" "$bench/tripping.psm1")
expect 'one that never stops fails the lint' "$tripped $(grep -c tripped "$bench/out")" '1 1'
analyzer_that_trips 1 OTHER
expect 'any other error of it fails the lint at once' "$(linted "$bench/clean.ps1" "$bench/tripping.psm1")" 1

# words SED: exit code and what is found where the list of the stand-in runner's words was changed like this.
words() {
    local status
    sed "$1" "$root/tools/lint/stand-in-words.txt" >"$bench/words.txt"
    "$pwsh" -NoProfile -NonInteractive -File "$root/tools/lint/Test-StandInWord.ps1" -ListPath "Z:$bench/words.txt" >"$bench/out" 2>&1
    status=$?
    printf '%s' "$status"
    tr -d '\r' <"$bench/out" | sed -nE "s/^The (runner|list) [a-z]+ '([^']+)', which ([a-z ]+).*/ \1:\2:\3/p" | tr -d '\n'
}
expect 'the runner knows the words of its list, and tests use them' "$(words '')" 0
expect 'a word of the runner that is not in its list is found' "$(words '/^It -ForEach$/d')" '1 runner:It -ForEach:is not in its list'
expect 'a word of the list that no test uses is found' "$(words '/^Should$/a Should -BeShiny')" \
    '1 list:Should -BeShiny:the runner does not know list:Should -BeShiny:no test file uses'

# named LINE [FILE] [TEXT]: exit code and what is found in a module with this text, in which LINE stands for %.
read -r -d '' function_text <<'END'
function Get-Own {
    Get-Own
    & $script
    Hyper-V\Get-VM
    %
}
END
named() {
    local status
    rm -rf "$bench/module"
    mkdir -p "$bench/module/Private"
    local text=${3-$function_text}
    printf '%s\n' "${text/\%/"$1"}" >"$bench/module/Private/${2-Own.ps1}"
    "$pwsh" -NoProfile -NonInteractive -File "$root/tools/lint/Test-CommandName.ps1" -Path "Z:$bench/module" >"$bench/out" 2>&1
    status=$?
    printf '%s' "$status"
    tr -d '\r' <"$bench/out" | sed -nE 's/^([^ :]+):([0-9]+):[0-9]+: ([^ ]+) is called by its bare name.*/ \1:\2:\3/p; s/^([^ :]+): ([^ ]+) is an exception that nothing needs.*/ \1:\2:unneeded/p' | tr -d '\n'
}
expect 'the module calls every command of others by its module' \
    "$("$pwsh" -NoProfile -NonInteractive -File "$root/tools/lint/Test-CommandName.ps1" >"$bench/out" 2>&1; echo "$?")" 0
expect 'functions of the module and names with a module are fine' "$(named '')" 0
expect 'a bare name is found' "$(named 'Get-VM')" '1 Private/Own.ps1:5:Get-VM'
expect 'one inside a script block is found' "$(named '& { 1 | ForEach-Object { 2 } }')" '1 Private/Own.ps1:5:ForEach-Object'
expect 'an alias and a program are found' "$(named 'gci; cmd.exe')" '1 Private/Own.ps1:5:gci Private/Own.ps1:5:cmd.exe'
expect 'a path is no module' "$(named './a/Get-VM.ps1')" '1 Private/Own.ps1:5:./a/Get-VM.ps1'
expect 'an exception is one in its own file only' "$(named 'Get-ItemProperty')" '1 Private/Own.ps1:5:Get-ItemProperty'
expect 'an exception counts' "$(named 'Get-ItemProperty; New-Object x; Start-Sleep 1' DirectScript.ps1)" 0
expect 'an exception that nothing needs is found' "$(named 'Get-ItemProperty; Start-Sleep 1' DirectScript.ps1)" '1 Private/DirectScript.ps1:New-Object:unneeded'
expect 'a bare name in a format file is found' \
    "$(named 'gci' A.ps1xml $'<View>\n<ScriptBlock>Get-Own</ScriptBlock>\n<ScriptBlock>\n%</ScriptBlock>\n</View>')" \
    '1 Private/A.ps1xml:2:Get-Own Private/A.ps1xml:4:gci'

# What the lint says of the crates, with a cargo-deny that answers as it is told: DB (whether the list is fetched), FINDING.
mkdir -p "$bench/deny"
cat >"$bench/deny/cargo-deny" <<'END'
#!/bin/sh
shift
case " $* " in
    *' fetch '*) exit "$DB" ;;
    *' advisories'*) echo "checked with advisories"; exit "$FINDING" ;;
    *) echo "checked without"; exit "$FINDING" ;;
esac
END
chmod +x "$bench/deny/cargo-deny"
# crates DB FINDING [REQUIRED]: what was checked and the exit code.
crates() {
    local status=0 said
    said=$(DB=$1 FINDING=$2 RAGNATRAMP_ADVISORIES=${3-} PATH=$bench/deny:$PATH "$root/tools/lint/crates.sh" 2>/dev/null) || status=$?
    printf '%s %s' "$status" "$said"
}
expect 'crates: all is checked' "$(crates 0 0)" '0 checked with advisories'
expect 'crates: a finding fails' "$(crates 0 1)" '1 checked with advisories'
expect 'crates: advisories that were not looked at are told by the exit code' "$(crates 1 0)" '3 checked without'
expect 'crates: a finding fails, too, where advisories were not looked at' "$(crates 1 1)" '1 checked without'
expect 'crates: advisories that are required and not looked at fail' "$(crates 1 0 required)" '125 '
