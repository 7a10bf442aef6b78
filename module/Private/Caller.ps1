# What a cmdlet takes from the session of whoever called it: preferences, the config's path.

function Import-CallerPreference {
    # Lets the calling cmdlet see the preference variables of its caller. A function of a script module inherits those of the
    # module, so a caller's $WhatIfPreference or $ErrorActionPreference would be lost. Parameters win over variables.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        # The cmdlet's $PSBoundParameters.
        [Parameter(Mandatory)]
        [System.Collections.IDictionary] $Bound
    )
    $preferences = @{
        ErrorAction       = 'ErrorActionPreference'
        WarningAction     = 'WarningPreference'
        InformationAction = 'InformationPreference'
        ProgressAction    = 'ProgressPreference'
        Verbose           = 'VerbosePreference'
        Debug             = 'DebugPreference'
        WhatIf            = 'WhatIfPreference'
        Confirm           = 'ConfirmPreference'
    }
    # Most callers have what the module sees anyway, and to set a variable in another scope takes a cmdlet.
    $seen = $ExecutionContext.SessionState.PSVariable
    foreach ($preference in $preferences.GetEnumerator()) {
        if (-not $Bound.ContainsKey($preference.Key)) {
            $value = $Cmdlet.GetVariableValue($preference.Value)
            if ($null -ne $value -and -not $value.Equals($seen.GetValue($preference.Value))) {
                Microsoft.PowerShell.Utility\Set-Variable -Name $preference.Value -Value $value -Scope 1 -WhatIf:$false -Confirm:$false
            }
        }
    }
    if ($DebugPreference -ne 'SilentlyContinue') { $script:RagnaMayDebug = $true }
}

function Test-CallerConsent {
    # Whether the user wants something done in a reconcile (-WhatIf, -Confirm). A silent dry run does nothing and asks nothing.
    [CmdletBinding()]
    [OutputType([bool])]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSShouldProcess', '',
        Justification = 'It asks through the cmdlet that calls it.')]
    param(
        [Parameter(Mandatory)]
        [object] $Run,

        [Parameter(Mandatory)]
        [string] $Target,

        [Parameter(Mandatory)]
        [string] $Operation
    )
    -not $Run.IsSilentDryRun -and $Run.Cmdlet.ShouldProcess($Target, $Operation)
}

function Resolve-ConfigPath {
    # The absolute path of a config. A path that is given counts as it stands, without wildcards; a folder stands for the
    # ragnatramp.yaml in it. Without one it is the ragnatramp.yaml in the current folder or in the nearest folder above.
    # Whether the file is there is the library's to say; a search that finds nothing returns the path it began with.
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        [AllowEmptyString()]
        [AllowNull()]
        [string] $Path
    )
    $file = 'ragnatramp.yaml'
    $location = $Cmdlet.SessionState.Path
    if ($Path) {
        $given = $location.GetUnresolvedProviderPathFromPSPath($Path)
        if ([System.IO.Directory]::Exists($given)) { return [System.IO.Path]::Combine($given, $file) }
        return $given
    }
    $start = $location.CurrentFileSystemLocation.ProviderPath
    for ($folder = [System.IO.DirectoryInfo]::new($start); $null -ne $folder; $folder = $folder.Parent) {
        $candidate = [System.IO.Path]::Combine($folder.FullName, $file)
        if ([System.IO.File]::Exists($candidate)) { return $candidate }
    }
    [System.IO.Path]::Combine($start, $file)
}

function Resolve-TargetPath {
    # The absolute path of what a cmdlet is to write. Where PowerShell cannot resolve the path that was given, that is told with the
    # code, and nothing is returned.
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        [Parameter(Mandatory)]
        [string] $Path,

        [Parameter(Mandatory)]
        [string] $Code
    )
    try {
        $Cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path)
    } catch [System.Management.Automation.DriveNotFoundException], [System.Management.Automation.ProviderNotFoundException] {
        Remove-HandledError -Record $_
        Write-RagnaFailure -Cmdlet $Cmdlet -Failure (New-RagnaFailure -Code $Code -Path $Path `
                -Message "Nothing was written to $($Path): $($_.Exception.GetBaseException().Message)" `
                -Remedy 'Give a path on a drive that is there.')
    } catch {
        Stop-RagnaCmdlet -Cmdlet $Cmdlet -Record $_
    }
}

function Invoke-PerConfig {
    # Runs a script for each config that the user gave, or for the one that is found, with its absolute path; emits what it
    # emits. A path that PowerShell cannot resolve is an error of the cmdlet and the next one goes on; an error that nothing
    # foresaw ends the cmdlet. In the script the cmdlet is $Cmdlet.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        # The cmdlet's -Path.
        [AllowNull()]
        [string[]] $Path,

        [Parameter(Mandatory)]
        [scriptblock] $Script
    )
    $given = if ($Path) { $Path } else { @('') }
    foreach ($item in $given) {
        # What is emitted inside a try block brings the errors of whoever takes it back into the block.
        $result = try {
            & $Script (Resolve-ConfigPath -Cmdlet $Cmdlet -Path $item)
        } catch [System.Management.Automation.DriveNotFoundException], [System.Management.Automation.ProviderNotFoundException] {
            Remove-HandledError -Record $_
            Write-RagnaFailure -Cmdlet $Cmdlet -Failure (New-RagnaFailure -Code 'CONFIG_NOT_FOUND' -Path $item `
                    -Message "There is no config at $($item): $($_.Exception.GetBaseException().Message)" `
                    -Remedy 'Give the path of a file on a drive that is there.')
        } catch {
            Stop-RagnaCmdlet -Cmdlet $Cmdlet -Record $_
        }
        $result
    }
}

function Get-NamePattern {
    # How a name is compared with what the user gave for it: wildcards, no difference of case. Not -like: that compares as the
    # culture of the session does.
    [CmdletBinding()]
    [OutputType([System.Management.Automation.WildcardPattern])]
    param(
        [Parameter(Mandatory)]
        [AllowEmptyString()]
        [string] $Text
    )
    [System.Management.Automation.WildcardPattern]::Get($Text, 'IgnoreCase, CultureInvariant')
}
