# shellcheck shell=bash
# The lint of PowerShell files sees what it is there for. Each line of the planted file breaks one rule.

# shellcheck source-path=SCRIPTDIR/../..
{
    . "$root/tools/windows/cache.sh"
    . "$root/tools/windows/packages.sh"
    . "$root/tools/windows/npm.sh"
    . "$root/tools/lint/script-analyzer.sh"
}

# linted FILE: exit code and the rules that found something, in order.
linted() {
    local status
    "$pwsh" -NoProfile -NonInteractive -File "$root/tools/lint/Invoke-Lint.ps1" -Path "Z:$1" -AnalyzerPath "Z:$analyzer" \
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
