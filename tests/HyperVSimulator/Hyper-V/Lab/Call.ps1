# Every call is noted in calls.jsonl, waits as long as the lab says, and is refused where the lab says so, or ends the process.

function Enter-LabCall {
    <# .SYNOPSIS Begins a call: waits out its delay. Returns what Complete-LabCall needs. #>
    param([string] $Cmdlet, [string] $Detail = '')
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $last = Step-LabKill
    $at = [datetime]::UtcNow
    $delays = (Get-LabHost).Delays
    $delay = [int] (Get-Field -Source $delays -Name $Cmdlet -Default (Get-Field -Source $delays -Name '*' -Default 0))
    if ($delay -gt 0) { Start-Sleep -Milliseconds $delay }
    [pscustomobject] @{
        Cmdlet = $Cmdlet; Detail = $Detail; At = $at; Watch = $watch
        Parameters = New-Object -TypeName System.Collections.Generic.SortedSet[string]
        Names = New-Object -TypeName System.Collections.ArrayList
        Ids = New-Object -TypeName System.Collections.ArrayList
        Objects = New-Object -TypeName System.Collections.ArrayList
        # By parameter, what the made cmdlets were given; what they have to tell when they run as a job; what is to be done after this call.
        Input = @{}; Faults = New-Object -TypeName System.Collections.ArrayList; Job = $false; Last = $last
    }
}

function Add-LabCallParameter {
    <#
    .SYNOPSIS
    Notes the names of the parameters that are bound now, and by which names, ids and objects machines are meant; the
    pipeline binds some of them later.
    #>
    param([object] $Call, [Collections.IDictionary] $Bound, [object[]] $Name, [object[]] $Id, [object[]] $Object)
    if ($null -ne $Name) { $Call.Names.AddRange($Name) }
    if ($null -ne $Id) { $Call.Ids.AddRange($Id) }
    if ($null -ne $Object) { $Call.Objects.AddRange($Object) }
    foreach ($name in $Bound.Keys) {
        if ([Management.Automation.PSCmdlet]::CommonParameters -notcontains $name) { $null = $Call.Parameters.Add($name) }
    }
}

# The parameters by which a call says what it is about.
$script:TargetParameter = 'VMSnapshot', 'VMHardDiskDrive', 'VMDvdDrive', 'VMNetworkAdapter', 'VMIntegrationService', 'VMFirmware', 'Path'

function Get-LabCallTarget {
    <# .SYNOPSIS The names, ids and paths that a call is about. #>
    param([object] $Call)
    $given = @($Call.Names) + @($Call.Ids) + @($Call.Objects) + @(foreach ($name in $script:TargetParameter) { $Call.Input[$name] })
    foreach ($one in $given) {
        if ($null -eq $one) { continue }
        if ($one -isnot [psobject] -or $one -is [string] -or $one -is [guid]) { "$one"; continue }
        $known = @('VMName', 'Name' | ForEach-Object { $one.PSObject.Properties[$_] } | Where-Object { $null -ne $_ })
        if ($known.Count -gt 0) { "$($known[0].Value)" } else { "$one" }
    }
}

function Complete-LabCall {
    <# .SYNOPSIS Ends a call: notes it with the number of objects it gave. The call after which the process is to end is its last. #>
    param([object] $Call, [int] $Count)
    $line = ConvertTo-Json -Compress -InputObject ([ordered] @{
            cmdlet     = $Call.Cmdlet
            detail     = $Call.Detail
            parameters = @($Call.Parameters)
            target     = @(Get-LabCallTarget -Call $Call)
            count      = $Count
            at         = $Call.At.ToString('o', [Globalization.CultureInfo]::InvariantCulture)
            ms         = $Call.Watch.ElapsedMilliseconds
        })
    $bytes = [Text.Encoding]::UTF8.GetBytes($line + "`n")
    $path = Get-LabPath -Part 'calls.jsonl'
    Use-LabFile {
        $stream = [IO.File]::Open($path, [IO.FileMode]::Append, [IO.FileAccess]::Write, [IO.FileShare]::Read)
        try { $stream.Write($bytes, 0, $bytes.Length) } finally { $stream.Dispose() }
    }
    Stop-LabCall -How $Call.Last
}

