function ragnatramp {
    <#
    .SYNOPSIS
        The command line of Ragnatramp, for consoles, scripts and CI: ragnatramp up, halt, destroy, status and so on.
    .DESCRIPTION
        Takes the words of the ragnatramp 0.1.0 command line and does with the module's cmdlets what they ask for:

        ragnatramp COMMAND [FILE] [MACHINE...] [OPTIONS]

        validate    checks the config                            (Test-RagnaConfig)
        plan        says what up would do                        (Get-RagnaPlan)
        up          creates, starts and names the machines       (Start-RagnaMachine)
        status      shows the machines                           (Get-RagnaStatus)
        halt        shuts machines down: MACHINE or --all        (Stop-RagnaMachine)
        destroy     removes machines: MACHINE or --all; no asking (Remove-RagnaMachine)
        checkpoint  makes a checkpoint: --name NAME              (Checkpoint-RagnaMachine)
        restore     takes machines back to it: --name NAME; no asking (Restore-RagnaMachine)
        reconcile   brings the names up to date                  (Invoke-RagnaReconcile)

        FILE is the config or its folder; without it, it is searched as the cmdlets do. A first word that is no file, has no slash and
        does not end in .yaml is a machine. ragnatramp COMMAND --help tells the options of a command.

        What is told goes to the output as text. Failures (a cross before them) are errors and never end a script, whatever its
        $ErrorActionPreference is; warnings and --verbose go to their streams. With --json the output is one object, failures are in it
        (error, and errors where there are several) and no errors are written. Preference variables ($WhatIfPreference and the like) do
        not count: --dry-run does.

        For cmd and CI there is ragnatramp.cmd in the module's folder, which runs this in PowerShell 7, or else in Windows PowerShell;
        failures, warnings and --verbose go to standard error there.

        $LASTEXITCODE (%ERRORLEVEL% in cmd) is 0: done; 1: the user can correct what stood in the way (the words, the config, an image, a
        VM that is not ours, a machine without an address); 2: the system stood in the way (Hyper-V, rights, the state file, a guest).
        Where several things failed, the higher one counts; warnings do not. It is the same in every command.
    .INPUTS
        None.
    .OUTPUTS
        System.String. Lines of text, or with --json one text.
    .EXAMPLE
        ragnatramp up lab.yaml

        Creates and starts the machines of lab.yaml.
    .EXAMPLE
        ragnatramp up --json | ConvertFrom-Json

        Does the same with the config that is found, and takes what was done as an object.
    .EXAMPLE
        ragnatramp halt web; if ($LASTEXITCODE -ne 0) { throw 'web still runs' }

        Shuts a machine down, and ends a script where that failed.
    .LINK
        Start-RagnaMachine
    .LINK
        Get-RagnaStatus
    #>

    # No parameters, so that -h and -V are words like --help, and not the beginnings of -Verbose and the like.
    Import-RagnaPrivate
    $end = @{ Code = 2 }
    try {
        Invoke-CommandLine -Word @(ConvertTo-CommandWord -InputObject $args) | Microsoft.PowerShell.Core\ForEach-Object {
            $told = $_
            switch ($told.Kind) {
                'Text' { $told.Text }
                'Error' { Microsoft.PowerShell.Utility\Write-Error -ErrorRecord $told.Record -ErrorAction Continue }
                'Warning' { Microsoft.PowerShell.Utility\Write-Warning -Message $told.Text -WarningAction Continue }
                'Verbose' { Microsoft.PowerShell.Utility\Write-Verbose -Message $told.Text -Verbose }
                'Exit' { $end.Code = $told.Code }
            }
        }
    } finally {
        # Where PowerShell keeps the exit code of what was run last, and scripts look for it after a command line.
        $global:LASTEXITCODE = $end.Code
    }
}
