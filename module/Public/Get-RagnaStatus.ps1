function Get-RagnaStatus {
    <#
    .SYNOPSIS
        Shows the machines of a lab: what Hyper-V says of them now, and what was recorded of their network.
    .DESCRIPTION
        Emits one object per machine of the config, and one for each machine that only the state knows. Hyper-V is
        asked once, for all of them. Where it does not answer, the rows tell what the state knows, with a warning, and an
        error comes behind them.
        The property names bind to other cmdlets: Id to Get-VM, VMId to Enter-PSSession, ComputerName (the address) to
        Test-Connection and the like.
    .PARAMETER Path
        The config file, or the folder it is in (text, no wildcards). Default: ragnatramp.yaml in the current folder or
        in the nearest folder above. Takes files from the pipeline.
    .PARAMETER Machine
        Names of machines, with wildcards. Default: all.
    .INPUTS
        System.String, System.IO.FileInfo. You can pipe paths and files to this cmdlet.
    .OUTPUTS
        Ragnatramp.MachineStatus. One per machine. GuestTransport says what reaches a
        running guest (KeyValuePair or PowerShellDirect), or what is missing. Watched says whether a watch runs over the lab
        (Watch-RagnaReconcile, or the task of Register-RagnaWatch), WatchedSince since when, WatchedBy in which process.
    .EXAMPLE
        Get-RagnaStatus

        Shows the machines of the lab in this folder.
    .EXAMPLE
        Get-RagnaStatus | Where-Object State -EQ Running | Test-Connection -Count 1

        Pings every running machine.
    .EXAMPLE
        Get-RagnaStatus -Machine db, web | Get-VM | Start-VM

        Starts two machines.
    .EXAMPLE
        Get-RagnaStatus -Machine db | Format-List *

        Shows everything that is known of one machine.
    .LINK
        Invoke-RagnaReconcile
    #>
    [CmdletBinding()]
    [OutputType('Ragnatramp.MachineStatus')]
    param(
        [Parameter(Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [Alias('FullName')]
        [ValidateNotNullOrEmpty()]
        [ArgumentCompleter({ & (Microsoft.PowerShell.Core\Get-Command -Name $args[0]).Module Complete-RagnaArgument @args })]
        [string[]] $Path,

        [Parameter(Position = 1)]
        [SupportsWildcards()]
        [ArgumentCompleter({ & (Microsoft.PowerShell.Core\Get-Command -Name $args[0]).Module Complete-RagnaArgument @args })]
        [string[]] $Machine = '*'
    )
    begin {
        Import-RagnaPrivate -Through HyperV
        Import-CallerPreference -Cmdlet $PSCmdlet -Bound $PSBoundParameters
        # Not -like: that compares as the culture of the session does, to which FILE may be another word than file.
        $patterns = @(foreach ($name in $Machine) { Get-NamePattern -Text $name })
        # The machines of all configs; how many configs were asked for, and which of them could be read.
        $known = [System.Collections.Generic.List[string]]::new()
        $asked = 0
        $read = [System.Collections.Generic.List[string]]::new()
    }
    process {
        $asked += [Math]::Max(1, @($Path).Count)
        Invoke-PerConfig -Cmdlet $PSCmdlet -Path $Path -Script {
            param($ConfigPath)
            $lab = Open-RagnaLab -Cmdlet $Cmdlet -ConfigPath $ConfigPath
            try {
                if ($null -eq $lab) { return }
                $read.Add($ConfigPath)
                # A loop and no cmdlet in a pipeline, which would take a third of the time of many rows.
                foreach ($row in Get-LabStatus -Cmdlet $Cmdlet -Lab $lab) {
                    $known.Add($row.Machine)
                    foreach ($pattern in $patterns) {
                        if ($pattern.IsMatch($row.Machine)) { $row; break }
                    }
                }
            } finally {
                Close-RagnaLab -Lab $lab
            }
        }
    }
    end {
        # Where a config could not be read, which was told, the machine may stand in that one.
        if ($read.Count -lt $asked) { return }
        foreach ($name in $Machine) {
            $isPattern = [System.Management.Automation.WildcardPattern]::ContainsWildcardCharacters($name)
            $plain = [System.Management.Automation.WildcardPattern]::Unescape($name)
            if (-not $isPattern -and $known -notcontains $plain) {
                Write-RagnaFailure -Cmdlet $PSCmdlet -Failure (New-RagnaFailure -Code 'MACHINE_NOT_FOUND' -Machine $name `
                        -Message "There is no machine $name, in the config or in the state." -Remedy "There are: $($known -join ', ').")
            }
        }
    }
}
