# The examples of the help and of the pages, and labs in which each of them is run alone.

function Get-HelpExample {
    <#
    .SYNOPSIS
        Every example in the help of every cmdlet.
    .OUTPUTS
        Hashtables with Cmdlet, Place (the cmdlet and the number of the example) and Code.
    #>
    foreach ($command in Get-Command -Module Ragnatramp) {
        $number = 0
        foreach ($example in (Get-Help -Name $command.Name -Full).examples.example) {
            $number++
            @{ Cmdlet = $command.Name; Place = "$($command.Name), example $number"; Code = ([string] $example.code).Replace("`r", '').Trim() }
        }
    }
}

function Get-PageFence {
    <#
    .SYNOPSIS
        Every fenced block of a page.
    .OUTPUTS
        Hashtables with Page, Place (page and line), Language ('' without one) and Text.
    #>
    param([Parameter(Mandatory)] [string] $Path)
    $page = [IO.Path]::GetFileName($Path)
    $number = 0
    $open = $null
    foreach ($line in [IO.File]::ReadAllLines($Path)) {
        $number++
        if ($null -eq $open -and $line -match '^\s*```(\S*)\s*$') {
            $open = @{ Page = $page; Place = "$page, line $number"; Language = $Matches[1]; Text = [Collections.Generic.List[string]]::new() }
        } elseif ($null -ne $open -and $line -match '^\s*```\s*$') {
            $open.Text = $open.Text -join "`n"
            $open
            $open = $null
        } elseif ($null -ne $open) {
            $open.Text.Add($line)
        }
    }
    if ($null -ne $open) { throw "$($open.Place): the block is not closed." }
}

function Split-Example {
    <# .SYNOPSIS The examples of a block of PowerShell: each ends with a statement that is no assignment. #>
    param([Parameter(Mandatory)] [string] $Text)
    $faults = $null
    $tree = [Management.Automation.Language.Parser]::ParseInput($Text, [ref] $null, [ref] $faults)
    if (@($faults).Count -gt 0) { throw "$(@($faults) -join '; '): $Text" }
    $from = -1
    foreach ($statement in $tree.EndBlock.Statements) {
        if ($from -lt 0) { $from = $statement.Extent.StartOffset }
        if ($statement -is [Management.Automation.Language.AssignmentStatementAst]) { continue }
        $Text.Substring($from, $statement.Extent.EndOffset - $from)
        $from = -1
    }
    if ($from -ge 0) { $Text.Substring($from) }
}

function New-ExampleLab {
    <#
    .SYNOPSIS
        A lab of web and db in each of the situations in which an example can be run: Enter-ExampleLab goes into one of them.
    .DESCRIPTION
        Empty: nothing was made yet. Running: started and named. Checkpointed: with the checkpoints clean and before-update. Off: stopped.
        Folder: an empty folder without a config. Windows: dc and web run Windows, and take the account of Get-LabCredential.
    #>
    [CmdletBinding()]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'Makes a lab below the test drive.')]
    param()
    $lab = New-EmptyLab -Folder ([IO.Path]::Combine($TestDrive, 'example'))
    $lab | Add-Member -NotePropertyMembers @{ Saved = "$($lab.Folder).saved"; Windows = $null }
    $steps = [ordered] @{
        Empty        = { }
        Running      = { Start-RagnaMachine }
        Checkpointed = { Checkpoint-RagnaMachine -Name clean; Checkpoint-RagnaMachine -Name before-update }
        Off          = { Stop-RagnaMachine }
    }
    Push-Location -LiteralPath $lab.Folder
    try {
        foreach ($name in $steps.Keys) {
            $null = & $steps[$name]
            Copy-Tree -From $lab.Folder -To ([IO.Path]::Combine($lab.Saved, $name))
        }
    } finally {
        Pop-Location
    }
    $lab.Windows = New-Lab -Machine @{ name = 'dc' }, @{ name = 'web' }
    $lab
}

function Enter-ExampleLab {
    <# .SYNOPSIS Makes a lab of New-ExampleLab what it is in a situation, and its folder the current one. #>
    param([Parameter(Mandatory)] [object] $Lab, [Parameter(Mandatory)] [string] $Situation)
    switch ($Situation) {
        'Folder' { Set-Location -LiteralPath (New-TestFolder -Name "folder-$([guid]::NewGuid().ToString('N'))") }
        'Windows' {
            Enter-Lab -Lab $Lab.Windows
            Set-Location -LiteralPath $Lab.Windows.Folder
        }
        default {
            Set-Location -LiteralPath $TestDrive
            # A merge that was under way holds its disks.
            & (Get-Module -Name Hyper-V) { foreach ($path in @((Get-HeldFile).Keys)) { Unlock-DiskFile -Path $path } }
            Copy-Tree -From ([IO.Path]::Combine($Lab.Saved, $Situation)) -To $Lab.Folder
            Enter-Lab -Lab $Lab
            Set-Location -LiteralPath $Lab.Folder
        }
    }
}

function Watch-Example {
    <#
    .SYNOPSIS
        Runs an example in the current folder, as if every question were answered by yes.
    .DESCRIPTION
        A watch, which never ends, is stopped after its first result.
    .OUTPUTS
        As Watch-Run.
    #>
    param([Parameter(Mandatory)] [string] $Code)
    if ($Code -notmatch '\bWatch-RagnaReconcile\b') {
        return Watch-Run ([scriptblock]::Create("`$ConfirmPreference = 'None'; $Code"))
    }
    $run = Start-Run "Set-Location -LiteralPath '$((Get-Location).ProviderPath)'; $Code"
    Wait-Run { $run.Output.Count -ge 1 -or $run.Handle.IsCompleted }
    # By number: to enumerate a stream that still fills would wait for its end.
    $streams = $run.PowerShell.Streams
    $errors = @(for ($index = 0; $index -lt $streams.Error.Count; $index++) { $streams.Error[$index] })
    $warnings = @(for ($index = 0; $index -lt $streams.Warning.Count; $index++) { $streams.Warning[$index].Message })
    $run.PowerShell.Stop()
    $told = Complete-Run -Run $run
    [pscustomobject]@{ Output = $told.Output; Errors = $errors; Warnings = $warnings; Thrown = $null }
}
