# What the cmdlets for the life of the machines take from the user, and what they emit.

function Add-LabRequest {
    # Notes a config and the machines of it that were asked for; the pipeline brings them one by one. Returns nothing.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        # Path (absolute) and patterns of machines, of all so far.
        [Parameter(Mandatory)]
        [System.Collections.Specialized.OrderedDictionary] $Request,

        [AllowNull()]
        [string[]] $Path,

        [AllowNull()]
        [string[]] $Machine
    )
    foreach ($file in @(Invoke-PerConfig -Cmdlet $Cmdlet -Path $Path -Script { param($ConfigPath) $ConfigPath })) {
        if (-not $Request.Contains($file)) { $Request[$file] = [System.Collections.Generic.List[string]]::new() }
        foreach ($name in $Machine) { $Request[$file].Add($name) }
    }
}

function Invoke-PerLab {
    # Runs a script for each lab that was asked for, with the lab and the names of its machines that the patterns mean (none
    # for all); emits what it emits. A name that no machine has is an error.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        # Of Add-LabRequest.
        [Parameter(Mandatory)]
        [System.Collections.Specialized.OrderedDictionary] $Request,

        [Parameter(Mandatory)]
        [scriptblock] $Script,

        # Also labs of which nothing was made yet.
        [switch] $MayBegin,

        # The script changes machines: one run at a time does, and another one is told so. A dry run changes nothing.
        [switch] $Change
    )
    foreach ($configPath in @($Request.Keys)) {
        $result = try {
            $lab = Open-RagnaLab -Cmdlet $Cmdlet -ConfigPath $configPath -MayBegin:$MayBegin
            if ($null -ne $lab -and $Change -and -not $WhatIfPreference) {
                $begun = Invoke-RagnaExport lifecycle_begin -Lab $lab @{}
                if ($null -ne $begun.Failure) {
                    Write-RagnaFailure -Cmdlet $Cmdlet -Failure $begun.Failure -Target $configPath
                    Close-RagnaLab -Lab $lab
                    $lab = $null
                }
            }
            if ($null -ne $lab) {
                $names = @(Resolve-MachineName -Cmdlet $Cmdlet -Lab $lab -Pattern $Request[$configPath].ToArray())
                if ($names.Count -gt 0 -or $Request[$configPath].Count -eq 0) { & $Script $lab ([string[]] $names) }
            }
        } catch {
            Stop-RagnaCmdlet -Cmdlet $Cmdlet -Record $_
        } finally {
            Close-RagnaLab -Lab $lab
            $lab = $null
        }
        $result
    }
}

