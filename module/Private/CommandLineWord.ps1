# The words of `ragnatramp`: which there are, and what they ask for.

# The commands: what each does, whether machines can be named, and its options beside --help.
$script:CommandLineCommand = [ordered] @{
    validate   = @{ Does = 'Check the config'; Machine = $false; Option = @('--json') }
    plan       = @{ Does = 'Say what up would do'; Machine = $true; Option = @('--json', '--verbose', '--force') }
    up         = @{ Does = 'Create, start and name the machines'; Machine = $true; Option = @('--json', '--verbose', '--dry-run', '--force') }
    status     = @{ Does = 'Show the machines'; Machine = $true; Option = @('--json', '--verbose') }
    halt       = @{ Does = 'Shut machines down'; Machine = $true; Option = @('--all', '--json', '--verbose', '--dry-run', '--force') }
    destroy    = @{ Does = 'Remove machines, without asking'; Machine = $true; Option = @('--all', '--json', '--verbose', '--dry-run', '--force') }
    checkpoint = @{ Does = 'Make a checkpoint of the machines'; Machine = $true; Option = @('--name', '--json', '--verbose', '--dry-run') }
    restore    = @{ Does = 'Take machines back to a checkpoint, without asking'; Machine = $true; Option = @('--name', '--json', '--verbose', '--dry-run', '--force') }
    reconcile  = @{ Does = 'Bring addresses and hosts files up to date'; Machine = $false; Option = @('--json', '--verbose', '--dry-run') }
}

$script:CommandLineOption = [ordered] @{
    '--all'     = 'all machines'
    '--name'    = 'the name of the checkpoint'
    '--json'    = 'one JSON object as the output'
    '--verbose' = 'also tell each call of Hyper-V'
    '--dry-run' = 'say what would be done, and change nothing'
    '--force'   = 'up, plan: also change machines that are off to what the config says; halt: cut the power; else nothing more'
    '--help'    = 'this text (-h)'
}

function ConvertTo-CommandWord {
    # The words as they were typed: PowerShell makes a number of 1.10 and a list of a,b.
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)]
        [AllowEmptyCollection()]
        [object[]] $InputObject
    )
    foreach ($one in $InputObject) {
        if ($one -is [array]) { @(foreach ($part in $one) { [string] $part }) -join ',' } else { [string] $one }
    }
}

function ConvertFrom-CommandWord {
    # What the words ask for: Command, Path (as typed, or null), Machine, Name, Switch (the options), Help, Version, and Fault: what is
    # wrong with them, or null. Whether a word is a path or a machine depends on what is on the disk, too.
    [CmdletBinding()]
    [OutputType('Ragnatramp.CommandRequest')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        [Parameter(Mandatory)]
        [AllowEmptyCollection()]
        [AllowEmptyString()]
        [string[]] $Word
    )
    $asked = [pscustomobject]@{
        PSTypeName = 'Ragnatramp.CommandRequest'; Command = $null; Path = $null; Machine = [string[]] @(); Name = $null
        Switch = [System.Collections.Generic.HashSet[string]]::new([System.StringComparer]::Ordinal); Help = $false; Version = $false; Fault = $null
    }
    $plain = [System.Collections.Generic.List[string]]::new()
    for ($index = 0; $index -lt $Word.Count; $index++) {
        $one = $Word[$index]
        $isNamed = $one -clike '--name=*'
        if ($isNamed) {
            $asked.Name = $one.Substring('--name='.Length)
        } elseif ($one -ceq '--name') {
            $index++
            if ($index -lt $Word.Count) { $asked.Name = $Word[$index] } else { $asked.Fault = "option '--name <n>' argument missing" }
        } elseif ('-h', '--help' -ccontains $one) {
            $asked.Help = $true
        } elseif ('-V', '--version' -ccontains $one) {
            $asked.Version = $true
        } elseif ($one.StartsWith('-', [System.StringComparison]::Ordinal)) {
            $null = $asked.Switch.Add($one)
        } elseif ($one.Trim() -eq '') {
            # A variable that nobody set must not become "the config that is found".
            $asked.Fault = 'one of the words is empty'
        } else {
            $plain.Add($one)
        }
        if ($isNamed -or $one -ceq '--name') { $null = $asked.Switch.Add('--name') }
    }
    if ($plain.Count -gt 0 -and $plain[0] -ceq 'help') {
        $asked.Help = $true
        $plain.RemoveAt(0)
    }
    if ($plain.Count -gt 0) {
        $asked.Command = $plain[0]
        $plain.RemoveAt(0)
    }
    if ($null -eq $asked.Command -or $null -ne $asked.Fault) { return $asked }
    if (@($script:CommandLineCommand.Keys) -cnotcontains $asked.Command) {
        $asked.Fault = "unknown command '$($asked.Command)'"
        return $asked
    }
    $command = $script:CommandLineCommand[$asked.Command]
    foreach ($one in $asked.Switch) {
        if ($command.Option -cnotcontains $one) { $asked.Fault = "unknown option '$one' for $($asked.Command)" }
    }
    if ($plain.Count -gt 0 -and (-not $command.Machine -or (Test-PathWord -Cmdlet $Cmdlet -Word $plain[0]))) {
        $asked.Path = $plain[0]
        $plain.RemoveAt(0)
    }
    $asked.Machine = $plain.ToArray()
    if ($null -eq $asked.Fault) { $asked.Fault = Get-RequestFault -Request $asked }
    $asked
}

