# What is asked of Hyper-V. Answers are copied to plain values at once: Hyper-V's own types exist
# twice in some sessions, so nothing depends on them. Each becomes one table, a list for each column: to make 500 objects
# and print them as JSON takes twice as long, at every poll.

function Invoke-HyperVQuery {
    # Runs one query, and says so under -Verbose. What was answered counts: an error beside answers belongs to the object that
    # it is about and is told under -Verbose only. An error without any answer, or one that ends the query, is the Failure; with
    # -MayBeEmpty an error without any answer is beside it, too, unless it is of a kind that refuses the whole query.
    # Queries for many objects use -ErrorAction Continue, so that one object's error does not end them.
    [CmdletBinding()]
    [OutputType('Ragnatramp.HyperVResponse')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        # The query as a user would type it, for the verbose stream and the failure.
        [Parameter(Mandatory)]
        [string] $Query,

        [Parameter(Mandatory)]
        [scriptblock] $Script,

        # Makes the output of what was answered, all of it at once; without it the answers are the output.
        [scriptblock] $Copy,

        # No answer is nothing wrong: VMs need not have what is asked for. For callers that take Beside into account.
        [switch] $MayBeEmpty
    )
    $response = [pscustomobject]@{ PSTypeName = 'Ragnatramp.HyperVResponse'; Output = @(); Failure = $null; Beside = @() }
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    try {
        $answers = @(& $Script 2>&1)
        $errors = @(foreach ($one in $answers) { if ($one -is [System.Management.Automation.ErrorRecord]) { $one } })
        if ($errors.Count -gt 0) {
            $answers = @(foreach ($one in $answers) { if ($one -isnot [System.Management.Automation.ErrorRecord]) { $one } })
            foreach ($one in $errors) { Remove-HandledError -Record $one }
        }
        $refusing = @(if ($answers.Count -eq 0) {
                foreach ($one in $errors) { if (-not $MayBeEmpty -or (Get-HyperVSituation -Record $one)['IsWhole']) { $one } }
            })
        if ($refusing.Count -gt 0) {
            $response.Failure = ConvertFrom-HyperVError -Record $refusing[0] -Query $Query
        } else {
            $response.Beside = [string[]] @(foreach ($one in $errors) { Get-ErrorText -Exception $one.Exception })
            if ($null -ne $Copy) { $answers = @(& $Copy $answers) }
            $response.Output = $answers
        }
    } catch {
        $response.Failure = ConvertFrom-HyperVError -Record $_ -Query $Query
        Remove-HandledError -Record $_
    }
    $outcome = if ($null -eq $response.Failure) { 'answered' } else { $response.Failure.code }
    $Cmdlet.WriteVerbose("$Query : $outcome, $($watch.ElapsedMilliseconds) ms")
    foreach ($text in $response.Beside) { $Cmdlet.WriteVerbose("$Query : an error beside the answers: $text") }
    $response
}

function Get-HyperVMachine {
    # All VMs, in one query, as one table; with -Hardware also their processors and memory. -VM takes Hyper-V's own objects,
    # in the same order, for its cmdlets.
    [CmdletBinding()]
    [OutputType('Ragnatramp.HyperVResponse')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        [System.Collections.Generic.List[object]] $VM,

        [switch] $Hardware
    )
    $isKept = $null -ne $VM
    $withHardware = [bool] $Hardware
    Invoke-HyperVQuery -Cmdlet $Cmdlet -Query 'Get-VM' -Script { Hyper-V\Get-VM -ErrorAction Continue } -Copy {
        param($found)
        $count = $found.Count
        $table = @{
            id            = [string[]]::new($count)
            name          = [string[]]::new($count)
            state         = [string[]]::new($count)
            notes         = [string[]]::new($count)
            uptimeSeconds = [long[]]::new($count)
        }
        $id, $name, $state, $notes, $uptime = $table.id, $table.name, $table.state, $table.notes, $table.uptimeSeconds
        for ($row = 0; $row -lt $count; $row++) {
            $one = $found[$row]
            $id[$row] = [string] $one.Id
            $name[$row] = [string] $one.Name
            $state[$row] = [string] $one.State
            $notes[$row] = [string] $one.Notes
            $uptime[$row] = [long] ([timespan] $one.Uptime).TotalSeconds
        }
        if ($withHardware) {
            $table.processorCount = [long[]] @(foreach ($one in $found) { $one.ProcessorCount })
            $table.memoryStartupBytes = [long[]] @(foreach ($one in $found) { $one.MemoryStartup })
            $table.generation = [int[]] @(foreach ($one in $found) { $one.Generation })
            $table.automaticCheckpoints = [bool[]] @(foreach ($one in $found) { $one.AutomaticCheckpointsEnabled })
        }
        if ($isKept) { $VM.AddRange([object[]] $found) }
        $table
    }
}

