# Labs of which nothing was made yet: a config and a base image, on a simulated Hyper-V without machines.

function New-EmptyLab {
    <#
    .SYNOPSIS
        Makes a lab without machines and points the simulated Hyper-V at it.
    .DESCRIPTION
        Machines are hashtables of the keys of a machine in the config; Setting and Default are those of settings and defaults.
        Without more: web and db of a Linux image that generation 2 boots, whose guests answer Data Exchange.
    .OUTPUTS
        An object with Folder, Config, StatePath, HyperV, Image, Artifact and Hash.
    #>
    [CmdletBinding()]
    param(
        [string] $Folder = [IO.Path]::Combine($TestDrive, "lab-$([guid]::NewGuid().ToString('N').Substring(0, 8))"),
        [hashtable[]] $Machine = @(@{ name = 'web' }, @{ name = 'db' }),
        [hashtable] $Setting = @{}, [hashtable] $Default = @{}, [hashtable] $NewGuest = @{}, [hashtable] $Image = @{},
        [string] $Project = 'lab', [string] $Artifact
    )
    $Folder = [IO.Path]::GetFullPath($Folder)
    $lab = [pscustomobject]@{
        Folder = $Folder; Config = [IO.Path]::Combine($Folder, 'ragnatramp.yaml'); HyperV = [IO.Path]::Combine($Folder, 'hyper-v')
        StatePath = [IO.Path]::Combine($Folder, '.ragnatramp', 'state.json'); Artifact = [IO.Path]::Combine($Folder, 'vms')
        Image = [IO.Path]::Combine($Folder, 'base.vhdx'); Hash = ''
    }
    $lab.Hash = Get-ConfigHash -Path $lab.Config
    if ($Artifact) { $lab.Artifact = $Artifact }
    Enter-Lab -Lab $lab
    if ($Image.Contains('Format') -and $Image.Format -eq 'vhd') { $lab.Image = [IO.Path]::ChangeExtension($lab.Image, 'vhd') }
    $null = New-SimulatedImage -Path $lab.Image @Image
    $guest = @{ Os = 'linux'; Agent = 'ragnatramp' }
    foreach ($key in $NewGuest.Keys) { $guest[$key] = $NewGuest[$key] }
    Set-SimulatedHost -NewGuest $guest
    $yaml = @('project:', "  name: $Project", 'settings:', "  artifact_path: '$($lab.Artifact)'")
    foreach ($key in $Setting.Keys) { $yaml += "  ${key}: $($Setting[$key])" }
    $yaml += @('defaults:', "  base_image: '$($lab.Image)'")
    foreach ($key in $Default.Keys) { $yaml += "  ${key}: $($Default[$key])" }
    $yaml += 'machines:'
    foreach ($one in $Machine) {
        $yaml += "  - name: $($one.name)"
        foreach ($key in $one.Keys) { if ($key -cne 'name') { $yaml += "    ${key}: $($one[$key])" } }
    }
    [IO.File]::WriteAllText($lab.Config, ($yaml -join "`n") + "`n", [Text.UTF8Encoding]::new($false))
    $lab
}

function Get-ResultText {
    <# .SYNOPSIS The machines of a run of Watch-Run in one text: `web: created, started, Running; db: ...`. #>
    param([Parameter(Mandatory)] [object] $Seen)
    @($Seen.Output | ForEach-Object { "$($_.Machine): $($_.Action), $($_.State)" }) -join '; '
}

function Get-FaultText {
    <# .SYNOPSIS The errors of a run of Watch-Run in one text: the code and the machine of each. #>
    param([Parameter(Mandatory)] [object] $Seen)
    @(@($Seen.Errors) + @($Seen.Thrown) | Where-Object { $null -ne $_ } | ForEach-Object { "$($_.FullyQualifiedErrorId.Split(',')[0]) $($_.TargetObject)" }) -join '; '
}

function Get-CallTarget {
    <# .SYNOPSIS The machines that calls of a cmdlet were about, in the order of the calls, by the names that they have in the config. #>
    param([Parameter(Mandatory)] [string] $Cmdlet)
    @(Get-SimulatedCall -Cmdlet $Cmdlet | ForEach-Object { $_.Target[0] -replace '^lab-(.+)-[0-9a-f]{8}$', '$1' }) -join ' '
}

function Get-LabObject {
    <# .SYNOPSIS Hyper-V's object of a machine of a lab of New-EmptyLab. #>
    param([Parameter(Mandatory)] [object] $Lab, [Parameter(Mandatory)] [string] $Name)
    Hyper-V\Get-VM -Name "lab-$Name-$($Lab.Hash)"
}
