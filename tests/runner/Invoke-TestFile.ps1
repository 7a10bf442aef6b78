<#
.SYNOPSIS
Runs one Pester file in this process and gives a record per test.

.DESCRIPTION
The record: Name (blocks and test joined by dots), Result (Passed, Failed, Skipped), Message (why it failed or was
skipped), Place (file and line). With -ResultPath the records go into that file as JSON, whole or not at all.

.PARAMETER Path
The file.

.PARAMETER Filter
A wildcard on the full name.

.PARAMETER Engine
StandIn, or the version of Pester to import.

.PARAMETER ResultPath
The file for the records.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory = $true)]
    [string] $Path,

    [string] $Filter = '*',

    [string] $Engine = 'StandIn',

    [string] $ResultPath
)

# No strict mode and no error preference here: the test file would inherit them, and Pester sets none.
$records = if ($Engine -eq 'StandIn') {
    Import-Module -Name ([IO.Path]::Combine($PSScriptRoot, 'StandIn', 'StandIn.psd1')) -Force
    $scopes = & ([IO.Path]::Combine($PSScriptRoot, 'StandIn', 'Scopes.ps1'))
    Invoke-StandInFile -Path $Path -Filter $Filter -Scope $scopes
}
else {
    Import-Module -Name ([IO.Path]::Combine($PSScriptRoot, 'PesterEngine.psm1')) -Force
    Invoke-PesterFile -Path $Path -Filter $Filter -Version $Engine -Invoke { param($______options) Invoke-Pester -Configuration $______options }
}
if (-not $ResultPath) { return $records }
$text = ConvertTo-Json -InputObject @{ results = @($records) } -Depth 4
[IO.File]::WriteAllText("$ResultPath.part", $text)
[IO.File]::Move("$ResultPath.part", $ResultPath)
