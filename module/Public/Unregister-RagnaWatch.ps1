function Unregister-RagnaWatch {
    <#
    .SYNOPSIS
        Ends the watch that Register-RagnaWatch began, and removes its scheduled task.
    .DESCRIPTION
        Stops the task of this config and removes exactly that one; the lab and its log stay as they are. A task is known by
        what Register-RagnaWatch wrote into its description, so that it is also found when its config was broken, deleted or
        given another project name since. One that this module did not make is never touched. Where there is none, nothing is
        done.

        A watch that runs in a window of its own is ended there, with Ctrl+C.
    .PARAMETER Path
        The config file, or the folder it is in (text, no wildcards). Default: ragnatramp.yaml in the current folder or
        in the nearest folder above. Takes files from the pipeline.
    .INPUTS
        System.String, System.IO.FileInfo. You can pipe paths and files to this cmdlet.
    .OUTPUTS
        Ragnatramp.WatchTask, as of Register-RagnaWatch. Action is removed, or none.
    .EXAMPLE
        Unregister-RagnaWatch -WhatIf

        Says which task would be removed, and changes nothing.
    .EXAMPLE
        Unregister-RagnaWatch

        Ends the watch over the lab in this folder.
    .EXAMPLE
        Get-ChildItem -Recurse -Filter ragnatramp.yaml | Unregister-RagnaWatch

        Ends the watch over every lab below this folder.
    .LINK
        Register-RagnaWatch
    #>
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Medium')]
    [OutputType('Ragnatramp.WatchTask')]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSShouldProcess', '', Justification = 'What it calls asks through it.')]
    param(
        [Parameter(Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [Alias('FullName', 'ConfigPath')]
        [ValidateNotNullOrEmpty()]
        [ArgumentCompleter({ & (Microsoft.PowerShell.Core\Get-Command -Name $args[0]).Module Complete-RagnaArgument @args })]
        [string[]] $Path
    )
    begin {
        Import-RagnaPrivate
        Import-CallerPreference -Cmdlet $PSCmdlet -Bound $PSBoundParameters
        # The rows of Get-RagnaStatus name their config once for each machine.
        $seen = [System.Collections.Generic.HashSet[string]]::new([System.StringComparer]::OrdinalIgnoreCase)
    }
    process {
        Invoke-PerConfig -Cmdlet $PSCmdlet -Path $Path -Script {
            param($ConfigPath)
            if ($seen.Add($ConfigPath)) { Unregister-LabTask -Cmdlet $Cmdlet -ConfigPath $ConfigPath }
        }
    }
}
