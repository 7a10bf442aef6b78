function Import-CallerPreference {
    <#
    .SYNOPSIS
        Lets the calling cmdlet see the preference variables of whoever called it.
    .DESCRIPTION
        A function of a script module inherits its preferences from the module, not from its caller, so a caller's
        $WhatIfPreference or $ErrorActionPreference would be lost. Parameters that were given win over variables.
    .PARAMETER Cmdlet
        The calling function's $PSCmdlet.
    .PARAMETER Bound
        The calling function's $PSBoundParameters.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

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
    foreach ($preference in $preferences.GetEnumerator()) {
        if (-not $Bound.ContainsKey($preference.Key)) {
            $value = $Cmdlet.GetVariableValue($preference.Value)
            if ($null -ne $value) {
                Set-Variable -Name $preference.Value -Value $value -Scope 1 -WhatIf:$false -Confirm:$false
            }
        }
    }
}
