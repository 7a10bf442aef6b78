# What every test file begins with: the built module, the simulated Hyper-V, and labs to try them on.
# Dot-source it; a second time in one process is fine.
Set-StrictMode -Version Latest
# Nobody sees a progress bar here, and it costs time.
$ProgressPreference = 'SilentlyContinue'

$repository = [IO.Path]::GetDirectoryName([IO.Path]::GetDirectoryName($PSScriptRoot))
$built = [IO.Path]::Combine($repository, 'dist', 'Ragnatramp')
if (-not [IO.Directory]::Exists($built)) {
    throw "The module is not built ($built is not there). Run ./build.sh test or ./build.ps1 test, which builds it first."
}
if (-not (Get-Module -Name Ragnatramp)) {
    Import-Module -Name $built -Global
    # Tests call private functions too.
    & (Get-Module -Name Ragnatramp) { Import-RagnaPrivate }
}
if (-not (Get-Module -Name HyperVSimulator)) {
    Import-Module -Name ([IO.Path]::Combine($repository, 'tests', 'HyperVSimulator', 'HyperVSimulator.psd1')) -Global
}
. "$PSScriptRoot/Content.ps1"
. "$PSScriptRoot/New-Lab.ps1"
. "$PSScriptRoot/New-EmptyLab.ps1"
. "$PSScriptRoot/Watch-Run.ps1"
. "$PSScriptRoot/Start-Run.ps1"
. "$PSScriptRoot/Invoke-CutRun.ps1"
. "$PSScriptRoot/Example.ps1"
. "$PSScriptRoot/Page.ps1"
