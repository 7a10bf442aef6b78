# The JSON of `ragnatramp`: one object with names in camelCase, printed as JSON.stringify(x, null, 2) prints it, in every PowerShell.

function Get-RunDocument {
    # What a run is told as.
    [CmdletBinding()]
    [OutputType([System.Collections.Specialized.OrderedDictionary])]
    param(
        [Parameter(Mandatory)]
        [object] $Run
    )
    $command = $Run.Asked.Command
    $document = [ordered] @{ success = $Run.Failure.Count -eq 0; command = $command }
    $rows = @($Run.Output)
    if ($command -ceq 'reconcile') {
        foreach ($row in $rows) {
            foreach ($name in 'DryRun', 'Project', 'ConfigPath', 'Discovery', 'Diffs', 'HostsBlock', 'HostSync', 'Summary', 'Warnings') {
                $document[(ConvertTo-CamelCase -Name $name)] = $row.$name
            }
        }
    } elseif ($null -ne $Run.Config -and $Run.Config.Valid) {
        if ($Run.IsDry) { $document.dryRun = $true }
        switch -CaseSensitive ($command) {
            'validate' {
                $document.project = $Run.Config.Project
                $document.summary = @{ machines = $Run.Config.Machines.Count }
            }
            'status' { Add-StatusDocument -Document $document -Row $rows -Project $Run.Config.Project }
            default {
                if ($Run.IsDry -or $command -ceq 'plan') { Add-PlanDocument -Document $document -Row $rows -Project $Run.Config.Project } else {
                    Add-ResultDocument -Document $document -Run $Run
                }
            }
        }
    }
    if ($Run.Failure.Count -gt 0) { Add-FailureDocument -Document $document -Run $Run }
    $document
}

function Add-StatusDocument {
    # Of status; without a state only success and command are told.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)]
        [System.Collections.Specialized.OrderedDictionary] $Document,

        [Parameter(Mandatory)]
        [AllowEmptyCollection()]
        [object[]] $Row,

        [Parameter(Mandatory)]
        [string] $Project
    )
    if ($Row.Count -eq 0) { return }
    $Document.project = $Project
    $Document.vms = @(foreach ($one in $Row) {
            [ordered] @{
                name = $one.VMName; machineName = $one.Machine; state = $one.State
                cpu = [int] $one.ProcessorCount; memoryMB = [int] $one.MemoryMB; missing = $one.State -eq 'Missing'
                network = if ($null -ne $one.DiscoveredAt -or $one.IPv4) {
                    [ordered] @{
                        ipv4 = $one.IPv4; ipv6 = @($one.IPv6); mac = $one.MacAddress; adapterName = $one.AdapterName
                        discoveredAt = $one.DiscoveredAt; source = $one.Source; previousIpv4 = $one.PreviousIPv4
                    }
                }
            }
        })
    $count = @{}
    foreach ($one in $Row) { $count[[string] $one.State] = 1 + [int] $count[[string] $one.State] }
    $Document.summary = [ordered] @{
        total = $Row.Count; running = [int] $count['Running']; off = [int] $count['Off']; missing = [int] $count['Missing']
    }
}

function Add-PlanDocument {
    # Of plan and of dry runs: the actions with their reasons, also of machines with which nothing would be done.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)]
        [System.Collections.Specialized.OrderedDictionary] $Document,

        [Parameter(Mandatory)]
        [AllowEmptyCollection()]
        [object[]] $Row,

        [Parameter(Mandatory)]
        [string] $Project
    )
    $Document.project = $Project
    $Document.actions = @(foreach ($one in $Row) {
            [ordered] @{
                type = $one.Action; vm = $one.VMName; machineName = $one.Machine; reason = $one.Reason; operation = $one.Operation
                touches = @($one.Touches); drift = @($one.Drift); dependsOn = @($one.DependsOn)
            }
        })
    $Document.summary = @{ changes = @(foreach ($one in $Row) { if ('none', 'refuse' -cnotcontains $one.Action) { $one } }).Count }
}

function Add-ResultDocument {
    # Of up, halt, destroy, checkpoint and restore: what was done with each machine with which something was done or failed.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)]
        [System.Collections.Specialized.OrderedDictionary] $Document,

        [Parameter(Mandatory)]
        [object] $Run
    )
    $kinds = @{
        created = 'create'; completed = 'complete'; updated = 'update'; started = 'start'; resumed = 'resume'; stopped = 'stop'
        'turned off' = 'stop'; removed = 'destroy'; checkpointed = 'checkpoint'; restored = 'restore'; refused = 'refuse'
    }
    $done = 0
    $actions = @(foreach ($one in $Run.Output) {
            $words = @($one.Action -split ', ')
            if ($words[0] -ceq 'none') { continue }
            $type = if ($kinds.ContainsKey($words[0])) { $kinds[$words[0]] } else { $Run.Asked.Command }
            $action = [ordered] @{ type = $type; vm = $one.VMName; machineName = $one.Machine; status = if ($one.Success) { 'completed' } else { 'failed' } }
            if ($one.Success) { $done++ } else {
                $why = @(foreach ($failure in $Run.Failure) { if ($failure.Target -ceq $one.Machine) { $failure.Message } })
                if ($why.Count -gt 0) { $action.error = $why[0] }
            }
            $action.done = @(foreach ($word in $words) { if ('refused', 'failed' -cnotcontains $word) { $word } })
            $action.state = $one.State
            if ($Run.Asked.Command -ceq 'up') {
                $action.ipv4 = $one.Address
                $action.hosts = $one.Hosts
            }
            $action
        })
    if ($actions.Count -gt 0) { $Document.actions = $actions }
    $running = @(foreach ($one in $Run.Output) { if ($one.State -eq 'Running') { $one } }).Count
    $Document.summary = switch -CaseSensitive ($Run.Asked.Command) {
        'up' { @{ running = $running } }
        'halt' { @{ stopped = $done } }
        'destroy' { @{ destroyed = $done } }
        'checkpoint' { @{ checkpointed = $done } }
        'restore' { @{ restored = $done } }
    }
}

