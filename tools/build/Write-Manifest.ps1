#requires -Version 5.1

<#
.SYNOPSIS
Writes the manifest of the built module: the one in module/ with its version and more fields in PSData.
.PARAMETER Source
The manifest in module/, whose version is 0.0.0.
.PARAMETER Destination
The file to write.
.PARAMETER Version
The version.
.PARAMETER Field
What PSData gets: names and texts.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)]
    [string] $Source,

    [Parameter(Mandatory)]
    [string] $Destination,

    [Parameter(Mandatory)]
    [string] $Version,

    [Parameter(Mandatory)]
    [hashtable] $Field
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$text = [IO.File]::ReadAllText($Source).Replace("`r`n", "`n")
# The opening of PSData, behind which the fields come.
$opening = "        PSData = @{`n"
foreach ($wanted in "'0.0.0'", $opening) {
    if (($text -split [regex]::Escape($wanted)).Count -ne 2) { throw "$Source has to have '$($wanted.Trim())' once." }
}
$names = @($Field.Keys)
[Array]::Sort($names, [StringComparer]::Ordinal)
$lines = foreach ($name in $names) {
    "            $name = '$([Management.Automation.Language.CodeGeneration]::EscapeSingleQuotedStringContent($Field[$name]))'`n"
}
$text = $text.Replace("'0.0.0'", "'$Version'").Replace($opening, $opening + -join $lines)
# Windows PowerShell 5.1 takes a file without a mark for one in the code page of the system.
[IO.File]::WriteAllText($Destination, $text, [Text.UTF8Encoding]::new($true))
