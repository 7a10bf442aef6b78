function Watch-RagnaReconcile {
    <#
    .SYNOPSIS
        Reconciles a lab whenever something changed, until it is stopped.
    .DESCRIPTION
        Looks at Hyper-V once a minute, and at once when Hyper-V tells that a VM was started or stopped. Where a machine, its
        address, the way into its guest or the config is another than at the last reconcile, it reconciles as
        Invoke-RagnaReconcile does, and emits its result: one line for each change. So the names hold while the host restarts,
        sleeps or moves to another network. Ctrl+C ends it and leaves nothing behind.

        An error is told once, and again only after it was gone: while Hyper-V's service is restarted, or the config has
        faults, the watch waits, at most five minutes between two attempts, and goes on by itself. The config is read anew at
        each look. A reconcile that failed is tried again, too.

        A lab has one watch: a second one says which process watches it, waits, and goes on when that one has ended. With
        -WhatIf it runs beside another one. Register-RagnaWatch lets Windows run a watch from each log-on on.
    .PARAMETER Path
        The config file, or the folder it is in (text, no wildcards). Default: ragnatramp.yaml in the current folder or
        in the nearest folder above. Takes files from the pipeline; all of them are watched.
    .PARAMETER PollSeconds
        The time between two looks, in seconds. Default: 60.
    .PARAMETER TimeoutSeconds
        How long a reconcile waits for addresses, in seconds, for all machines together. Default: 60.
    .PARAMETER Credential
        As for Invoke-RagnaReconcile: an account inside the guests that PowerShell Direct enters, or a hashtable of machine
        names and accounts.
    .PARAMETER GuestTimeoutSeconds
        How long each guest may take, in seconds, as for Invoke-RagnaReconcile.
    .PARAMETER GuestTransport
        How guests are reached, as for Invoke-RagnaReconcile.
    .PARAMETER AllowPartial
        Go on without the machines that have no address at the deadline; each of them is a warning then.
    .PARAMETER Log
        Also writes what is told to .ragnatramp\watch.log beside the config: at most 256 KB, and as much in an older file.
    .INPUTS
        System.String, System.IO.FileInfo. You can pipe paths and files to this cmdlet.
    .OUTPUTS
        Ragnatramp.WatchResult. One per change, with the properties of Invoke-RagnaReconcile's result.
    .EXAMPLE
        Watch-RagnaReconcile

        Watches the lab in this folder until Ctrl+C.
    .EXAMPLE
        Watch-RagnaReconcile -WhatIf -Verbose

        Says at each change what would be done, with each question to Hyper-V, and does nothing.
    .EXAMPLE
        Get-ChildItem -Recurse -Filter ragnatramp.yaml | Watch-RagnaReconcile -PollSeconds 300 -Log

        Watches every lab below this folder, with a look each five minutes, and keeps a log beside each.
    .LINK
        Invoke-RagnaReconcile
    .LINK
        Register-RagnaWatch
    #>
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Medium')]
    [OutputType('Ragnatramp.ReconcileResult')]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUsePSCredentialType', '', Justification = 'It takes a map too.')]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSAvoidUsingPlainTextForPassword', '', Justification = 'A map of credentials.')]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSShouldProcess', '', Justification = 'What it calls asks through it.')]
    param(
        [Parameter(Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [Alias('FullName', 'ConfigPath')]
        [ValidateNotNullOrEmpty()]
        [ArgumentCompleter({ & (Microsoft.PowerShell.Core\Get-Command -Name $args[0]).Module Complete-RagnaArgument @args })]
        [string[]] $Path,

        [ValidateRange(1, 86400)]
        [int] $PollSeconds = 60,

        [ValidateRange(0, 3600)]
        [int] $TimeoutSeconds = 60,

        [object] $Credential = [pscredential]::Empty,

        [ValidateRange(1, 300)]
        [int] $GuestTimeoutSeconds,

        [ValidateSet('Auto', 'KeyValuePair', 'PowerShellDirect', 'None')]
        [string] $GuestTransport = 'Auto',

        [switch] $AllowPartial,

        [switch] $Log
    )
    begin {
        Import-RagnaPrivate -Through Watch
        Import-CallerPreference -Cmdlet $PSCmdlet -Bound $PSBoundParameters
        $bound = @{ TimeoutSeconds = $TimeoutSeconds; GuestTransport = $GuestTransport; AllowPartial = [bool] $AllowPartial }
        if ($PSBoundParameters.ContainsKey('GuestTimeoutSeconds')) { $bound.GuestTimeoutSeconds = $GuestTimeoutSeconds }
        try {
            $option = New-ReconcileOption -Credential $Credential @bound
        } catch {
            Stop-RagnaCmdlet -Cmdlet $PSCmdlet -Record $_
        }
        $configs = [System.Collections.Generic.List[string]]::new()
    }
    process {
        foreach ($config in @(Invoke-PerConfig -Cmdlet $PSCmdlet -Path $Path -Script { param($ConfigPath) $ConfigPath })) {
            if (-not $configs.Contains($config)) { $configs.Add($config) }
        }
    }
    end {
        if ($configs.Count -eq 0) { return }
        Invoke-LabWatch -Cmdlet $PSCmdlet -ConfigPath $configs.ToArray() -Option $option -PollSeconds $PollSeconds -Log:$Log
    }
}