function Get-HyperVAdapter {
    # The network adapters of some VMs, in one query, as one table.
    [CmdletBinding()]
    [OutputType('Ragnatramp.HyperVResponse')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        # The VMs, as Get-VM emitted them.
        [Parameter(Mandatory)]
        [object[]] $VM
    )
    Invoke-HyperVQuery -Cmdlet $Cmdlet -Query "Get-VMNetworkAdapter -VM ($($VM.Count) VMs)" -Script {
        Hyper-V\Get-VMNetworkAdapter -VM $VM -ErrorAction Continue
    } -Copy {
        param($found)
        $count = $found.Count
        $table = @{
            vmId        = [string[]]::new($count)
            name        = [string[]]::new($count)
            mac         = [string[]]::new($count)
            switchName  = [string[]]::new($count)
            switchId    = [string[]]::new($count)
            ipAddresses = [object[]]::new($count)
        }
        $vmId, $name, $mac, $addresses = $table.vmId, $table.name, $table.mac, $table.ipAddresses
        $switchName, $switchId = $table.switchName, $table.switchId
        for ($row = 0; $row -lt $count; $row++) {
            $one = $found[$row]
            $vmId[$row] = [string] $one.VMId
            $name[$row] = [string] $one.Name
            $mac[$row] = [string] $one.MacAddress
            $switchName[$row] = [string] $one.SwitchName
            $switchId[$row] = [string] $one.SwitchId
            $addresses[$row] = [string[]] @($one.IPAddresses)
        }
        $table
    }
}

function Get-HyperVSnapshot {
    # All VMs and the adapters of those among them whose Ids are given: Plain, as the library's `discover` takes it, Failure,
    # and Beside (the errors that Get-VM wrote beside its answers).
    [CmdletBinding()]
    [OutputType('Ragnatramp.HyperVSnapshot')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        [Parameter(Mandatory)]
        [AllowEmptyCollection()]
        [string[]] $VMId
    )
    $snapshot = [pscustomobject]@{ PSTypeName = 'Ragnatramp.HyperVSnapshot'; Plain = @{}; Failure = $null; Beside = @() }
    $objects = [System.Collections.Generic.List[object]]::new()
    $machines = Get-HyperVMachine -Cmdlet $Cmdlet -VM $objects
    if ($null -ne $machines.Failure) {
        $snapshot.Failure = $machines.Failure
        return $snapshot
    }
    $snapshot.Plain.vms = $machines.Output[0]
    $snapshot.Beside = $machines.Beside

    $wanted = [System.Collections.Generic.HashSet[string]]::new($VMId, [System.StringComparer]::OrdinalIgnoreCase)
    $id = $snapshot.Plain.vms.id
    $asked = @(for ($row = 0; $row -lt $objects.Count; $row++) { if ($wanted.Contains($id[$row])) { $objects[$row] } })
    if ($asked.Count -gt 0) {
        $adapters = Get-HyperVAdapter -Cmdlet $Cmdlet -VM $asked
        $snapshot.Failure = $adapters.Failure
        if ($null -eq $adapters.Failure) { $snapshot.Plain.adapters = $adapters.Output[0] }
    }
    $snapshot
}
