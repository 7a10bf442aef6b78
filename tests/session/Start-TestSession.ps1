# What every test file begins with: the built module, the simulated Hyper-V, and labs to try them on.
# Dot-source it; a second time in one process is fine.
Set-StrictMode -Version Latest

$repository = [System.IO.Path]::GetDirectoryName([System.IO.Path]::GetDirectoryName($PSScriptRoot))
$built = [System.IO.Path]::Combine($repository, 'dist', 'Ragnatramp', 'Ragnatramp.psd1')
if (-not [System.IO.File]::Exists($built)) {
    throw "The module is not built ($built is not there). Run ./build.sh test or ./build.ps1 test, which builds it first."
}
if (-not (Get-Module -Name Ragnatramp)) {
    Import-Module -Name $built
}
. "$PSScriptRoot/New-Lab.ps1"
