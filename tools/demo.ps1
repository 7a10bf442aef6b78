<#
.SYNOPSIS
    Shows Ragnatramp at work on a simulated Hyper-V: four machines, one of them off.
.DESCRIPTION
    Every command that is shown is run, by the built module and its native library. Only Hyper-V and the guests are
    simulated: they live in a folder that is removed at the end. Needs dist/Ragnatramp (./build.sh demo builds it).
#>
[CmdletBinding()]
param()
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$root = [System.IO.Path]::GetDirectoryName($PSScriptRoot)
Import-Module -Name "$root\dist\Ragnatramp\Ragnatramp.psd1"
Import-Module -Name "$root\tests\HyperVSimulator\HyperVSimulator.psd1"

function Show-Step {
    # Prints a command as it would be typed, then what it prints.
    param([Parameter(Mandatory)] [scriptblock] $Script)
    "PS lab> $($Script.ToString().Trim())"
    & $Script | Out-String -Stream -Width 80 | ForEach-Object { $_.TrimEnd() }
}

$lab = [System.IO.Path]::Combine([System.IO.Path]::GetTempPath(), 'lab')
for ($number = 2; [System.IO.Directory]::Exists($lab); $number++) {
    $lab = [System.IO.Path]::Combine([System.IO.Path]::GetTempPath(), "lab-$number")
}
$null = New-Item -ItemType Directory -Path "$lab\.ragnatramp"
try {
    $config = "$lab\ragnatramp.yaml"
    Copy-Item -LiteralPath "$root\examples\ragnatramp.yaml" -Destination $config
    $null = New-SimulatedLab -Path "$lab\hyper-v"
    Import-SimulatedHyperV

    $guest = "$root\tests\HyperVSimulator\Agents\Invoke-GuestScript.ps1"
    $secret = [System.Security.SecureString]::new()
    'demo'.ToCharArray() | ForEach-Object { $secret.AppendChar($_) }
    $administrator = [pscredential]::new('Administrator', $secret)
    $machines = [ordered] @{
        web    = @{ Os = 'windows'; Credential = $administrator; Address = '172.20.131.10', 'fe80::215:5dff:fe01:a' }
        db     = @{ Os = 'linux'; Agent = $guest; Address = '172.20.131.11' }
        queue  = @{ Os = 'linux'; State = 'Off' }
        worker = @{ Os = 'linux'; Daemon = $false }
    }
    # The VMs and the state file, as creating the machines would have left them.
    $resolved = & (Get-Module -Name Ragnatramp) {
        param($path)
        Import-RagnaPrivate
        (Invoke-RagnaExport config_parse @{ path = $path }).Response.config
    } $config
    $state = [ordered] @{
        version = 1; configHash = $resolved.configHash; configPath = $config; project = 'lab'
        createdAt = '2026-11-20T09:00:00.000Z'; updatedAt = '2026-11-20T09:00:00.000Z'; vms = [ordered] @{}
    }
    $sha = [System.Security.Cryptography.SHA256]::Create()
    $digest = $sha.ComputeHash([System.Text.Encoding]::UTF8.GetBytes($config.Replace('\', '/').ToLowerInvariant()))
    $suffix = -join ($digest[0..3] | ForEach-Object { $_.ToString('x2') })
    $hosts = @{}
    $number = 9
    foreach ($name in $machines.Keys) {
        $number++
        $setting = $machines[$name]
        $adapter = @{
            name = 'Network Adapter'; mac = "00155D01020$($number - 9)"; switchName = 'Default Switch'
            switchId = 'c08cb7b8-9b3c-408e-8e30-5e16a3aeb444'; addresses = @($setting['Address'])
        }
        $setting.Remove('Address')
        $wanted = $resolved.machines | Where-Object { $_.name -eq $name }
        $setting.ProcessorCount = $wanted.cpu
        $setting.MemoryStartup = $wanted.memory * 1MB
        $vm = Add-SimulatedVM -Name "lab-$name-$suffix" -ConfigPath $config -Adapter $adapter @setting
        $hosts[$name] = $vm.HostsPath
        # As at the guest's boot: the script says that it is there.
        if ($setting.Contains('Agent')) { & $guest -GuestFolder $vm.GuestPath }
        $state.vms[$name] = [ordered] @{
            id = "$($vm.Id)"; name = "lab-$name-$suffix"; machineName = $name; diskPath = "D:\VMs\lab\$name.vhdx"
            createdAt = '2026-11-20T09:00:00.000Z'; checkpoints = @()
        }
    }
    [System.IO.File]::WriteAllText("$lab\.ragnatramp\state.json", (ConvertTo-Json -Depth 6 -InputObject $state))
    $neighbour = { param($address) Set-SimulatedNeighbor -Entry @{ ip = $address; mac = '00-15-5D-01-02-04'; state = 'Permanent' } }
    & $neighbour '172.20.131.12'
    Set-Location -LiteralPath $lab

    'A lab of four machines: web (Windows), db (Linux), queue (off), worker (Linux without Hyper-V daemons).'
    ''
    Show-Step { Invoke-RagnaReconcile -WhatIf -Credential $administrator }
    Show-Step { Invoke-RagnaReconcile -Credential $administrator }
    Show-Step { Get-RagnaStatus }
    'In the guest web:'
    Show-Step { Get-Content -LiteralPath $hosts.web }
    if ([System.IO.File]::ReadAllText($hosts.db).Contains('RAGNATRAMP')) {
        'In the guest db, written by the script that Export-RagnaGuest puts into a base image:'
        Show-Step { Get-Content -LiteralPath $hosts.db }
    }
    ''
    'The host restarts. The Default Switch has a new range, and every machine a new address.'
    ''
    Set-SimulatedVM -Name "lab-web-$suffix" -Address '172.28.64.10', 'fe80::215:5dff:fe01:a'
    Set-SimulatedVM -Name "lab-db-$suffix" -Address '172.28.64.11'
    & $neighbour '172.28.64.12'
    Show-Step { Invoke-RagnaReconcile -Credential $administrator -WarningAction SilentlyContinue }
    'Once more: there is nothing to change.'
    ''
    Show-Step { Invoke-RagnaReconcile -Credential $administrator -WarningAction SilentlyContinue }
} finally {
    Set-Location -LiteralPath $root
    Remove-Item -LiteralPath $lab -Recurse -Force
}
