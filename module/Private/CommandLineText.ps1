# The texts of `ragnatramp`: what came of a command, in the lines of the original tool. Signs are written by their code: Windows
# PowerShell reads a script without a byte order mark in the code page of the system.

$script:CommandLineSign = @{ Done = [string] [char] 0x2713; Failed = [string] [char] 0x2717; Start = [string] [char] 0x25B6; Stop = [string] [char] 0x23F9; To = [string] [char] 0x2192; Dash = [string] [char] 0x2014 }

# The verb of each kind of action in a plan, and its sign.
$script:CommandLinePlanWord = [ordered] @{
    create = @{ Word = 'create'; Sign = '+' }; complete = @{ Word = 'complete'; Sign = '+' }; adopt = @{ Word = 'adopt'; Sign = '+' }
    resume = @{ Word = 'resume'; Sign = '~' }; start = @{ Word = 'start'; Sign = '~' }; update = @{ Word = 'update'; Sign = '~' }
    stop = @{ Word = 'stop'; Sign = '~' }; remove = @{ Word = 'destroy'; Sign = '-' }; checkpoint = @{ Word = 'checkpoint'; Sign = '~' }
    restore = @{ Word = 'restore'; Sign = '~' }; refuse = @{ Word = 'leave alone'; Sign = '!' }
}

function Get-CommandText {
    # The lines that tell what came of a command.
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)]
        [object] $Run
    )
    $rows = @($Run.Output)
    if ($Run.IsDry -and $Run.Asked.Command -cne 'reconcile') {
        "Dry run $($script:CommandLineSign.Dash) no changes will be applied."
        if ($Run.Failure.Count -eq 0 -or $rows.Count -gt 0) { Get-PlanText -Row $rows }
        return
    }
    switch -CaseSensitive ($Run.Asked.Command) {
        'validate' { Get-ConfigText -Run $Run }
        'plan' {
            Get-PlanText -Row $rows
            if (@(foreach ($row in $rows) { if ('none', 'refuse' -cnotcontains $row.Action) { $row } }).Count -gt 0) {
                $file = if ($Run.Asked.Path) { " $($Run.Asked.Path)" } else { '' }
                "Run ``ragnatramp up$file`` to apply."
            }
        }
        'status' { Get-StatusText -Run $Run }
        'reconcile' { foreach ($row in $rows) { Get-ReconcileText -Result $row } }
        default { Get-ResultText -Run $Run }
    }
}

function Get-ConfigText {
    # Of validate.
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)]
        [object] $Run
    )
    $config = $Run.Config
    if ($null -eq $config -or -not $config.Valid) { return }
    "$($script:CommandLineSign.Done) Configuration valid"
    "  Project: $($config.Project)"
    "  Machines: $($config.Machines.Count) ($($config.Machines -join ', '))"
    "  Base image: $($config.BaseImages -join ', ')"
}

function Get-PlanText {
    # Of plan and of dry runs.
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)]
        [AllowEmptyCollection()]
        [object[]] $Row
    )
    $counts = @(foreach ($kind in $script:CommandLinePlanWord.Keys) {
            $count = @(foreach ($one in $Row) { if ($one.Action -ceq $kind) { $one } }).Count
            if ($count -gt 0) { [pscustomobject]@{ Count = $count; Word = $script:CommandLinePlanWord[$kind].Word } }
        })
    if ($counts.Count -eq 0) { return 'No changes needed. All VMs are in sync.' }
    $parts = @("$(Get-CountText $counts[0].Count 'VM') to $($counts[0].Word)")
    for ($index = 1; $index -lt $counts.Count; $index++) { $parts += "$($counts[$index].Count) to $($counts[$index].Word)" }
    "Plan: $($parts -join ', ')"
    foreach ($one in $Row) {
        if (-not $script:CommandLinePlanWord.Contains($one.Action)) { continue }
        "  $($script:CommandLinePlanWord[$one.Action].Sign) $($one.VMName)"
        if ($one.Operation) { "    $($one.Operation)" }
        if ($one.Reason) { "    $($one.Reason)" }
    }
}

function Get-CountText {
    # A number and its noun: `1 VM`, `2 VMs`.
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory, Position = 0)]
        [int] $Count,

        [Parameter(Mandatory, Position = 1)]
        [string] $Noun
    )
    "$Count $Noun$(if ($Count -ne 1) { 's' })"
}

function Get-StatusText {
    # Of status.
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)]
        [object] $Run
    )
    "Project: $($Run.Config.Project)"
    $rows = @($Run.Output)
    if ($rows.Count -eq 0) {
        if ($Run.Failure.Count -eq 0) { 'No VMs are managed by this configuration yet.' }
        return
    }
    $lines = [System.Collections.Generic.List[string[]]]::new()
    $lines.Add([string[]] @('NAME', 'STATE', 'CPU', 'MEMORY', 'ADDRESS', 'ADAPTER', 'SOURCE'))
    foreach ($row in $rows) {
        $address = if ($row.IPv4) { $row.IPv4 } elseif (@($row.IPv6).Count -gt 0) { @($row.IPv6)[0] } else { '-' }
        $lines.Add([string[]] @(
                $row.Machine, $row.State, $(if ($row.ProcessorCount) { $row.ProcessorCount } else { '-' }),
                $(if ($row.MemoryMB) { "$($row.MemoryMB) MB" } else { '-' }), $address,
                $(if ($row.AdapterName) { $row.AdapterName } else { '-' }), $(if ($row.Source) { $row.Source } else { '-' })))
    }
    $widths = @(foreach ($column in 0..6) {
            [System.Linq.Enumerable]::Max([int[]] @(foreach ($cells in $lines) { $cells[$column].Length }))
        })
    foreach ($cells in $lines) { ("  $(@(foreach ($column in 0..6) { $cells[$column].PadRight($widths[$column]) }) -join '  ')").TrimEnd() }
    $running = @(foreach ($row in $rows) { if ($row.State -eq 'Running') { $row } }).Count
    $missing = @(foreach ($row in $rows) { if ($row.State -eq 'Missing') { $row } }).Count
    "$(Get-CountText $rows.Count 'VM') managed, $running running."
    if ($missing -gt 0) { "$(Get-CountText $missing 'VM') missing from Hyper-V." }
}

