# Runs of a cmdlet that are cut off in the middle of a call of Hyper-V, and what is left of a lab afterwards.

function New-CutLab {
    <#
    .SYNOPSIS
        A lab with everything beside it that must not be touched: a second lab on the same Hyper-V with the same artifact
        folder, a stranger's VM on the same base image, and a stranger's file. Nothing of it is made yet but for what is beside it.
    .OUTPUTS
        As New-EmptyLab, and Root (of all files), Saved (where Save-CutLab puts them), Foreign (what belongs to others).
    #>
    [CmdletBinding()]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'Makes a lab below the test drive.')]
    param([hashtable[]] $Machine = @(@{ name = 'web' }))
    $root = [IO.Path]::Combine([IO.Path]::GetFullPath($TestDrive), "cut-$([guid]::NewGuid().ToString('N').Substring(0, 8))")
    $artifact = [IO.Path]::Combine($root, 'lab', 'vms')
    $other = New-EmptyLab -Folder ([IO.Path]::Combine($root, 'other')) -Machine @{ name = 'web' } -Artifact $artifact
    $lab = New-EmptyLab -Folder ([IO.Path]::Combine($root, 'lab')) -Machine $Machine
    $lab | Add-Member -NotePropertyMembers @{ Root = $root; Saved = "$root.saved"; Foreign = @() }
    $null = Start-RagnaMachine -Path $other.Config -SkipReconcile
    $disk = [IO.Path]::Combine($artifact, 'stranger.vhdx')
    $null = Hyper-V\New-VHD -Path $disk -ParentPath $lab.Image -Differencing
    $null = Hyper-V\New-VM -Name 'stranger' -Path $artifact -Generation 2 -VHDPath $disk
    [IO.File]::WriteAllText([IO.Path]::Combine($artifact, 'notes.txt'), 'mine')
    $lab.Foreign = @(Get-ForeignStamp -Lab $lab)
    $lab
}

function Get-FolderStamp {
    <# .SYNOPSIS A line for each file below a folder: its length and when it was written; what the simulation notes of calls is left out. #>
    param([Parameter(Mandatory)] [string] $Path)
    foreach ($file in [IO.DirectoryInfo]::new($Path).GetFiles('*', [IO.SearchOption]::AllDirectories) | Sort-Object -Property FullName) {
        if ('calls.jsonl', 'looks.txt', 'kill.txt', 'lab.lock' -contains $file.Name) { continue }
        "$($file.FullName) $($file.Length)/$($file.LastWriteTimeUtc.Ticks)"
    }
}

