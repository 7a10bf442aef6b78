# Which machines a call means: all, by name (wildcards), by id, by the object that Get-VM gave.

function Select-LabMachine {
    <#
    .SYNOPSIS
    The machines meant, and the errors for those that are not there.
    .OUTPUTS
    An object with Machines and Errors.
    #>
    param([string] $Cmdlet, [string[]] $Name, [object[]] $Id, [object[]] $Object, [switch] $All, [switch] $Seen)
    $machines = New-Object -TypeName System.Collections.ArrayList
    $errors = New-Object -TypeName System.Collections.ArrayList
    $there = @(Get-LabMachine)
    # A machine that was made a moment ago can be missed by those that look for one.
    if ($Seen) { $there = @(foreach ($machine in $there) { if (-not $machine.Hidden) { $machine } }) }
    if ($All) { $machines.AddRange($there) }
    foreach ($one in @($Name | Where-Object { $null -ne $_ })) {
        $pattern = New-Object -TypeName System.Management.Automation.WildcardPattern -ArgumentList $one, 'IgnoreCase'
        $found = @(foreach ($machine in $there) { if ($pattern.IsMatch($machine.Name)) { $machine } })
        if ($found.Count -gt 0) { $machines.AddRange($found) }
        elseif (-not [WildcardPattern]::ContainsWildcardCharacters($one)) {
            $null = $errors.Add((Get-UnknownMachineError -Cmdlet $Cmdlet -Value $one))
        }
    }
    $ids = @($Id | Where-Object { $null -ne $_ })
    $objects = @($Object | Where-Object { $null -ne $_ })
    if ($ids.Count + $objects.Count -gt 0) {
        $table = @{}
        foreach ($machine in $there) { $table[$machine.Id] = $machine }
        foreach ($one in $ids) {
            if ($table.ContainsKey([guid] $one)) { $null = $machines.Add($table[[guid] $one]) }
            else { $null = $errors.Add((Get-UnknownMachineError -Cmdlet $Cmdlet -Value ([guid] $one))) }
        }
        foreach ($one in $objects) {
            if ($table.ContainsKey([guid] $one.Id)) { $null = $machines.Add($table[[guid] $one.Id]) }
            else { $null = $errors.Add((Get-LostObjectError -Cmdlet $Cmdlet -Target $one)) }
        }
    }
    # A machine that the lab makes fail in this cmdlet gives its error instead.
    $sound = New-Object -TypeName System.Collections.ArrayList
    foreach ($machine in $machines) {
        $fault = Get-StagedFault -Cmdlet $Cmdlet -Machine $machine
        if (-not $fault) { $null = $sound.Add($machine); continue }
        $null = $errors.Add((Get-StagedError -Cmdlet $Cmdlet -Fault $fault -Target $machine.Name))
    }
    [pscustomobject] @{ Machines = $sound.ToArray(); Errors = $errors.ToArray() }
}

function Select-CallMachine {
    <# .SYNOPSIS The machines that a call means; the caller is told the errors for those that are not there. #>
    param([object] $Call, [Management.Automation.PSCmdlet] $Caller, [switch] $All)
    $found = Select-LabMachine -Cmdlet $Call.Cmdlet -Name $Call.Names -Id $Call.Ids -Object $Call.Objects -All:$All
    foreach ($fault in $found.Errors) { Write-LabFault -Call $Call -Caller $Caller -Fault $fault }
    $found.Machines
}