function Get-ResultText {
    # Of up, halt, destroy, checkpoint and restore: what was done with each machine.
    [CmdletBinding()]
    [OutputType([string], [object[]])]
    param(
        [Parameter(Mandatory)]
        [object] $Run
    )
    $rows = @($Run.Output)
    $sign = $script:CommandLineSign
    $command = $Run.Asked.Command
    $told = 0
    $failed = 0
    foreach ($row in $rows) {
        $words = @($row.Action -split ', ')
        $vm = $row.VMName
        if (-not $row.Success) { $failed++ }
        $lines = @(foreach ($word in $words) {
                switch -CaseSensitive ($word) {
                    'created' { "$($sign.Done) Creating VM: $vm"; "  $($sign.Done) VM created" }
                    'completed' { "$($sign.Done) Completing VM: $vm"; "  $($sign.Done) VM completed" }
                    'updated' { "$($sign.Done) Updating VM: $vm"; "  $($sign.Done) VM updated" }
                    'started' { if ($words -cnotcontains 'created') { "$($sign.Start) Starting VM: $vm" }; "  $($sign.Done) VM started" }
                    'resumed' { "$($sign.Start) Starting VM: $vm"; "  $($sign.Done) VM resumed" }
                    'stopped' { "$($sign.Stop) Stopping VM: $vm"; "  $($sign.Done) VM stopped" }
                    'turned off' { "$($sign.Stop) Stopping VM: $vm"; "  $($sign.Done) VM turned off" }
                    'removed' { "- Destroying VM: $vm"; "  $($sign.Done) VM destroyed" }
                    'checkpointed' { "$($sign.Done) $($row.Machine): checkpoint created" }
                    'restored' { "$($sign.Done) $($row.Machine): restored to checkpoint '$($Run.Asked.Name)'" }
                }
            })
        if ($lines.Count -gt 0) { $told++ }
        $lines
    }
    $running = @(foreach ($row in $rows) { if ($row.State -eq 'Running') { $row } }).Count
    if ($failed -gt 0) {
        "$($sign.Failed) Some actions failed. $($rows.Count - $failed) succeeded, $failed failed."
        return
    }
    if ($Run.Failure.Count -gt 0) { return }
    switch -CaseSensitive ($command) {
        'up' {
            if ($told -eq 0) { 'All VMs are already in sync. No changes needed.' }
            foreach ($row in $rows) { if ($row.Address) { "  $($row.Machine): $($row.Address)$(if ($row.Hosts) { ", hosts $($row.Hosts)" })" } }
            "Done. $(Get-CountText $running 'VM') running."
        }
        'halt' { if ($told -eq 0) { 'No running VMs to stop.' } else { "Done. $told stopped." } }
        'destroy' { if ($told -eq 0) { 'No VMs to destroy.' } else { "Done. $told destroyed." } }
        'checkpoint' {
            "$($sign.Done) Checkpoint '$($Run.Asked.Name)' created for $told VM(s)."
            "Done. $told checkpointed."
        }
        'restore' {
            $states = @($rows | Microsoft.PowerShell.Core\ForEach-Object { $_.State } | Microsoft.PowerShell.Utility\Select-Object -Unique)
            $hint = if ($running -lt $rows.Count) { ' Run `ragnatramp up` to start them.' } else { '' }
            "VMs are now in ""$($states -join '", "')"" state.$hint"
            "Done. $told restored."
        }
    }
}

function Get-ReconcileText {
    # Of reconcile.
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)]
        [object] $Result
    )
    if ($Result.DryRun) { "Dry run $($script:CommandLineSign.Dash) no changes will be applied." }
    'Discovered IPs:'
    foreach ($one in $Result.Discovery) {
        $what = if ($one.Network.Ipv4) { "$($one.Network.Ipv4) (mac: $($one.Network.Mac), adapter: $($one.Network.AdapterName))" } else { $one.State }
        "  $($one.MachineName): $what"
    }
    'State diffs:'
    foreach ($one in $Result.Diffs) {
        $now = if ($one.Network.Ipv4) { $one.Network.Ipv4 } else { 'none' }
        if (-not $one.Changed) { "  $($one.MachineName): ipv4 unchanged ($now)" } else {
            "  $($one.MachineName): ipv4 changed: $(if ($one.PreviousIpv4) { $one.PreviousIpv4 } else { 'none' }) $($script:CommandLineSign.To) $now"
        }
    }
    if ($Result.HostsBlock) {
        'Hosts block:'
        foreach ($line in ([string] $Result.HostsBlock).TrimEnd() -split '\r?\n') { "  $line" }
    }
    if (@($Result.HostSync).Count -gt 0) {
        'Hosts files:'
        foreach ($one in $Result.HostSync) {
            $why = if ($one.Reason -and $one.Status -cne 'synced') { " ($($one.Reason))" } else { '' }
            "  $($one.MachineName): $($one.Status)$why"
        }
    }
    "Done. $($Result.Summary.Headline)."
}
