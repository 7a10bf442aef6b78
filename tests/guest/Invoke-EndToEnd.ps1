# The host's side of tests/guest/end-to-end.sh: Invoke-RagnaReconcile of the built module, on a simulated Hyper-V whose guests
# are the folders of systems that really run. Hyper-V plays no script in them.
[CmdletBinding()]
param(
    # The lab's folder.
    [Parameter(Mandatory)] [string] $Folder,
    # Lay the lab out; give a machine another address; neither: go on with what is there.
    [switch] $New,
    [string] $Machine,
    [string] $Address,
    # The machines, for -New: name=id=address.
    [string[]] $Is = @()
)
$ErrorActionPreference = 'Stop'
. ([System.IO.Path]::Combine([System.IO.Path]::GetDirectoryName($PSScriptRoot), 'session', 'Start-TestSession.ps1'))

if ($New) {
    $machines = foreach ($one in $Is -split ',') {
        $name, $id, $ipv4 = $one -split '='
        $hosts = [System.IO.File]::ReadAllText([System.IO.Path]::Combine($Folder, 'hyper-v', 'guests', $id, 'etc', 'hosts'))
        @{ name = $name; Id = [guid] $id; Address = $ipv4; Os = 'linux'; Agent = ''; Hosts = $hosts }
    }
    $lab = New-Lab -Folder $Folder -Machine $machines
} else {
    $lab = [pscustomobject]@{
        HyperV = [System.IO.Path]::Combine($Folder, 'hyper-v'); Config = [System.IO.Path]::Combine($Folder, 'ragnatramp.yaml')
    }
    Enter-Lab -Lab $lab
}
if ($Address) { Get-SimulatedVM | Where-Object { $_.Name -like "*-$Machine-*" } | Set-SimulatedVM -Address $Address }

Clear-SimulatedCall
$seen = Watch-Run { Invoke-RagnaReconcile -Path $lab.Config }
# One line each, for a shell to read.
foreach ($one in $seen.Output[0].HostSync) { "guest $($one.MachineName): $($one.Status) $($one.Transport)" }
"sent: $(@(Get-SimulatedCall -Cmdlet 'Invoke-CimMethod').Count)"
foreach ($one in $seen.Errors) { "error: $one" }
foreach ($one in $seen.Warnings) { "warning: $one" }
[System.IO.File]::WriteAllText([System.IO.Path]::Combine($Folder, 'block'), $seen.Output[0].HostsBlock)
