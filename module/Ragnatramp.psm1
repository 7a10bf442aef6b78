# The thin half of Ragnatramp: it asks Hyper-V and talks to the user. Whatever is decided is decided in the native
# library (src/), which is bound at its first use and not here.
Microsoft.PowerShell.Core\Set-StrictMode -Version Latest
$script:RagnaModuleRoot = $PSScriptRoot
$script:RagnaPrivateIsRead = $false
#region Public
foreach ($file in [System.IO.Directory]::GetFiles("$PSScriptRoot\Public", '*.ps1')) { . $file }
#endregion Public

function Import-RagnaPrivate {
    # Reads what the cmdlets share, at the first call of one: PowerShell imports modules on a Tab, and this is most of an
    # import. A file that is read inside a function defines its functions there, so they are moved to the module.
    if ($script:RagnaPrivateIsRead) { return }
    $folder = "$script:RagnaModuleRoot\Private\"
    foreach ($file in [System.IO.Directory]::GetFiles($folder, '*.ps1')) { . $file }
    foreach ($function in Microsoft.PowerShell.Management\Get-ChildItem -Path 'function:') {
        if ($function.ScriptBlock.File -and $function.ScriptBlock.File.StartsWith($folder)) {
            Microsoft.PowerShell.Management\Set-Item -Path "function:script:$($function.Name)" -Value $function.ScriptBlock -WhatIf:$false -Confirm:$false
        }
    }
    $script:RagnaPrivateIsRead = $true
}
