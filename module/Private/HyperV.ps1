# What is asked of Hyper-V and of the host's network. Answers are copied to plain values at once: Hyper-V's own types exist
# twice in some sessions, so nothing depends on them. They become tables, not objects: to make 500 objects and print them
# as JSON costs a fifth more, at every poll.

function Invoke-HyperVQuery {
    # Runs one query, which must use -ErrorAction Stop, and says so under -Verbose. Its error becomes a Failure.
    [CmdletBinding()]
    [OutputType('Ragnatramp.HyperVResponse')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        # The query as a user would type it, for the verbose stream and the failure.
        [Parameter(Mandatory)]
        [string] $Query,

        [Parameter(Mandatory)]
        [scriptblock] $Script
    )
    $response = [pscustomobject]@{ PSTypeName = 'Ragnatramp.HyperVResponse'; Output = @(); Failure = $null }
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    try {
        $response.Output = @(& $Script)
    } catch {
        $response.Failure = ConvertFrom-HyperVError -Record $_ -Query $Query
        Remove-HandledError -Record $_
    }
    $outcome = if ($null -eq $response.Failure) { "$($response.Output.Count) objects" } else { $response.Failure.code }
    $Cmdlet.WriteVerbose("$Query : $outcome, $($watch.ElapsedMilliseconds) ms")
    $response
}

function ConvertFrom-HyperVError {
    # Why Hyper-V did not answer. An error is classified by what PowerShell says of it (category, ids), never by its text,
    # which is localized.
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.ErrorRecord] $Record,

        [Parameter(Mandatory)]
        [string] $Query
    )
    $text = $Record.Exception.Message.Trim()
    $enable = 'Enable-WindowsOptionalFeature -Online -FeatureName Microsoft-Hyper-V -All'
    if ($Record.Exception -is [System.Management.Automation.CommandNotFoundException]) {
        return New-RagnaFailure -Code 'HYPERV_NOT_AVAILABLE' `
            -Message "Hyper-V's PowerShell module is not installed on this computer ($Query)." `
            -Remedy "Enable Hyper-V once, from an elevated PowerShell: $enable"
    }
    $denied = $Record.CategoryInfo.Category -eq 'PermissionDenied' -or $Record.FullyQualifiedErrorId -like 'AccessDenied*'
    if ($denied) {
        return New-RagnaFailure -Code 'PERMISSION_DENIED' `
            -Message "Hyper-V refused the question $($Query): $text" `
            -Remedy "Add your account to the local group Hyper-V Administrators (SID S-1-5-32-578), then sign out and in."
    }
    New-RagnaFailure -Code 'HYPERV_ERROR' -Message "Hyper-V could not answer $($Query): $text" `
        -Remedy 'Look whether the service "Hyper-V Virtual Machine Management" runs: Get-Service vmms'
}

function Get-HyperVMachine {
    # All VMs, in one query; with -Hardware also their processors and memory. -VM takes Hyper-V's own objects, in the same
    # order, for its cmdlets.
    [CmdletBinding()]
    [OutputType('Ragnatramp.HyperVResponse')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        [System.Collections.IList] $VM,

        [switch] $Hardware
    )
    $isKept = $null -ne $VM
    $withHardware = [bool] $Hardware
    Invoke-HyperVQuery -Cmdlet $Cmdlet -Query 'Get-VM' -Script {
        foreach ($one in @(Get-VM -ErrorAction Stop)) {
            if ($isKept) { $null = $VM.Add($one) }
            $plain = @{
                id            = [string] $one.Id
                name          = [string] $one.Name
                state         = [string] $one.State
                notes         = [string] $one.Notes
                uptimeSeconds = [long] ([timespan] $one.Uptime).TotalSeconds
            }
            if ($withHardware) {
                $plain.processorCount = [long] $one.ProcessorCount
                $plain.memoryStartupBytes = [long] $one.MemoryStartup
            }
            $plain
        }
    }
}

function Get-HyperVAdapter {
    # The network adapters of some VMs, in one query.
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
        foreach ($adapter in @(Get-VMNetworkAdapter -VM $VM -ErrorAction Stop)) {
            @{
                vmId        = [string] $adapter.VMId
                name        = [string] $adapter.Name
                mac         = [string] $adapter.MacAddress
                switchName  = [string] $adapter.SwitchName
                switchId    = [string] $adapter.SwitchId
                ipAddresses = [string[]] @($adapter.IPAddresses)
            }
        }
    }
}

function Get-HostNeighbour {
    # The host's IPv4 neighbour table: the second source of addresses, for guests that tell Hyper-V nothing. Needs no
    # elevation and nothing in the guest.
    [CmdletBinding()]
    [OutputType('Ragnatramp.HyperVResponse')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet
    )
    Invoke-HyperVQuery -Cmdlet $Cmdlet -Query 'Get-NetNeighbor -AddressFamily IPv4' -Script {
        foreach ($neighbour in @(Get-NetNeighbor -AddressFamily IPv4 -ErrorAction Stop)) {
            @{
                ip        = [string] $neighbour.IPAddress
                mac       = [string] $neighbour.LinkLayerAddress
                state     = [string] $neighbour.State
                interface = [string] $neighbour.InterfaceAlias
            }
        }
    }
}

function Get-HyperVSnapshot {
    # All VMs and the adapters of those among them whose Ids are given: Plain, as the library's `discover` takes it, and
    # Failure.
    [CmdletBinding()]
    [OutputType('Ragnatramp.HyperVSnapshot')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        [Parameter(Mandatory)]
        [AllowEmptyCollection()]
        [string[]] $VMId
    )
    $snapshot = [pscustomobject]@{
        PSTypeName = 'Ragnatramp.HyperVSnapshot'
        Plain      = @{ vms = @(); adapters = @(); neighbours = $null }
        Failure    = $null
    }
    $objects = [System.Collections.Generic.List[object]]::new()
    $machines = Get-HyperVMachine -Cmdlet $Cmdlet -VM $objects
    if ($null -ne $machines.Failure) {
        $snapshot.Failure = $machines.Failure
        return $snapshot
    }
    $snapshot.Plain.vms = $machines.Output

    $wanted = [System.Collections.Generic.HashSet[string]]::new($VMId, [System.StringComparer]::OrdinalIgnoreCase)
    $asked = @(for ($index = 0; $index -lt $objects.Count; $index++) {
            if ($wanted.Contains($machines.Output[$index].id)) { $objects[$index] }
        })
    if ($asked.Count -gt 0) {
        $adapters = Get-HyperVAdapter -Cmdlet $Cmdlet -VM $asked
        $snapshot.Failure = $adapters.Failure
        $snapshot.Plain.adapters = $adapters.Output
    }
    $snapshot
}
