function Read-RagnaLab {
    <#
    .SYNOPSIS
        Reads a config and its state through the library.
    .DESCRIPTION
        A failure of either is told as an error of the calling cmdlet, and nothing is returned.
    .PARAMETER Cmdlet
        The calling function's $PSCmdlet.
    .PARAMETER ConfigPath
        The absolute path of the config.
    .OUTPUTS
        Ragnatramp.Lab: ConfigPath, Config (JSON), State (JSON of the document), StatePath, VMId (of all machines in it).
    #>
    [CmdletBinding()]
    [OutputType('Ragnatramp.Lab')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        [Parameter(Mandatory)]
        [string] $ConfigPath
    )
    $config = Invoke-RagnaNative config_parse (ConvertTo-Json -Compress -InputObject @{ path = $ConfigPath })
    if ($null -ne $config.Failure) {
        Write-RagnaFailure -Cmdlet $Cmdlet -Failure $config.Failure -Target $ConfigPath
        return
    }
    $state = Invoke-RagnaNative state_read "{`"config`":$($config.Json)}"
    if ($null -ne $state.Failure) {
        Write-RagnaFailure -Cmdlet $Cmdlet -Failure $state.Failure -Target $ConfigPath
        return
    }
    $known = $state.Json | ConvertFrom-Json
    [pscustomobject]@{
        PSTypeName = 'Ragnatramp.Lab'
        ConfigPath = $ConfigPath
        Config     = $config.Json
        State      = $known.state
        StatePath  = $known.path
        VMId       = [string[]] @($known.vmIds)
    }
}
