# The thin half of Ragnatramp: it asks Hyper-V and talks to the user. Whatever is decided is decided in the native
# library (src/), which is bound at its first use and not here.
# What stands here is all that Constrained Language Mode allows; without it, whatever comes first would fail, and all that follows.
if ($ExecutionContext.SessionState.LanguageMode -ne 'FullLanguage') {
    Microsoft.PowerShell.Utility\Write-Error -ErrorId 'LIBRARY_UNUSABLE' -Category PermissionDenied -ErrorAction SilentlyContinue -ErrorVariable refusal -Message (
        'Ragnatramp cannot be used here: this PowerShell is in Constrained Language Mode, which forbids the native library that it ' +
        'calls. (LIBRARY_UNUSABLE)') -RecommendedAction (
        "Ask whoever manages this computer's application control (App Control for Business, AppLocker) to allow the module's folder.")
    # An error of Write-Error would be followed by one about the manifest.
    throw $refusal[0]
}
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
    # Not by the manifest: it would be part of every import, and nothing of these types is there before a first call.
    Microsoft.PowerShell.Utility\Update-TypeData -AppendPath "$script:RagnaModuleRoot\Ragnatramp.Types.ps1xml" -WhatIf:$false -Confirm:$false
    $script:RagnaPrivateIsRead = $true
}

# What the completers find is in Private/Completion.ps1; where that is nothing, PowerShell completes files.
Microsoft.PowerShell.Core\Register-ArgumentCompleter -ParameterName Path -CommandName @(
    'Checkpoint-RagnaMachine', 'Get-RagnaCheckpoint', 'Get-RagnaPlan', 'Get-RagnaStatus', 'Invoke-RagnaReconcile', 'Register-RagnaWatch'
    'Remove-RagnaCheckpoint', 'Remove-RagnaMachine', 'Repair-RagnaState', 'Restore-RagnaMachine', 'Start-RagnaMachine', 'Stop-RagnaMachine'
    'Test-RagnaConfig', 'Unregister-RagnaWatch', 'Watch-RagnaReconcile'
) -ScriptBlock {
    param($CommandName, $ParameterName, $WordToComplete)
    $null = $CommandName, $ParameterName
    Import-RagnaPrivate
    Get-ConfigCompletion -Word $WordToComplete
}
Microsoft.PowerShell.Core\Register-ArgumentCompleter -ParameterName Name -CommandName 'Get-RagnaCheckpoint', 'Remove-RagnaCheckpoint', 'Restore-RagnaMachine' -ScriptBlock {
    param($CommandName, $ParameterName, $WordToComplete, $CommandAst, $FakeBoundParameters)
    $null = $ParameterName, $CommandAst
    Import-RagnaPrivate
    Get-CheckpointCompletion -Word $WordToComplete -Path ([string] $FakeBoundParameters['Path']) -AsPattern:($CommandName -ceq 'Get-RagnaCheckpoint')
}
