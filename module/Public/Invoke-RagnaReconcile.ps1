function Invoke-RagnaReconcile {
    <#
    .SYNOPSIS
        Discovers the address of every machine of a lab, records it, and writes the names into every running guest.
    .DESCRIPTION
        Hyper-V's Default Switch hands out new addresses at every restart of the host. For each ragnatramp.yaml this
        cmdlet asks Hyper-V for the address of every running machine (and the host's neighbour table for those that
        tell it none), records what it found in .ragnatramp\state.json beside the config, and brings a managed block in
        the hosts file of every running guest up to date, so that the machines know each other by name again.

        It changes nothing but that state file and that block, only in machines that were made from this config, and
        can be run again at any time. With -WhatIf it does the same discovery and answers the same object, but writes
        nothing and enters no guest; -WhatIf -Verbose also shows what each guest's hosts file would become. No elevation
        is needed: membership in Hyper-V Administrators is enough.

        A machine that runs but has no IPv4 address at the deadline fails the run for its config: nothing is recorded
        and no guest is entered, unless -AllowPartial is given. Every fault of a config or a machine is an error of its
        own that does not end the pipeline; its ErrorId is one of the codes in about_Ragnatramp_Errors.
    .PARAMETER Path
        The config file, or the folder it is in (text, no wildcards). Default: ragnatramp.yaml in the current folder or
        in the nearest folder above. Takes files from the pipeline.
    .PARAMETER TimeoutSeconds
        How long to wait for addresses, in seconds, for all machines together. 0 takes one snapshot. Default: 60.
    .PARAMETER PollSeconds
        The time between two snapshots of Hyper-V, in seconds. Default: 3.
    .PARAMETER Credential
        An account inside the guests (an administrator there). PowerShell Direct, which reaches Windows guests, needs it, and
        every guest that is entered sees it, whatever it really is; one that is known to run Linux is not entered. A credential, or a user name, for which the password is asked, counts for all
        guests. A hashtable of machine names (wildcards are allowed) gives each guest an account of its own: the first name
        that fits counts, in the order of an [ordered] hashtable; a plain one has no order, so there exact names come before
        those with wildcards. A machine that no name fits, or whose value is null, is not entered by PowerShell Direct.
    .PARAMETER GuestTimeoutSeconds
        How long each guest may take to be read, and again to be written, or to acknowledge, in seconds (1 to 300). Default: 30
        for PowerShell Direct, whose first session with a guest takes 6 to 30 s, and 5 for Data Exchange.
    .PARAMETER GuestTransport
        How guests are reached. Auto (the default) takes for each guest what is known to reach it: KeyValuePair
        (Hyper-V's Data Exchange) where Export-RagnaGuest's script answers, PowerShellDirect for Windows guests where a
        credential is given. None records the addresses and enters no guest.
    .PARAMETER AllowPartial
        Go on without the machines that have no address at the deadline; each of them is a warning then.
    .INPUTS
        System.String, System.IO.FileInfo. You can pipe paths and files to this cmdlet.
    .OUTPUTS
        Ragnatramp.ReconcileResult. One per config: Success, DryRun, Project, ConfigPath, Discovery, Diffs, HostsBlock,
        HostSync, Summary, Warnings.
    .EXAMPLE
        Invoke-RagnaReconcile -WhatIf

        Says what would be recorded and which guests would be written to, and changes nothing.
    .EXAMPLE
        Invoke-RagnaReconcile -Credential (Get-Credential Administrator)

        Records the addresses of the lab in this folder and updates the hosts file of its Windows guests.
    .EXAMPLE
        $accounts = [ordered]@{ 'dc' = Get-Credential LAB\Administrator; 'web*' = Get-Credential .\Administrator; '*' = $null }
        Invoke-RagnaReconcile -Credential $accounts -GuestTimeoutSeconds 60

        Enters the guest dc with one account, those whose names begin with web with another, and no other Windows guest. The
        credentials can as well come from a vault: 'dc' = Get-Secret lab-dc
    .EXAMPLE
        Get-ChildItem -Recurse -Filter ragnatramp.yaml | Invoke-RagnaReconcile | Select-Object -ExpandProperty HostSync

        Does it for every lab below this folder and shows what became of each guest.
    .LINK
        Get-RagnaStatus
    #>
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Medium')]
    [OutputType('Ragnatramp.ReconcileResult')]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUsePSCredentialType', '', Justification = 'It takes a map too.')]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSAvoidUsingPlainTextForPassword', '', Justification = 'A map of credentials.')]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSShouldProcess', '',
        Justification = 'What it calls asks through it.')]
    param(
        [Parameter(Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [Alias('FullName')]
        [ValidateNotNullOrEmpty()]
        [ArgumentCompleter({ & (Microsoft.PowerShell.Core\Get-Command -Name $args[0]).Module Complete-RagnaArgument @args })]
        [string[]] $Path,

        [ValidateRange(0, 3600)]
        [int] $TimeoutSeconds = 60,

        [ValidateRange(1, 60)]
        [int] $PollSeconds = 3,

        [object] $Credential = [pscredential]::Empty,

        [ValidateRange(1, 300)]
        [int] $GuestTimeoutSeconds,

        [ValidateSet('Auto', 'KeyValuePair', 'PowerShellDirect', 'None')]
        [string] $GuestTransport = 'Auto',

        [switch] $AllowPartial
    )
    begin {
        Import-RagnaPrivate -Through Reconcile
        Import-CallerPreference -Cmdlet $PSCmdlet -Bound $PSBoundParameters
        $bound = @{ TimeoutSeconds = $TimeoutSeconds; PollSeconds = $PollSeconds; GuestTransport = $GuestTransport; AllowPartial = [bool] $AllowPartial }
        if ($PSBoundParameters.ContainsKey('GuestTimeoutSeconds')) { $bound.GuestTimeoutSeconds = $GuestTimeoutSeconds }
        try {
            $option = New-ReconcileOption -Credential $Credential @bound
        } catch {
            Stop-RagnaCmdlet -Cmdlet $PSCmdlet -Record $_
        }
    }
    process {
        Invoke-PerConfig -Cmdlet $PSCmdlet -Path $Path -Script {
            param($ConfigPath)
            Invoke-ConfigReconcile -Cmdlet $Cmdlet -ConfigPath $ConfigPath -Option $option
        }
    }
}