function Add-FailureDocument {
    # `error` is the first of those that made the exit code; where there were several, `errors` has all.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)]
        [System.Collections.Specialized.OrderedDictionary] $Document,

        [Parameter(Mandatory)]
        [object] $Run
    )
    $worst = [System.Linq.Enumerable]::Max([int[]] @(foreach ($one in $Run.Failure) { $one.ExitCode }))
    $all = @(foreach ($one in $Run.Failure) {
            $entry = [ordered] @{ code = $one.Code; message = $one.Message }
            if ($one.Suggestion) { $entry.suggestion = $one.Suggestion }
            $details = [ordered] @{}
            if ($one.Target) { $details.target = $one.Target }
            if ($one.HasFaults -and $null -ne $Run.Config) {
                $details.errors = @(foreach ($fault in $Run.Config.Faults) {
                        $item = [ordered] @{ path = $fault.Path; message = $fault.Message; line = $fault.Line; column = $fault.Column }
                        if ($fault.Suggestion) { $item.suggestion = $fault.Suggestion }
                        $item
                    })
            }
            if ($details.Count -gt 0) { $entry.details = $details }
            [pscustomobject]@{ Entry = $entry; ExitCode = $one.ExitCode }
        })
    $Document.error = @(foreach ($one in $all) { if ($one.ExitCode -eq $worst) { $one.Entry } })[0]
    if ($all.Count -gt 1) { $Document.errors = @(foreach ($one in $all) { $one.Entry }) }
}

function ConvertTo-CamelCase {
    # A name with its first word in small letters: `HostSync` is hostSync, `VMName` is vmName.
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)]
        [string] $Name
    )
    $first = [regex]::Match($Name, '^(?:[A-Z]+(?=[A-Z][a-z]|$)|[A-Z])').Value
    $first.ToLowerInvariant() + $Name.Substring($first.Length)
}

function ConvertTo-CommandJson {
    # An object as JSON text: dictionaries with their keys as they are, objects with their properties in camelCase, times in UTC.
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)]
        [AllowNull()]
        [AllowEmptyString()]
        [AllowEmptyCollection()]
        [object] $InputObject,

        [string] $Indent = ''
    )
    if ($null -eq $InputObject) { return 'null' }
    if ($InputObject -is [bool]) { return ([string] $InputObject).ToLowerInvariant() }
    if ($InputObject -is [datetime]) {
        return '"' + $InputObject.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", [cultureinfo]::InvariantCulture) + '"'
    }
    if ($InputObject -is [int] -or $InputObject -is [long] -or $InputObject -is [double] -or $InputObject -is [decimal]) {
        return ([System.IConvertible] $InputObject).ToString([cultureinfo]::InvariantCulture)
    }
    $inner = "$Indent  "
    $isObject = $InputObject -is [System.Collections.IDictionary] -or $InputObject -is [System.Management.Automation.PSCustomObject]
    if (-not $isObject -and ($InputObject -is [string] -or $InputObject -isnot [System.Collections.IEnumerable])) {
        return ConvertTo-JsonText -Text ([string] $InputObject)
    }
    $items = @(if ($InputObject -is [System.Collections.IDictionary]) {
            foreach ($key in $InputObject.Keys) { "$(ConvertTo-JsonText -Text $key): $(ConvertTo-CommandJson -InputObject $InputObject[$key] -Indent $inner)" }
        } elseif ($isObject) {
            foreach ($property in $InputObject.PSObject.Properties) {
                "$(ConvertTo-JsonText -Text (ConvertTo-CamelCase -Name $property.Name)): $(ConvertTo-CommandJson -InputObject $property.Value -Indent $inner)"
            }
        } else {
            foreach ($one in $InputObject) { ConvertTo-CommandJson -InputObject $one -Indent $inner }
        })
    $open, $close = if ($isObject) { '{', '}' } else { '[', ']' }
    if ($items.Count -eq 0) { return "$open$close" }
    "$open`n$inner$($items -join ",`n$inner")`n$Indent$close"
}

function ConvertTo-JsonText {
    # A text in JSON's quotation marks. Windows PowerShell's own escapes more than it must.
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)]
        [AllowEmptyString()]
        [string] $Text
    )
    $short = @{ [char] '"' = '\"'; [char] '\' = '\\'; [char] 8 = '\b'; [char] 9 = '\t'; [char] 10 = '\n'; [char] 12 = '\f'; [char] 13 = '\r' }
    $builder = [System.Text.StringBuilder]::new('"')
    foreach ($letter in $Text.ToCharArray()) {
        if ($short.ContainsKey($letter)) {
            $null = $builder.Append($short[$letter])
        } elseif ([int] $letter -lt 0x20 -or [int] $letter -eq 0x7F) {
            $null = $builder.AppendFormat([cultureinfo]::InvariantCulture, '\u{0:x4}', [int] $letter)
        } else {
            $null = $builder.Append($letter)
        }
    }
    $builder.Append('"').ToString()
}
