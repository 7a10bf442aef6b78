# The thin half of Ragnatramp: it asks Hyper-V and talks to the user. Whatever is decided is decided in the native
# library (src/), which is bound at its first use and not here.
# PowerShell imports modules on a Tab, so next to nothing is done here: one cmdlet is called.
Microsoft.PowerShell.Core\Set-StrictMode -Version Latest
$script:RagnaModuleRoot = $PSScriptRoot
$script:RagnaPartsRead = 0
#region Public
foreach ($file in [System.IO.Directory]::GetFiles("$PSScriptRoot\Public", '*.ps1')) { . $file }
#endregion Public

# What the cmdlets share, in parts that tools/Build-Module.ps1 makes of the files in Private/: each uses nothing of a later one.
$script:RagnaPart = 'Base', 'HyperV', 'Reconcile', 'Lifecycle', 'Watch', 'CommandLine'

function Import-RagnaPrivate {
    # Reads what the cmdlets share up to a part, at the first call of one: it is most of what a session pays once. In a checkout, where
    # there are no parts, all of it.
    param([ValidateSet('Base', 'HyperV', 'Reconcile', 'Lifecycle', 'Watch', 'CommandLine')] [string] $Through = 'CommandLine')
    try {
        while ($script:RagnaPartsRead -le [array]::IndexOf($script:RagnaPart, $Through)) {
            $folder = "$script:RagnaModuleRoot\Private\"
            $part = "$folder$($script:RagnaPart[$script:RagnaPartsRead]).part.ps1"
            if (-not [System.IO.File]::Exists($part)) {
                # A file that is read inside a function defines its functions there; those of a part are defined in the module by their
                # names, and those of a checkout are moved to it.
                $files = [System.IO.Directory]::GetFiles($folder, '*.ps1')
                $script:RagnaPartsRead = $script:RagnaPart.Count
                foreach ($file in $files) { . $file }
                # Not by cmdlets: the first one of Microsoft.PowerShell.Management that a session calls takes as long as all the rest.
                $provider = $ExecutionContext.SessionState.InvokeProvider
                foreach ($function in $provider.ChildItem.Get('function:', $false)) {
                    if ($files -contains $function.ScriptBlock.File) { $null = $provider.Item.Set("function:script:$($function.Name)", $function.ScriptBlock) }
                }
                return
            }
            $script:RagnaPartsRead++
            . $part
        }
    } catch {
        if ($ExecutionContext.SessionState.LanguageMode -eq 'FullLanguage') { throw }
        # Only here, and with what that mode allows: to ask at each import takes PowerShell longer than all else that the module does there.
        Microsoft.PowerShell.Utility\Write-Error -ErrorId 'LIBRARY_UNUSABLE' -Category PermissionDenied -ErrorAction SilentlyContinue -ErrorVariable refusal -Message (
            'Ragnatramp cannot be used here: this PowerShell is in Constrained Language Mode, which forbids the native library that it ' +
            'calls. (LIBRARY_UNUSABLE)') -RecommendedAction (
            "Ask whoever manages this computer's application control (App Control for Business, AppLocker) to allow the module's folder.")
        throw $refusal[0]
    }
}

function Complete-RagnaArgument {
    # What Tab offers for the parameters of the cmdlets that take a config, machines or a checkpoint; where that is nothing, PowerShell completes
    # files. Called by the attributes of those parameters: to register it took a fifth of the import.
    param($CommandName, $ParameterName, $WordToComplete, $CommandAst, $FakeBoundParameters)
    $null = $CommandAst
    Import-RagnaPrivate -Through Base
    $path = [string] $FakeBoundParameters['Path']
    switch ($ParameterName) {
        'Path' { Get-ConfigCompletion -Word $WordToComplete }
        'Machine' { Get-MachineCompletion -Word $WordToComplete -Path $path }
        'Name' { Get-CheckpointCompletion -Word $WordToComplete -Path $path -AsPattern:($CommandName -like 'Get-*') }
    }
}
