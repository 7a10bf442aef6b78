# `ragnatramp`: words in, the module's cmdlets called, texts or JSON out. What is told is emitted as objects with Kind and Text (Text,
# Warning, Verbose), Record (Error) or Code (Exit), which the function puts where they belong.

function Invoke-CommandLine {
    # Does what the words ask for. The last that is emitted is the exit code.
    [CmdletBinding()]
    [OutputType('Ragnatramp.Told')]
    param(
        [Parameter(Mandatory)]
        [AllowEmptyCollection()]
        [AllowEmptyString()]
        [string[]] $Word
    )
    # Errors are told and never end the caller's script; whatever the session prefers, nothing is asked.
    $ErrorActionPreference = $WarningPreference = 'Continue'
    $asked = ConvertFrom-CommandWord -Cmdlet $PSCmdlet -Word $Word
    if ($asked.Version) {
        New-Told -Text ([string] (Microsoft.PowerShell.Core\Get-Module -Name Ragnatramp).Version)
        return New-Told -ExitCode 0
    }
    if ($asked.Help) {
        foreach ($line in Get-CommandUsage -Command $asked.Command) { New-Told -Text $line }
        return New-Told -ExitCode 0
    }
    if ($null -eq $asked.Command -and $null -eq $asked.Fault) {
        foreach ($line in Get-CommandUsage) { New-Told -Text $line }
        return New-Told -ExitCode 1
    }
    $run = [pscustomobject]@{
        PSTypeName = 'Ragnatramp.CommandRun'; Asked = $asked; IsJson = $asked.Switch.Contains('--json')
        IsDry = $asked.Switch.Contains('--dry-run'); ConfigPath = $null; Config = $null
        Output = [System.Collections.Generic.List[object]]::new(); Failure = [System.Collections.Generic.List[object]]::new()
    }
    if ($null -ne $asked.Fault) {
        $see = if ($asked.Command -and $script:CommandLineCommand.Contains($asked.Command)) { "ragnatramp $($asked.Command) --help" } else { 'ragnatramp --help' }
        Add-RunFailure -Run $run -Record (ConvertTo-RagnaErrorRecord -Failure (New-RagnaFailure -Code 'INVALID_USAGE' `
                    -Message $asked.Fault -Remedy "See $see"))
    } else {
        Invoke-RequestedCommand -Cmdlet $PSCmdlet -Run $run
    }
    if ($run.IsJson) { New-Told -Text (ConvertTo-CommandJson -InputObject (Get-RunDocument -Run $run)) }
    $codes = @(foreach ($one in $run.Failure) { $one.ExitCode })
    New-Told -ExitCode ([System.Linq.Enumerable]::Max([int[]] (@(0) + $codes)))
}

function New-Told {
    # One thing that is told.
    [CmdletBinding()]
    [OutputType('Ragnatramp.Told')]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '',
        Justification = 'Makes an object and changes nothing.')]
    param(
        [AllowEmptyString()]
        [string] $Text,

        [ValidateSet('Text', 'Warning', 'Verbose')]
        [string] $Kind = 'Text',

        [System.Management.Automation.ErrorRecord] $Record,

        [int] $ExitCode
    )
    if ($PSBoundParameters.ContainsKey('ExitCode')) {
        [pscustomobject]@{ PSTypeName = 'Ragnatramp.Told'; Kind = 'Exit'; Code = $ExitCode }
    } elseif ($null -ne $Record) {
        [pscustomobject]@{ PSTypeName = 'Ragnatramp.Told'; Kind = 'Error'; Record = $Record }
    } else {
        [pscustomobject]@{ PSTypeName = 'Ragnatramp.Told'; Kind = $Kind; Text = $Text }
    }
}

function Invoke-RequestedCommand {
    # Checks the config, calls the cmdlet of the command, and tells in words what came of it.
    [CmdletBinding()]
    [OutputType('Ragnatramp.Told')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        [Parameter(Mandatory)]
        [object] $Run
    )
    $command = $Run.Asked.Command
    try {
        $Run.ConfigPath = Resolve-ConfigPath -Cmdlet $Cmdlet -Path $Run.Asked.Path
    } catch {
        # A drive that is not there: the cmdlet tells it.
        Remove-HandledError -Record $_
        $Run.ConfigPath = $Run.Asked.Path
    }
    $shown = if ($Run.Asked.Path) { $Run.Asked.Path } else { $Run.ConfigPath }
    Write-RunText -Run $Run -Text $(if ($command -ceq 'validate') { "Validating configuration: $shown" } else { "Loading configuration: $shown" })
    $isTold = $command -ceq 'validate'
    Invoke-RunCmdlet -Run $Run -Script {
        Test-RagnaConfig -Path $Run.ConfigPath -ErrorAction Continue -WarningAction $(if ($isTold) { 'Continue' } else { 'SilentlyContinue' })
    }
    $Run.Config = @(foreach ($one in $Run.Output) { $one }) | Microsoft.PowerShell.Utility\Select-Object -First 1
    $Run.Output.Clear()
    if ($Run.Failure.Count -gt 0) { return }
    if (-not $isTold) {
        if ($command -cne 'status') { Write-RunText -Run $Run -Text "$([char] 0x2713) Configuration validated" }
        Invoke-CommandCmdlet -Run $Run
    }
    if ($Run.IsDry -and $command -cne 'reconcile') { Add-RefusalFailure -Run $Run }
    foreach ($line in Get-CommandText -Run $Run) { Write-RunText -Run $Run -Text $line }
}

function Invoke-CommandCmdlet {
    # Calls the cmdlet of a command with the parameters that the words mean. A dry run is the plan for the same goal.
    [CmdletBinding()]
    [OutputType('Ragnatramp.Told')]
    param(
        [Parameter(Mandatory)]
        [object] $Run
    )
    $asked = $Run.Asked
    $common = @{ Path = $Run.ConfigPath; ErrorAction = 'Continue'; WarningAction = 'Continue'; Verbose = $asked.Switch.Contains('--verbose') }
    if ($asked.Machine.Count -gt 0) { $common.Machine = $asked.Machine }
    $named = @{ Name = $asked.Name }
    $force = @{ Force = $asked.Switch.Contains('--force') }
    $off = if ($force.Force) { @{ TurnOff = $true } } else { @{} }
    # -WhatIf too: the session's preference must not turn a command into a dry run that says it was done.
    $changes = @{ Confirm = $false; WhatIf = $false }
    $script = switch -CaseSensitive ("$($asked.Command)$(if ($Run.IsDry) { ' dry' })") {
        'plan' { { Get-RagnaPlan @common @force } }
        'up' { { Start-RagnaMachine @common @changes @force } }
        'up dry' { { Get-RagnaPlan @common @force } }
        'status' { { Get-RagnaStatus @common } }
        'halt' { { Stop-RagnaMachine @common @changes @off } }
        'halt dry' { { Get-RagnaPlan @common -For Stop } }
        'destroy' { { Remove-RagnaMachine @common @changes } }
        'destroy dry' { { Get-RagnaPlan @common -For Remove } }
        'checkpoint' { { Checkpoint-RagnaMachine @common @changes @named } }
        'checkpoint dry' { { Get-CheckpointPlan @common @named -Kind checkpoint } }
        'restore' { { Restore-RagnaMachine @common @changes @named } }
        'restore dry' { { Get-CheckpointPlan @common @named -Kind restore } }
        'reconcile' { { Invoke-RagnaReconcile @common @changes } }
        'reconcile dry' { { Get-ReconcilePlan @common } }
    }
    # The script sees the variables of here, since it is run from here.
    Invoke-RunCmdlet -Run $Run -Script $script
}

function Get-CheckpointPlan {
    # What Checkpoint- and Restore-RagnaMachine would do, as Get-RagnaPlan tells it of the others.
    [CmdletBinding()]
    [OutputType('Ragnatramp.PlannedAction')]
    param(
        [Parameter(Mandatory)]
        [string] $Path,

        [string[]] $Machine,

        [Parameter(Mandatory)]
        [string] $Name,

        [Parameter(Mandatory)]
        [ValidateSet('checkpoint', 'restore')]
        [string] $Kind
    )
    $request = [ordered] @{}
    $goal = @{ kind = $Kind; name = $Name }
    Add-LabRequest -Cmdlet $PSCmdlet -Request $request -Path $Path -Machine $Machine
    Invoke-PerLab -Cmdlet $PSCmdlet -Request $request -Script {
        param($Lab, $Machines)
        Get-PlannedAction -Cmdlet $Cmdlet -Lab $Lab -Goal $goal -Machine $Machines
    }
}

function Get-ReconcilePlan {
    # What Invoke-RagnaReconcile would do, as its -WhatIf answers it.
    [CmdletBinding()]
    [OutputType('Ragnatramp.ReconcileResult')]
    param(
        [Parameter(Mandatory)]
        [string] $Path
    )
    $option = New-ReconcileOption -Credential ([pscredential]::Empty) -TimeoutSeconds 60 -GuestTransport Auto -AllowPartial $false -SilentDryRun
    Invoke-PerConfig -Cmdlet $PSCmdlet -Path $Path -Script {
        param($ConfigPath)
        Invoke-ConfigReconcile -Cmdlet $Cmdlet -ConfigPath $ConfigPath -Option $option
    }
}

function Invoke-RunCmdlet {
    # Runs a cmdlet: keeps what it emits in the run, and tells its errors, warnings and verbose messages as they come. An error that ends
    # the cmdlet is told like one that does not.
    [CmdletBinding()]
    [OutputType('Ragnatramp.Told')]
    param(
        [Parameter(Mandatory)]
        [object] $Run,

        [Parameter(Mandatory)]
        [scriptblock] $Script
    )
    $isVerbose = $Run.Asked.Switch.Contains('--verbose')
    try {
        & $Script 2>&1 3>&1 4>&1 | Microsoft.PowerShell.Core\ForEach-Object {
            if ($_ -is [System.Management.Automation.ErrorRecord]) {
                Add-RunFailure -Run $Run -Record $_
            } elseif ($_ -is [System.Management.Automation.WarningRecord]) {
                New-Told -Kind Warning -Text $_.Message
            } elseif ($_ -is [System.Management.Automation.VerboseRecord]) {
                if ($isVerbose) { New-Told -Kind Verbose -Text $_.Message }
            } else {
                $Run.Output.Add($_)
            }
        }
    } catch {
        Add-RunFailure -Run $Run -Record $_
    }
}

function Add-RunFailure {
    # Notes an error with its exit code, and tells it as text unless JSON was asked for, which has it. Halt, destroy and status of a lab
    # of which nothing was made have nothing to do: that is no failure, and told as text.
    [CmdletBinding()]
    [OutputType('Ragnatramp.Told')]
    param(
        [Parameter(Mandatory)]
        [object] $Run,

        [Parameter(Mandatory)]
        [System.Management.Automation.ErrorRecord] $Record
    )
    Remove-HandledError -Record $Record
    $code = $Record.FullyQualifiedErrorId.Split(',')[0]
    if ($code -ceq 'STATE_NOT_FOUND' -and 'halt', 'destroy', 'status' -ccontains $Run.Asked.Command) { return }
    $isKnown = $script:RagnaErrorCode.ContainsKey($code)
    $message = $Record.Exception.GetBaseException().Message
    $hasFaults = $code -ceq 'CONFIG_VALIDATION_FAILED'
    $failure = [pscustomobject]@{
        PSTypeName = 'Ragnatramp.CommandFailure'
        Code       = if ($isKnown) { $code } else { 'INTERNAL' }
        Message    = $message
        Suggestion = if ($null -ne $Record.ErrorDetails -and $Record.ErrorDetails.RecommendedAction) { $Record.ErrorDetails.RecommendedAction }
        Target     = if ($Record.TargetObject -is [string]) { $Record.TargetObject }
        ExitCode   = if ($isKnown) { $script:RagnaErrorCode[$code][1] } else { 2 }
        HasFaults  = $hasFaults
        Shown      = if ($hasFaults -and $null -ne $Record.ErrorDetails) { $Record.ErrorDetails.Message }
    }
    $Run.Failure.Add($failure)
    if (-not $Run.IsJson) { New-Told -Record (ConvertTo-ToldError -Failure $failure) }
}

function ConvertTo-ToldError {
    # The ErrorRecord of a failure, whose text is the one of the command line: a cross and the message, and how to correct it.
    [CmdletBinding()]
    [OutputType([System.Management.Automation.ErrorRecord])]
    param(
        [Parameter(Mandatory)]
        [object] $Failure
    )
    $category, $null = $script:RagnaErrorCode[$Failure.Code]
    $record = [System.Management.Automation.ErrorRecord]::new(
        [System.InvalidOperationException]::new($Failure.Message), $Failure.Code, $category, $Failure.Target)
    $text = if ($Failure.Shown) { $Failure.Shown } else { $Failure.Message }
    $text = "$([char] 0x2717) $text"
    if ($Failure.Suggestion -and -not $text.Contains($Failure.Suggestion)) { $text += "$([Environment]::NewLine)  Fix: $($Failure.Suggestion)" }
    $record.ErrorDetails = [System.Management.Automation.ErrorDetails]::new($text)
    $record
}

function Add-RefusalFailure {
    # Of a dry run: what would be refused fails it, as it would fail the run.
    [CmdletBinding()]
    [OutputType('Ragnatramp.Told')]
    param(
        [Parameter(Mandatory)]
        [object] $Run
    )
    foreach ($action in $Run.Output) {
        if ($action.Action -ceq 'refuse') {
            $failure = New-RagnaFailure -Code $action.Code -Message $action.Reason -Remedy $action.Remedy -Machine $action.Machine
            Add-RunFailure -Run $Run -Record (ConvertTo-RagnaErrorRecord -Failure $failure)
        }
    }
}

function Write-RunText {
    # Tells a line of text, where text was asked for.
    [CmdletBinding()]
    [OutputType('Ragnatramp.Told')]
    param(
        [Parameter(Mandatory)]
        [object] $Run,

        [Parameter(Mandatory)]
        [AllowEmptyString()]
        [string] $Text
    )
    if (-not $Run.IsJson) { New-Told -Text $Text }
}
