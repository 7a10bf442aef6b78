#requires -Version 5.1

<#
.SYNOPSIS
Checks a built or installed module against its list of hashes, SHA256SUMS.
.DESCRIPTION
Prints a line for each file that was changed, is missing, or is not in the list, then a line that counts. The exit code is 0
where nothing was found, 1 where something was. PSGetModuleInfo.xml, which PSResourceGet adds when it installs, is not counted.
.PARAMETER Path
The folder of the module's version.
.EXAMPLE
./tools/build/Test-Package.ps1 -Path dist/Ragnatramp/0.1.0
#>
[CmdletBinding()]
[OutputType([string])]
param(
    [Parameter(Mandatory)]
    [string] $Path
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$folder = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($Path).TrimEnd('\', '/')
$listed = @{}
foreach ($line in [IO.File]::ReadAllLines([IO.Path]::Combine($folder, 'SHA256SUMS'))) {
    if ($line -cnotmatch '^([0-9a-f]{64})  ([^\\:]+)$') { throw "SHA256SUMS has a line that is no hash and name: $line" }
    $listed[$Matches[2]] = $Matches[1]
}
$count = 0
foreach ($file in [IO.Directory]::GetFiles($folder, '*', 'AllDirectories')) {
    $name = $file.Substring($folder.Length + 1).Replace('\', '/')
    if ('SHA256SUMS', 'PSGetModuleInfo.xml' -ccontains $name) { continue }
    if (-not $listed.ContainsKey($name)) {
        "${name}: is not in the list"
        $count++
    } elseif ((Get-FileHash -LiteralPath $file -Algorithm SHA256).Hash -ne $listed[$name]) {
        "${name}: was changed"
        $count++
    }
    $listed.Remove($name)
}
foreach ($name in $listed.Keys) {
    "${name}: is missing"
    $count++
}
if ($count -eq 0) { 'Every file is as it was packed.' } else { "$count files are not as they were packed." }
exit [int] ($count -gt 0)