function Resolve-MachineName {
    # The machines of a lab that some names and patterns mean. A name without wildcards that no machine has is an error.
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        [Parameter(Mandatory)]
        [object] $Lab,

        [Parameter(Mandatory)]
        [AllowEmptyCollection()]
        [string[]] $Pattern
    )
    $meant = [System.Collections.Generic.HashSet[string]]::new([System.StringComparer]::Ordinal)
    foreach ($text in $Pattern) {
        $wildcard = Get-NamePattern -Text $text
        $found = @(foreach ($name in $Lab.MachineName) { if ($wildcard.IsMatch($name)) { $name } })
        foreach ($name in $found) { $null = $meant.Add($name) }
        if ($found.Count -eq 0 -and -not [System.Management.Automation.WildcardPattern]::ContainsWildcardCharacters($text)) {
            Write-RagnaFailure -Cmdlet $Cmdlet -Failure (New-RagnaFailure -Code 'MACHINE_NOT_FOUND' -Machine $text `
                    -Message "There is no machine $text, in the config or in the state." -Remedy "There are: $($Lab.MachineName -join ', ').")
        }
    }
    foreach ($name in $Lab.MachineName) { if ($meant.Contains($name)) { $name } }
}

function Invoke-LabGoal {
    # Brings the machines of each lab that was asked for to a goal, and emits one Ragnatramp.MachineResult for each machine.
    [CmdletBinding()]
    [OutputType('Ragnatramp.MachineResult')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        # Of Add-LabRequest.
        [Parameter(Mandatory)]
        [System.Collections.Specialized.OrderedDictionary] $Request,

        # As the library's `lifecycle_plan` takes it.
        [Parameter(Mandatory)]
        [hashtable] $Goal,

        # How long a guest may take to shut down, in seconds.
        [int] $TimeoutSeconds = 120
    )
    $option = @{ Goal = $Goal; TimeoutSeconds = $TimeoutSeconds }
    Invoke-PerLab -Cmdlet $Cmdlet -Request $Request -Change -Script {
        param($Lab, $Machines)
        $results = @(Invoke-LabLifecycle -Cmdlet $Cmdlet -Lab $Lab -Machine $Machines @option)
        Complete-MachineResult -Cmdlet $Cmdlet -Result $results
        $results
    }
}

function New-MachineResult {
    # What became of one machine.
    [CmdletBinding()]
    [OutputType('Ragnatramp.MachineResult')]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '',
        Justification = 'Makes an object and changes nothing.')]
    param(
        [Parameter(Mandatory)]
        [object] $Run,

        [Parameter(Mandatory)]
        [object] $Task
    )
    $action = $Task.Action
    $word = if ($Task.Did.Count -gt 0) { $Task.Did -join ', ' } elseif ($null -ne $Task.Failure) { 'failed' } else { 'none' }
    if ($Task.Did.Count -gt 0 -and $null -ne $Task.Failure) { $word += ', failed' }
    if ($action.kind -eq 'refuse') { $word = 'refused' }
    $vmId = if ($null -ne $Task.VM) { [string] $Task.VM.Id } else { [string] $action.vmId }
    [pscustomobject]@{
        PSTypeName = 'Ragnatramp.MachineResult'
        Machine    = $action.machineName
        Action     = $word
        State      = $null
        Address    = $null
        Hosts      = $null
        Success    = $null -eq $Task.Failure
        Reason     = $action.reason
        Drift      = [string[]] @($action.drift)
        VMName     = $action.vmName
        VMId       = if ($vmId) { [guid] $vmId }
        Project    = $Run.Lab.Project
        ConfigPath = $Run.Lab.ConfigPath
        Headline   = ''
    }
}

function Complete-MachineResult {
    # Fills in what Hyper-V shows of the machines now, and the headline that all of them share: `4 machines: 4 created, 4 started`.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        [Parameter(Mandatory)]
        [AllowEmptyCollection()]
        [object[]] $Result,

        # Of Invoke-RagnaReconcile, or null.
        [object] $Reconcile
    )
    if ($Result.Count -eq 0) { return }
    $machines = Get-HyperVMachine -Cmdlet $Cmdlet
    $states = @{}
    if ($null -eq $machines.Failure) {
        $table = $machines.Output[0]
        for ($row = 0; $row -lt $table.id.Count; $row++) { $states[$table.id[$row]] = $table.state[$row] }
    }
    $hosts = @{}
    if ($null -ne $Reconcile) {
        foreach ($one in $Reconcile.HostSync) { $hosts[[string] $one.MachineName] = [string] $one.Status }
        foreach ($one in $Reconcile.Discovery) {
            foreach ($row in $Result) {
                if ($row.Machine -ceq $one.MachineName -and $null -ne $one.Network) { $row.Address = $one.Network.Ipv4 }
            }
        }
    }
    $counts = [ordered] @{}
    foreach ($row in $Result) {
        $isRemoved = $row.Success -and ($row.Action -split ', ') -ccontains 'removed'
        $row.State = if ($null -ne $machines.Failure) { 'Unknown' }
        elseif ($null -eq $row.VMId -or $isRemoved) { 'NotCreated' }
        elseif ($states.ContainsKey([string] $row.VMId)) { $states[[string] $row.VMId] }
        else { 'Missing' }
        $row.Hosts = $hosts[$row.Machine]
        foreach ($word in $row.Action -split ', ') { if ($word -ne 'none') { $counts[$word] = 1 + [int] $counts[$word] } }
    }
    $named = @(foreach ($row in $Result) { if ('synced', 'unchanged' -contains $row.Hosts) { $row } }).Count
    $parts = @(foreach ($word in $counts.Keys) { "$($counts[$word]) $word" })
    if ($parts.Count -eq 0) { $parts = @('nothing to do') }
    if ($named -gt 0) { $parts += "$named named" }
    $many = if ($Result.Count -eq 1) { '1 machine' } else { "$($Result.Count) machines" }
    foreach ($row in $Result) {
        $row.Headline = "${many}: $($parts -join ', ')"
        # Its view has the columns for addresses and hosts files.
        if ($null -ne $Reconcile) { $row.PSObject.TypeNames.Insert(0, 'Ragnatramp.MachineResult#Named') }
    }
}

function Invoke-StartReconcile {
    # Reconciles a lab whose machines were started. What fails there is a warning here: the machines run.
    [CmdletBinding()]
    [OutputType('Ragnatramp.ReconcileResult')]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUsePSCredentialType', '', Justification = 'It takes a map too.')]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSAvoidUsingPlainTextForPassword', '', Justification = 'A map of credentials.')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        [Parameter(Mandatory)]
        [object] $Lab,

        [Parameter(Mandatory)]
        [object] $Credential,

        [Parameter(Mandatory)]
        [int] $TimeoutSeconds,

        # Machines that could not be made or started: that their VMs are not there or do not run was told by their errors.
        [AllowEmptyCollection()]
        [string[]] $Failed = @()
    )
    $option = @{ Path = $Lab.ConfigPath; Credential = $Credential; TimeoutSeconds = $TimeoutSeconds; Confirm = $false; ErrorAction = 'Continue' }
    foreach ($one in Invoke-RagnaReconcile @option -WarningAction Continue 2>&1 3>&1) {
        if ($one -is [System.Management.Automation.ErrorRecord]) {
            Remove-HandledError -Record $one
            $advice = if ($null -ne $one.ErrorDetails) { $one.ErrorDetails.RecommendedAction }
            $Cmdlet.WriteWarning("Not reconciled: $($one.Exception.Message) $advice".TrimEnd())
        } elseif ($one -is [System.Management.Automation.WarningRecord]) {
            $text = $one.Message
            $isTold = @(foreach ($name in $Failed) { if ($text.StartsWith("${name}: its VM ", [System.StringComparison]::Ordinal)) { $true } }).Count -gt 0
            if (-not $isTold) { $Cmdlet.WriteWarning($text) }
        } else {
            $one
        }
    }
}
