# The host's side of tests/guest/cloud-init.sh: Start-RagnaMachine of the built module, on a simulated Hyper-V whose machine does
# not boot; what is wanted is the disc that it writes. Says where that is.
[CmdletBinding()]
param(
    # The lab's folder, in which web.yaml is the user's own user-data.
    [Parameter(Mandatory)] [string] $Folder
)
$ErrorActionPreference = 'Stop'
. ([System.IO.Path]::Combine([System.IO.Path]::GetDirectoryName($PSScriptRoot), 'session', 'Start-TestSession.ps1'))

$lab = New-EmptyLab -Folder $Folder -Machine @{ name = 'web'; cloud_init = '{user_data: web.yaml}' } -NewGuest @{ Boots = $false }
$seen = Watch-Run { Start-RagnaMachine -Path $lab.Config -SkipReconcile }
foreach ($one in $seen.Errors) { "error: $one" }
$disc = (Get-LabState -Lab $lab).vms.web.seed
# Below the folder, with forward slashes, for a shell.
"disc: $($disc.path.Substring($lab.Folder.Length + 1).Replace('\', '/'))"
"id: $($disc.creationId)"