function Test-PathWord {
    # Whether a word is the path of a config and not the name of a machine.
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        [Parameter(Mandatory)]
        [string] $Word
    )
    if ($Word -match '[\\/:]|\.ya?ml$') { return $true }
    # Neither: then it is a machine, perhaps with wildcards.
    $path = [System.IO.Path]::Combine($Cmdlet.SessionState.Path.CurrentFileSystemLocation.ProviderPath, '.')
    if ($Word.IndexOfAny([char[]] '*?[]<>|"') -ge 0) { return $false }
    $path = [System.IO.Path]::Combine($path, $Word)
    [System.IO.File]::Exists($path) -or [System.IO.Directory]::Exists($path)
}

function Get-RequestFault {
    # What is wrong with words that are all known, or null.
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)]
        [object] $Request
    )
    $options = $script:CommandLineCommand[$Request.Command].Option
    if ($Request.Machine.Count -gt 0 -and -not $script:CommandLineCommand[$Request.Command].Machine) {
        return "too many arguments for $($Request.Command): $($Request.Machine -join ' ')"
    }
    if ($options -ccontains '--name' -and [string]::IsNullOrWhiteSpace($Request.Name)) {
        return "required option '--name <n>' not specified"
    }
    if ($options -ccontains '--all') {
        $isAll = $Request.Switch.Contains('--all')
        if ($isAll -and $Request.Machine.Count -gt 0) { return 'name machines or give --all, not both' }
        if (-not $isAll -and $Request.Machine.Count -eq 0) { return 'name a machine or give --all' }
    }
}

function Get-CommandUsage {
    # The lines of --help: of one command, or of all.
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [AllowNull()]
        [AllowEmptyString()]
        [string] $Command
    )
    $isKnown = $Command -and @($script:CommandLineCommand.Keys) -ccontains $Command
    if (-not $isKnown) {
        'Usage: ragnatramp <command> [file] [machine...] [options]'
        ''
        'Commands:'
        foreach ($name in $script:CommandLineCommand.Keys) { "  $($name.PadRight(12))$($script:CommandLineCommand[$name].Does)" }
        ''
        'file: the config or its folder; without it, ragnatramp.yaml here or in the nearest folder above.'
        'Exit codes: 0 done, 1 you can correct it, 2 the system stood in the way.'
        'Options of a command: ragnatramp <command> --help    Version: --version (-V)'
        return
    }
    $one = $script:CommandLineCommand[$Command]
    $machine = if (-not $one.Machine) { '' } elseif ($one.Option -ccontains '--all') { ' <machine... | --all>' } else { ' [machine...]' }
    $name = if ($one.Option -ccontains '--name') { ' --name <n>' } else { '' }
    "Usage: ragnatramp $Command [file]$machine$name [options]"
    ''
    "$($one.Does)."
    ''
    'Options:'
    foreach ($option in $script:CommandLineOption.Keys) {
        if ($option -ceq '--help' -or $one.Option -ccontains $option) { "  $($option.PadRight(12))$($script:CommandLineOption[$option])" }
    }
}
