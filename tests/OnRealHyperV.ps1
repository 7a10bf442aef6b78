#requires -Version 5.1

<#
.SYNOPSIS
Tries the whole module on the Hyper-V of this computer, in a throwaway lab, and writes a report to attach to an issue.
.DESCRIPTION
The tests of the project run on a simulated Hyper-V. This one is for a person with a real one: it makes a lab of two small machines in a
folder of its own, calls every cmdlet, looks at each thing that the simulation can only assume (tests/REAL-HYPER-V.md), and clears all of
it away at the end, also where something fails or Ctrl+C is pressed. It touches no other VM and no other file, and needs no elevation.

Without -Image the machines have an empty disk and nothing boots; what needs a guest is skipped, by name. With one it takes some ten
minutes, since machines have to boot.

The report holds what was tried, what came of it, and of this computer: the versions of Windows and PowerShell, the language, whether
PowerShell is elevated. Names of the user and the computer and the paths of their folders are taken out; look it through before you hand it
on. The exit code is 0 where nothing failed, 1 where something did.
.PARAMETER Image
A VHDX or VHD that boots a system, from which the machines are made. It is only read. Default: an empty disk.
.PARAMETER CloudInit
The image has cloud-init: the machines get cloud_init: true, so that their guests take names.
.PARAMETER Credential
An administrator account of Windows guests made from the image, for PowerShell Direct.
.PARAMETER Module
The module: a name or a path. Default: that of dist/Ragnatramp beside this script, else the installed one.
.PARAMETER Folder
Where the lab's folder is made. Default: the folder for temporary files. Hyper-V must be able to write there.
.PARAMETER ReportPath
The report's file. Default: ragnatramp-report.md in the current folder.
.PARAMETER GuestSeconds
How long to wait for a guest's address. Default: 300.
.PARAMETER Simulated
The Hyper-V here is the simulated one, already loaded: what only a real one proves is skipped, by name.
.EXAMPLE
./tests/OnRealHyperV.ps1
.EXAMPLE
./tests/OnRealHyperV.ps1 -Image C:\images\debian-13-generic.vhdx -CloudInit
#>
[CmdletBinding()]
param(
    [string] $Image,
    [switch] $CloudInit,
    [pscredential] $Credential = [pscredential]::Empty,
    [string] $Module,
    [string] $Folder = [IO.Path]::GetTempPath(),
    [string] $ReportPath = 'ragnatramp-report.md',
    [ValidateRange(1, 3600)] [int] $GuestSeconds = 300,
    [switch] $Simulated
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

$parts = [IO.Path]::Combine($PSScriptRoot, 'real')
foreach ($part in 'Report', 'Lab', 'Observe') { . ([IO.Path]::Combine($parts, "$part.ps1")) }

if (-not $Module) {
    $built = [IO.Path]::Combine([IO.Path]::GetDirectoryName($PSScriptRoot), 'dist', 'Ragnatramp')
    $Module = if ([IO.Directory]::Exists($built)) { $built } else { 'Ragnatramp' }
}
Import-Module -Name $Module -Global
if (-not $Simulated -and -not (Get-Command -Name 'Hyper-V\Get-VM' -ErrorAction Ignore)) {
    throw 'There is no Hyper-V module on this computer: turn on "Hyper-V Module for Windows PowerShell" in the Windows features.'
}
$file = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($ReportPath)
$report = New-Report -HasGuest ([bool] $Image) -IsReal (-not $Simulated)
$lab = New-ThrowawayLab -Folder $PSCmdlet.GetUnresolvedProviderPathFromPSPath($Folder) -CloudInit:$CloudInit
try {
    Invoke-Step 'The lab''s base image' { Write-BaseImage -Lab $lab -Image $Image }
    # In this order: each leaves the lab as the next one needs it.
    foreach ($part in 'Making', 'Guests', 'Life', 'Promises', 'Ending') { . ([IO.Path]::Combine($parts, "$part.ps1")) }
} catch {
    # A step never ends the run; this is a defect of the script itself.
    Add-Row -Name 'The script itself' -Result 'failed' -Detail (Get-ErrorText -Record $_)
} finally {
    Remove-ThrowawayLab -Lab $lab
    Write-Report -Report $report -Path $file -Lab $lab
}
$failed = @($report.Rows | Where-Object { $_.Result -eq 'failed' }).Count
"The report is in $file. Look it through before you attach it to an issue."
'{0} passed, {1} failed, {2} skipped' -f @($report.Rows | Where-Object { 'passed', 'seen' -contains $_.Result }).Count, $failed,
@($report.Rows | Where-Object { $_.Result -eq 'skipped' }).Count
exit [int] ($failed -gt 0)
