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
$script:RagnaPartsRead = 0
#region Public
foreach ($file in [System.IO.Directory]::GetFiles("$PSScriptRoot\Public", '*.ps1')) { . $file }
#endregion Public

# What the cmdlets share, in parts that tools/Build-Module.ps1 makes of the files in Private/: each uses nothing of a later one.
$script:RagnaPart = 'Base', 'HyperV', 'Reconcile', 'Lifecycle', 'Watch', 'CommandLine'

function Import-RagnaPrivate {
    # Reads what the cmdlets share up to a part, at the first call of one: PowerShell imports modules on a Tab, and to read it is most of
    # what a session pays once. In a checkout, where there are no parts, all of it. A file that is read inside a function defines
    # its functions there; those of a part are defined in the module by their names, and those of a checkout are moved to it.
    param([ValidateSet('Base', 'HyperV', 'Reconcile', 'Lifecycle', 'Watch', 'CommandLine')] [string] $Through = 'CommandLine')
    while ($script:RagnaPartsRead -le [array]::IndexOf($script:RagnaPart, $Through)) {
        $folder = "$script:RagnaModuleRoot\Private\"
        $part = "$folder$($script:RagnaPart[$script:RagnaPartsRead]).part.ps1"
        $script:RagnaPartsRead++
        if ([System.IO.File]::Exists($part)) {
            . $part
            continue
        }
        $files = [System.IO.Directory]::GetFiles($folder, '*.ps1')
        $script:RagnaPartsRead = $script:RagnaPart.Count
        foreach ($file in $files) { . $file }
        # Not by cmdlets: the first one of Microsoft.PowerShell.Management that a session calls takes as long as all the rest.
        $provider = $ExecutionContext.SessionState.InvokeProvider
        foreach ($function in $provider.ChildItem.Get('function:', $false)) {
            if ($files -contains $function.ScriptBlock.File) { $null = $provider.Item.Set("function:script:$($function.Name)", $function.ScriptBlock) }
        }
    }
}

# What the completers find is in Private/Completion.ps1; where that is nothing, PowerShell completes files.
Microsoft.PowerShell.Core\Register-ArgumentCompleter -ParameterName Path -CommandName @(
    'Checkpoint-RagnaMachine', 'Get-RagnaCheckpoint', 'Get-RagnaPlan', 'Get-RagnaStatus', 'Invoke-RagnaReconcile', 'Register-RagnaWatch'
    'Remove-RagnaCheckpoint', 'Remove-RagnaMachine', 'Repair-RagnaState', 'Restore-RagnaMachine', 'Start-RagnaMachine', 'Stop-RagnaMachine'
    'Test-RagnaConfig', 'Unregister-RagnaWatch', 'Watch-RagnaReconcile'
) -ScriptBlock {
    param($CommandName, $ParameterName, $WordToComplete)
    $null = $CommandName, $ParameterName
    Import-RagnaPrivate -Through Base
    Get-ConfigCompletion -Word $WordToComplete
}
Microsoft.PowerShell.Core\Register-ArgumentCompleter -ParameterName Machine -CommandName @(
    'Checkpoint-RagnaMachine', 'Get-RagnaCheckpoint', 'Get-RagnaPlan', 'Get-RagnaStatus', 'Remove-RagnaCheckpoint', 'Remove-RagnaMachine'
    'Restore-RagnaMachine', 'Start-RagnaMachine', 'Stop-RagnaMachine'
) -ScriptBlock {
    param($CommandName, $ParameterName, $WordToComplete, $CommandAst, $FakeBoundParameters)
    $null = $CommandName, $ParameterName, $CommandAst
    Import-RagnaPrivate -Through Base
    Get-MachineCompletion -Word $WordToComplete -Path ([string] $FakeBoundParameters['Path'])
}
Microsoft.PowerShell.Core\Register-ArgumentCompleter -ParameterName Name -CommandName 'Get-RagnaCheckpoint', 'Remove-RagnaCheckpoint', 'Restore-RagnaMachine' -ScriptBlock {
    param($CommandName, $ParameterName, $WordToComplete, $CommandAst, $FakeBoundParameters)
    $null = $ParameterName, $CommandAst
    Import-RagnaPrivate -Through Base
    Get-CheckpointCompletion -Word $WordToComplete -Path ([string] $FakeBoundParameters['Path']) -AsPattern:($CommandName -ceq 'Get-RagnaCheckpoint')
}
