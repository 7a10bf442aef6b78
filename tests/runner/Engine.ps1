# Which engine runs the files, which files there are, and one file in a process of its own.

function Find-TestEngine {
    <# .SYNOPSIS The version of the newest usable Pester, or StandIn. #>
    $usable = Get-Module -ListAvailable -Name Pester |
        Where-Object { $_.Version -ge [version] '5.5' } |
        Sort-Object -Property Version -Descending |
        Select-Object -First 1
    if (-not $usable) { return 'StandIn' }
    try {
        Import-Module -Name $usable.Path -Global
        return [string] $usable.Version
    }
    catch {
        Write-Warning -Message "Pester $($usable.Version) is there but cannot be imported: $($_.Exception.Message)"
        return 'StandIn'
    }
}

function Find-TestFile {
    <# .SYNOPSIS The files behind paths, in the order of their names, as full paths. #>
    param([string[]] $Path)
    # powershell -File hands a list over as one text with commas in it.
    $single = @(foreach ($one in $Path) { if (Test-Path -LiteralPath $one) { $one } else { $one -split ',' } })
    foreach ($one in $single) {
        $full = (Resolve-Path -LiteralPath $one).ProviderPath
        if ([IO.Directory]::Exists($full)) {
            [IO.Directory]::GetFiles($full, '*.Tests.ps1', [IO.SearchOption]::AllDirectories) | Sort-Object
        }
        else {
            $full
        }
    }
}

function ConvertTo-FailedFile {
    <# .SYNOPSIS The result of a file that could not be run to its end. #>
    param([string] $Path, [string] $Message)
    [pscustomobject] @{ Name = [IO.Path]::GetFileName($Path); Result = 'Failed'; Message = $Message; Place = $Path }
}

function Invoke-TestProcess {
    <# .SYNOPSIS Runs one file in a fresh process of the same PowerShell and returns its results. #>
    param([string] $Path, [string] $Filter, [string] $Engine)
    $answer = [IO.Path]::Combine([IO.Path]::GetTempPath(), 'test-result-' + [guid]::NewGuid().ToString('N') + '.json')
    $script = [IO.Path]::Combine($PSScriptRoot, 'Invoke-TestFile.ps1')
    $shell = [Diagnostics.Process]::GetCurrentProcess().MainModule.FileName
    try {
        $options = '-NoLogo', '-NoProfile', '-NonInteractive', '-ExecutionPolicy', 'Bypass', '-File', $script
        # What a file prints is shown, and is not taken for a result.
        & $shell $options -Path $Path -Filter $Filter -Engine $Engine -ResultPath $answer | Out-Host
        $code = $LASTEXITCODE
        if (-not [IO.File]::Exists($answer)) {
            return ConvertTo-FailedFile -Path $Path -Message "The process ended with exit code $code before its tests did."
        }
        (ConvertFrom-Json -InputObject ([IO.File]::ReadAllText($answer))).results
    }
    finally {
        [IO.File]::Delete($answer)
    }
}
