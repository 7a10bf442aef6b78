function Get-MachineName {
    <#
    .SYNOPSIS
        Lists the names of a lab's machines for argument completion; asks Hyper-V nothing and never fails.
    .PARAMETER Path
        The -Path that was typed so far, if any.
    .OUTPUTS
        System.String
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [AllowNull()]
        [string] $Path
    )
    $configPath = Resolve-ConfigPath -Cmdlet $PSCmdlet -Path $Path
    $config = Invoke-RagnaNative config_parse (ConvertTo-Json -Compress -InputObject @{ path = $configPath })
    if ($null -eq $config.Failure) {
        foreach ($machine in ($config.Json | ConvertFrom-Json).machines) { $machine.name }
        $state = Invoke-RagnaNative state_read "{`"config`":$($config.Json)}"
        if ($null -eq $state.Failure) { foreach ($name in ($state.Json | ConvertFrom-Json).machineNames) { $name } }
    }
}
