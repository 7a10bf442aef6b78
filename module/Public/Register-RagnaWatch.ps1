function Register-RagnaWatch {
    <#
    .SYNOPSIS
        Lets Windows watch a lab from each log-on on, so that nobody has to type anything after a restart of the host.
    .DESCRIPTION
        Makes a scheduled task of your own that runs Watch-RagnaReconcile for this config half a minute after you log on,
        without a window, and starts it now. It needs no elevation, runs as you and only while you are logged on, also on
        battery, in the edition of PowerShell in which it was registered, with the module as it is installed now: after an
        update of the module or of the config's place, register again. What it tells is in .ragnatramp\watch.log beside the
        config; Get-RagnaStatus shows that a watch runs.

        Nobody is there to give it a password, and none is stored. So it reaches the guests that need none: Linux guests
        through Data Exchange. For Windows guests run Watch-RagnaReconcile -Credential yourself; of two watches over a lab one
        waits until the other has ended.

        It can be run again at any time: a task that is as it should be is left alone, and one that is not is replaced. Each
        config has one task, in the folder \Ragnatramp\ of Task Scheduler. One that this module did not make is never touched.
    .PARAMETER Path
        The config file, or the folder it is in (text, no wildcards). Default: ragnatramp.yaml in the current folder or
        in the nearest folder above. Takes files from the pipeline.
    .PARAMETER PollSeconds
        The time between two looks, in seconds. Default: 60.
    .PARAMETER GuestTransport
        KeyValuePair (the default): Linux guests are told the names through Data Exchange. None: the addresses are recorded,
        and kept in your ssh config where the config asks for that; no guest is entered.
    .PARAMETER AllowPartial
        Go on without the machines that have no address at the deadline.
    .PARAMETER NoStart
        Does not start it now: it begins at the next log-on.
    .INPUTS
        System.String, System.IO.FileInfo. You can pipe paths and files to this cmdlet.
    .OUTPUTS
        Ragnatramp.WatchTask. One per config: Project, ConfigPath, TaskName, TaskPath, Action (what was done: registered,
        updated, started, or none), State (what Task Scheduler says), LastRunTime, LogPath.
    .EXAMPLE
        Register-RagnaWatch

        Watches the lab in this folder from now on.
    .EXAMPLE
        Register-RagnaWatch -PollSeconds 300 -AllowPartial -WhatIf

        Says what would be done, and changes nothing.
    .EXAMPLE
        Get-ChildItem -Recurse -Filter ragnatramp.yaml | Register-RagnaWatch -NoStart

        Watches every lab below this folder from the next log-on on.
    .LINK
        Unregister-RagnaWatch
    .LINK
        Watch-RagnaReconcile
    #>
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Medium')]
    [OutputType('Ragnatramp.WatchTask')]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSShouldProcess', '', Justification = 'What it calls asks through it.')]
    param(
        [Parameter(Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [Alias('FullName', 'ConfigPath')]
        [ValidateNotNullOrEmpty()]
        [ArgumentCompleter({ & (Microsoft.PowerShell.Core\Get-Command -Name $args[0]).Module Complete-RagnaArgument @args })]
        [string[]] $Path,

        [ValidateRange(1, 86400)]
        [int] $PollSeconds = 60,

        [ValidateSet('KeyValuePair', 'None')]
        [string] $GuestTransport = 'KeyValuePair',

        [switch] $AllowPartial,

        [switch] $NoStart
    )
    begin {
        Import-RagnaPrivate
        Import-CallerPreference -Cmdlet $PSCmdlet -Bound $PSBoundParameters
        $option = @{ PollSeconds = $PollSeconds; GuestTransport = $GuestTransport; AllowPartial = [bool] $AllowPartial; NoStart = [bool] $NoStart }
        # The rows of Get-RagnaStatus name their config once for each machine.
        $seen = [System.Collections.Generic.HashSet[string]]::new([System.StringComparer]::OrdinalIgnoreCase)
    }
    process {
        Invoke-PerConfig -Cmdlet $PSCmdlet -Path $Path -Script {
            param($ConfigPath)
            if ($seen.Add($ConfigPath)) { Register-LabTask -Cmdlet $Cmdlet -ConfigPath $ConfigPath -Option $option }
        }
    }
}
