# The host's side of tests/guest/born.sh: Start-RagnaMachine of the built module makes machines on a simulated Hyper-V, which plays
# nothing of their systems but the daemon of Data Exchange; Invoke-RagnaReconcile names them once they have booted.
[CmdletBinding()]
param(
    # The lab's folder, in which web.yaml is the user's own user-data for web. It is the user's home, too.
    [Parameter(Mandatory)] [string] $Folder,
    # Make the machines (and write guest.iso); without it, name them.
    [switch] $New
)
$ErrorActionPreference = 'Stop'
. ([System.IO.Path]::Combine([System.IO.Path]::GetDirectoryName($PSScriptRoot), 'session', 'Start-TestSession.ps1'))
[System.Environment]::SetEnvironmentVariable('USERPROFILE', $Folder)

# One line each, for a shell to read.
if ($New) {
    $lab = New-EmptyLab -Folder $Folder -Machine @{ name = 'web'; cloud_init = '{user_data: web.yaml}' }, @{ name = 'db'; cloud_init = 'true' } `
        -NewGuest @{ Agent = ''; CloudInit = $false } -Setting @{ ssh_config = 'true' }
    $seen = Watch-Run {
        Start-RagnaMachine -Path $lab.Config -SkipReconcile
        $null = Export-RagnaGuest -Destination ([System.IO.Path]::Combine($lab.Folder, 'guest.iso')) -As Iso
    }
    foreach ($one in (Get-LabState -Lab $lab).vms.PSObject.Properties) {
        # The disc's path below the folder, with forward slashes.
        "$($one.Name): $($one.Value.id) $($one.Value.seed.creationId) $($one.Value.seed.path.Substring($lab.Folder.Length + 1).Replace('\', '/'))"
    }
} else {
    Enter-Lab -Lab ([pscustomobject]@{ HyperV = [System.IO.Path]::Combine($Folder, 'hyper-v') })
    $seen = Watch-Run { Invoke-RagnaReconcile -Path ([System.IO.Path]::Combine($Folder, 'ragnatramp.yaml')) -GuestTimeoutSeconds 120 }
    foreach ($one in $seen.Output[0].HostSync) { "guest $($one.MachineName): $($one.Status) $($one.Transport)" }
    [System.IO.File]::WriteAllText([System.IO.Path]::Combine($Folder, 'block'), $seen.Output[0].HostsBlock)
}
foreach ($one in $seen.Errors) { "error: $one" }
foreach ($one in $seen.Warnings) { "warning: $one" }
