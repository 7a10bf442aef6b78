function Get-ConfigTest {
    <#
    .SYNOPSIS
        Tests one config, tells its faults and warnings, and returns the verdict.
    .PARAMETER Cmdlet
        The calling function's $PSCmdlet.
    .PARAMETER ConfigPath
        The absolute path of the config.
    .PARAMETER Quiet
        Return only true or false, and tell nothing of the config. What keeps it from being tested is an error all the same.
    .OUTPUTS
        Ragnatramp.ConfigTest, or System.Boolean.
    #>
    [CmdletBinding()]
    [OutputType('Ragnatramp.ConfigTest', [bool])]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        [Parameter(Mandatory)]
        [string] $ConfigPath,

        [switch] $Quiet
    )
    $answer = Invoke-RagnaNative config_test (ConvertTo-Json -Compress -InputObject @{ path = $ConfigPath })
    if ($Quiet -and ($null -eq $answer.Failure -or $answer.Failure.code -like 'CONFIG_*')) {
        return $null -eq $answer.Failure
    }
    $faults = @()
    $config = $null
    if ($null -ne $answer.Failure) {
        Write-RagnaFailure -Cmdlet $Cmdlet -Failure $answer.Failure -Target $ConfigPath
        if ($Quiet) { return }
        if ($answer.Failure.PSObject.Properties['faults']) {
            $faults = @($answer.Failure.faults | ForEach-Object { ConvertTo-RagnaObject -InputObject $_ })
        }
    } else {
        $told = $answer.Json | ConvertFrom-Json
        $config = $told.config
        foreach ($warning in $told.warnings) { $Cmdlet.WriteWarning($warning) }
    }
    [pscustomobject]@{
        PSTypeName = 'Ragnatramp.ConfigTest'
        Path       = $ConfigPath
        Valid      = $null -ne $config
        Project    = if ($config) { $config.project }
        Machines   = [string[]] @(if ($config) { $config.machines | ForEach-Object { $_.name } })
        Faults     = $faults
    }
}