function Write-LabFault {
    <# .SYNOPSIS Tells the caller of an error, or keeps it for the job of the call. #>
    param([object] $Call, [Management.Automation.PSCmdlet] $Caller, [Management.Automation.ErrorRecord] $Fault)
    if ($Call.Job) { $null = $Call.Faults.Add($Fault) } else { $Caller.WriteError($Fault) }
}

function Test-LabBusy {
    <# .SYNOPSIS Whether the host is too busy for the cmdlet this time. Counted in busy.txt: a line per cmdlet, with how often still. #>
    param([string] $Cmdlet)
    $path = Get-LabPath -Part 'busy.txt'
    if (-not [IO.File]::Exists($path)) { return $false }
    $busy = $false
    $lines = @(foreach ($line in Use-LabFile { [IO.File]::ReadAllLines($path) }) {
            $name, $left = $line.Split(' ')
            if ($name -eq $Cmdlet -and [int] $left -gt 0) {
                $busy = $true
                "$name $([int] $left - 1)"
            }
            else { $line }
        })
    if ($busy) { Use-LabFile { [IO.File]::WriteAllLines($path, [string[]] $lines) } }
    $busy
}

function Get-LabRefusal {
    <#
    .SYNOPSIS
    The error with which this host refuses the cmdlet, or nothing: no permission, its service is stopped, or what a test staged.
    #>
    param([string] $Cmdlet)
    $lab = Get-LabHost
    if ($lab.Service -ne 'running') { return Get-LostObjectError -Cmdlet $Cmdlet }
    if (Test-LabBusy -Cmdlet $Cmdlet) {
        return Get-HyperVError -Cmdlet $Cmdlet -Id 'OperationFailed' -Category NotSpecified -Message 'The operation failed because the server is busy.'
    }
    $fault = Get-StagedFault -Cmdlet $Cmdlet
    if ($fault) { return Get-StagedError -Cmdlet $Cmdlet -Fault $fault }
    $denied = if ($lab.Denied -is [bool]) { $lab.Denied } else { @($lab.Denied) -contains $Cmdlet }
    if (-not $denied) { return }
    Get-HyperVError -Cmdlet $Cmdlet -Id 'AccessDenied' -Category PermissionDenied -Message (
        'You do not have the required permission to complete this task. Contact the administrator of the ' +
        "authorization policy for the computer '$($lab.ComputerName)'.")
}

function Test-LabRefusal {
    <# .SYNOPSIS Whether this host refuses the call, which has then been told its error and is over. #>
    param([object] $Call, [Management.Automation.PSCmdlet] $Caller)
    $refusal = Get-LabRefusal -Cmdlet $Call.Cmdlet
    if (-not $refusal) { return $false }
    Complete-LabCall -Call $Call -Count 0
    $fault = Get-StagedFault -Cmdlet $Call.Cmdlet
    if ($null -ne $fault -and (Get-Field -Source $fault -Name 'Throws' -Default $false)) { $Caller.ThrowTerminatingError($refusal) }
    $Caller.WriteError($refusal)
    $true
}

function Test-LabConsent {
    <# .SYNOPSIS Whether the cmdlet may change something: -WhatIf and -Confirm are its own. #>
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSShouldProcess', '', Justification = 'The cmdlet that calls has the attribute.')]
    param([Management.Automation.PSCmdlet] $Caller, [string] $Target, [string] $Action)
    $Caller.ShouldProcess($Target, $Action)
}

function Test-LabAnswer {
    <# .SYNOPSIS Asks the user; in a session without one that is an error, which ends the cmdlet. #>
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSShouldProcess', '', Justification = 'The cmdlet that calls has the attribute.')]
    param([Management.Automation.PSCmdlet] $Caller, [string] $Question)
    $Caller.ShouldContinue($Question, 'Confirm')
}