function Get-ForeignStamp {
    <# .SYNOPSIS A line for each file of a lab of New-CutLab that belongs to others: of the second lab, the stranger, the base image. #>
    param([Parameter(Mandatory)] [object] $Lab)
    $foreign = @(Hyper-V\Get-VM | Where-Object { $_.Name -notlike "lab-*-$($Lab.Hash)" } | ForEach-Object { "$($_.Id).json" })
    $parts = '\other\', '\vms\stranger', '\vms\notes.txt', '\base.vhdx', '\lab\ragnatramp.yaml', "\vms\lab-web-$(Get-ConfigHash -Path ([IO.Path]::Combine($Lab.Root, 'other', 'ragnatramp.yaml')))"
    foreach ($line in Get-FolderStamp -Path $Lab.Root) {
        $path = $line.Substring(0, $line.LastIndexOf(' ')).Replace('/', '\')
        $isForeign = @(foreach ($part in $parts) { if ($path.Contains($part)) { $part } }).Count -gt 0
        if ($isForeign -or $foreign -contains [IO.Path]::GetFileName($path)) { $line }
    }
}

function Copy-Tree {
    <# .SYNOPSIS Makes a folder the same as another one. #>
    param([Parameter(Mandatory)] [string] $From, [Parameter(Mandatory)] [string] $To)
    if ([IO.Directory]::Exists($To)) { [IO.Directory]::Delete($To, $true) }
    $null = [IO.Directory]::CreateDirectory($To)
    foreach ($folder in [IO.Directory]::GetDirectories($From, '*', [IO.SearchOption]::AllDirectories)) {
        $null = [IO.Directory]::CreateDirectory($To + $folder.Substring($From.Length))
    }
    foreach ($file in [IO.Directory]::GetFiles($From, '*', [IO.SearchOption]::AllDirectories)) {
        if ('calls.jsonl', 'lab.lock' -notcontains [IO.Path]::GetFileName($file)) { [IO.File]::Copy($file, $To + $file.Substring($From.Length)) }
    }
}

function Get-LabPicture {
    <#
    .SYNOPSIS
        All that a lab is, as lines: its VMs, its files, its state. Ids and times are left out, so that two labs that came to be in
        different ways compare.
    #>
    param([Parameter(Mandatory)] [object] $Lab)
    $lines = foreach ($vm in Hyper-V\Get-VM | Sort-Object -Property Name) {
        $switch = @(Hyper-V\Get-VMNetworkAdapter -VM $vm | ForEach-Object { "$($_.SwitchId)" }) -join ','
        $drives = @(Hyper-V\Get-VMHardDiskDrive -VM $vm | ForEach-Object { $_.Path }) -join ','
        $first = if ($vm.Generation -eq 2) { $firmware = Hyper-V\Get-VMFirmware -VM $vm; "$($firmware.SecureBoot) $(@($firmware.BootOrder)[0].BootType)" }
        $snapshots = @(Hyper-V\Get-VMSnapshot -VM $vm | ForEach-Object { "$($_.Name) $($_.State)" }) -join ','
        "$($vm.Name) $($vm.State) $($vm.Notes) $($vm.Path) $($vm.ProcessorCount) $($vm.MemoryStartup) $($vm.AutomaticCheckpointsEnabled) " +
        "$($vm.AutomaticStopAction) $($vm.CheckpointType) [$switch] [$drives] [$first] [$snapshots]"
    }
    $lines += foreach ($entry in [IO.Directory]::GetFileSystemEntries($Lab.Artifact, '*', [IO.SearchOption]::AllDirectories) | Sort-Object) { $entry }
    # Machines that are made side by side stand in the state in any order.
    if ([IO.File]::Exists($Lab.StatePath)) { $lines += [IO.File]::ReadAllLines($Lab.StatePath) | ForEach-Object { $_.TrimEnd(',') } | Sort-Object }
    $text = ($lines -join "`n") -replace '[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}', 'ID'
    $text -replace '\d{4}-\d\d-\d\dT[\d:.]+Z', 'TIME' -replace '00:15:5D(:[0-9A-F]{2}){3}', 'MAC'
}

function Invoke-KilledRun {
    <#
    .SYNOPSIS
        Runs a script in a process of its own that has the built module and the simulated Hyper-V, which may end it (Set-SimulatedHost).
    .OUTPUTS
        Whether it was ended before the script was through.
    #>
    param([Parameter(Mandatory)] [string] $Script)
    $program = [Diagnostics.Process]::GetCurrentProcess().MainModule.FileName
    $modules = foreach ($name in 'Hyper-V', 'Ragnatramp') { "Import-Module '$((Get-Module -Name $name).Path.Replace('.psm1', '.psd1'))' -DisableNameChecking; " }
    $told = @(& $program -NoProfile -NonInteractive -Command "`$ProgressPreference = 'SilentlyContinue'; $modules $Script; 'through'" 2>&1)
    $told -notcontains 'through'
}

function New-CutRunspace {
    <# .SYNOPSIS A runspace with the built module and the simulated Hyper-V, for Invoke-CutRun. #>
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'Makes an object.')]
    param()
    $runspace = [runspacefactory]::CreateRunspace()
    $runspace.Open()
    $shell = [powershell]::Create()
    $shell.Runspace = $runspace
    foreach ($module in (Get-Module -Name Hyper-V).Path.Replace('.psm1', '.psd1'), (Get-Module -Name Ragnatramp).Path.Replace('.psm1', '.psd1')) {
        $null = $shell.AddCommand('Import-Module').AddParameter('Name', $module).AddParameter('DisableNameChecking').AddStatement()
    }
    $null = $shell.AddScript('$ProgressPreference = "SilentlyContinue"').Invoke()
    $shell.Dispose()
    $runspace
}

function Get-QuickMerge {
    <# .SYNOPSIS A script that makes the module look after merges every 20 ms in place of every second: a simulated merge counts looks. #>
    '& (Get-Module -Name Ragnatramp) { Import-RagnaPrivate
        $script:HyperVStep.WaitMerged = [scriptblock]::Create($script:HyperVStep.WaitMerged.ToString().Replace("-Milliseconds 1000", "-Milliseconds 20")) }'
}

function Invoke-CutRun {
    <#
    .SYNOPSIS
        Runs a script in a runspace of New-CutRunspace until the lab freezes it (Set-SimulatedHost), and clears it away.
    .OUTPUTS
        An object with Cut ($false: the run ended before), Late (calls that it made afterwards, in vain), and Moved (files that changed while it
        was cleared away).
    #>
    param([Parameter(Mandatory)] [object] $Runspace, [Parameter(Mandatory)] [string] $Script, [Parameter(Mandatory)] [object] $Lab)
    $shell = [powershell]::Create()
    $shell.Runspace = $Runspace
    $null = $shell.AddScript($Script)
    $handle = $shell.BeginInvoke()
    Wait-Run { $handle.IsCompleted -or (Test-FrozenRun) }
    $seen = [pscustomobject]@{ Cut = Test-FrozenRun; Late = 0; Moved = @() }
    if ($seen.Cut) {
        $before = @(Get-FolderStamp -Path $Lab.Root)
        $seen.Late = Complete-FrozenRun -PowerShell $shell -Handle $handle
        $after = @(Get-FolderStamp -Path $Lab.Root)
        $seen.Moved = @(Compare-Object -ReferenceObject $before -DifferenceObject $after | ForEach-Object { "$($_.InputObject)" })
    }
    try { $null = $shell.EndInvoke($handle) } catch { $null = $_ }
    $shell.Dispose()
    $seen
}
