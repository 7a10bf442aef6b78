<#
.SYNOPSIS
    Shows the whole life of a lab on a simulated Hyper-V, from an empty folder to an empty folder.
.DESCRIPTION
    Every command that is shown is run, by the built module and its native library, and the guests' hosts files are written by
    the script that is shipped for Linux guests. Only Hyper-V and the guests are simulated: they live in a folder that is
    removed at the end. Needs dist/Ragnatramp (./build.sh demo builds it).
.PARAMETER Module
    Another module to show: a name that PSModulePath leads to, or a path.
#>
[CmdletBinding()]
param(
    [string] $Module = [System.IO.Path]::Combine([System.IO.Path]::GetDirectoryName($PSScriptRoot), 'dist', 'Ragnatramp')
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$root = [System.IO.Path]::GetDirectoryName($PSScriptRoot)
Import-Module -Name $Module
Import-Module -Name "$root\tests\HyperVSimulator\HyperVSimulator.psd1"

function Show-Step {
    # Prints a command as it would be typed, then what it prints.
    param([Parameter(Mandatory)] [scriptblock] $Script)
    ''
    "PS C:\lab> $($Script.ToString().Trim())"
    (& $Script | Out-String -Width 100).TrimEnd() -split '\r?\n' | ForEach-Object { $_.TrimEnd() }
}

function Show-Text {
    # What happens between two commands.
    param([Parameter(Mandatory)] [string[]] $Line)
    ''
    foreach ($one in $Line) { "# $one" }
}

$top = [System.IO.Path]::Combine([System.IO.Path]::GetTempPath(), 'lab')
for ($number = 2; [System.IO.Directory]::Exists($top); $number++) {
    $top = [System.IO.Path]::Combine([System.IO.Path]::GetTempPath(), "lab-$number")
}
# What is the user's lies in the folder lab; the simulated Hyper-V and its guests lie beside it.
$lab = "$top\lab"
$null = New-Item -ItemType Directory -Path $lab
$here = Get-Location
$watch = [System.Diagnostics.Stopwatch]::StartNew()
try {
    $null = New-SimulatedLab -Path "$top\hyper-v"
    Import-SimulatedHyperV
    $null = New-SimulatedImage -Path "$top\debian-12.vhdx"
    # What the image boots: a Linux with Hyper-V's daemons and Ragnatramp's script, which takes a moment to get its address.
    Set-SimulatedHost -AddressPrefix '172.20.131' -NewGuest @{
        Os = 'linux'; Agent = "$root\tests\HyperVSimulator\Agents\Invoke-GuestScript.ps1"; AddressQueries = 1
    }
    Set-Location -LiteralPath $lab

    'The life of a lab of four machines, on a simulated Hyper-V: everything else is real.'
    Show-Step { New-RagnaConfig | Select-Object -ExpandProperty Name }
    Show-Text 'Edited: the image, and four machines. web needs db, and db is started first.'
    [System.IO.File]::WriteAllText("$lab\ragnatramp.yaml", (@(
                'project:', '  name: lab', 'defaults:', '  base_image: ..\debian-12.vhdx', 'machines:'
                '  - name: web', '    depends_on: [db]', '  - name: db', '    cpu: 4', '    memory: 4096'
                '  - name: queue', '    memory: 1024', '  - name: worker', '    dynamic_memory: {min: 512, max: 4096}'
                'settings:', '  artifact_path: ..\vms') -join "`n") + "`n")
    Show-Step { Get-Content ragnatramp.yaml }
    Show-Step { Get-RagnaPlan }
    Show-Step { Start-RagnaMachine -WhatIf }
    Show-Step { Start-RagnaMachine }
    Show-Step { Get-RagnaStatus }
    Show-Text 'Inside the guest web:'
    $hosts = (Get-SimulatedVM | Where-Object { $_.Name -like 'lab-web-*' }).HostsPath
    Show-Step { Get-Content $hosts }
    Show-Text 'Once more: there is nothing to do.'
    Show-Step { Start-RagnaMachine }

    Show-Text 'The host restarts, its Default Switch has another range, and every machine another address.'
    $number = 10
    foreach ($vm in Get-SimulatedVM | Sort-Object -Property Name) { Set-SimulatedVM -Name $vm.Name -Address "172.28.64.$number"; $number++ }
    Show-Step { Invoke-RagnaReconcile }

    Show-Step { Stop-RagnaMachine }
    Show-Step { Checkpoint-RagnaMachine -Name clean }
    Show-Step { Start-RagnaMachine }
    Show-Text 'Somebody breaks something, and everything goes back.'
    Show-Step { Restore-RagnaMachine -Name clean -Confirm:$false }
    Show-Step { Get-RagnaCheckpoint }

    Show-Text 'The end. What would be deleted is listed before it is.'
    Show-Step { Remove-RagnaMachine -Machine web -WhatIf }
    Show-Step { Remove-RagnaMachine -Force }
    Show-Step { Get-ChildItem ..\vms | Measure-Object | Select-Object -ExpandProperty Count }
    Show-Step { Hyper-V\Get-VM | Measure-Object | Select-Object -ExpandProperty Count }
    ''
    "The demo took $([int] $watch.Elapsed.TotalSeconds) s."
} finally {
    Set-Location -LiteralPath $here
    # A guest's script that has just ended may hold its folder for a moment longer.
    for ($attempt = 1; [System.IO.Directory]::Exists($top) -and $attempt -le 20; $attempt++) {
        try { [System.IO.Directory]::Delete($top, $true) } catch [System.IO.IOException], [System.UnauthorizedAccessException] { Start-Sleep -Milliseconds 250 }
    }
}
