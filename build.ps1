#requires -Version 5.1

<#
.SYNOPSIS
The verbs of the project on Windows; build.sh is the same on Linux.
.DESCRIPTION
demo       the whole life of a lab on a simulated Hyper-V, from an empty folder to an empty folder
test       all tests, or the suites named: rust, module; ends with "N passed, N failed, N skipped"
lint       rustfmt, clippy, cargo deny, PSScriptAnalyzer; changes nothing
bench      measures everything side by side and writes benches\RESULTS.md; with --quick less of it, to the output
fuzz       attacks the exports and the parsers; runs on Linux only (./build.sh fuzz): it needs libFuzzer and AddressSanitizer
sanitize   the border under AddressSanitizer and valgrind; runs on Linux only (./build.sh sanitize)
package    dist\Ragnatramp\VERSION, the module as it is installed; dist\Ragnatramp-VERSION.zip and dist\Ragnatramp.VERSION.nupkg
reproduce  builds the DLL of the last commit in two folders and compares the hashes

Runs in Windows PowerShell 5.1 and in PowerShell 7; the module is tried in the one that it is started in. Needs Rust for MSVC; the
module gets a DLL for ARM64, too, where Rust has the target aarch64-pc-windows-msvc (rustup target add). Pester, PSScriptAnalyzer
and PSResourceGet are installed for the current user where they are missing.
.PARAMETER Verb
What to do.
.PARAMETER Argument
For test: the suites. For demo and bench: passed on.
.EXAMPLE
./build.ps1 test
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [string] $Verb = 'help',

    [Parameter(Position = 1, ValueFromRemainingArguments)]
    [string[]] $Argument = @()
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$root = $PSScriptRoot
$shell = [Diagnostics.Process]::GetCurrentProcess().MainModule.FileName
Set-Location -LiteralPath $root

function Invoke-Native {
    <# .SYNOPSIS Runs a program and ends with an error where it fails. #>
    [CmdletBinding()]
    param([string] $Program, [string[]] $Argument)
    & $Program $Argument
    if ($LASTEXITCODE -ne 0) { throw "$Program $Argument ended with exit code $LASTEXITCODE." }
}

function Invoke-Script {
    <# .SYNOPSIS Runs one of the project's scripts in a fresh process of the same PowerShell; its exit code is in $LASTEXITCODE. #>
    [CmdletBinding()]
    param([string] $Path, [string[]] $Argument = @())
    $options = '-NoLogo', '-NoProfile', '-NonInteractive', '-ExecutionPolicy', 'Bypass', '-File', [IO.Path]::Combine($root, $Path)
    & $shell ($options + $Argument)
}

function Install-Tool {
    <# .SYNOPSIS Installs a module for the current user where it is missing. #>
    [CmdletBinding()]
    param([string] $Name, [version] $Minimum, [version] $Exact)
    $found = Get-Module -ListAvailable -Name $Name | Where-Object { if ($Exact) { $_.Version -eq $Exact } else { $_.Version -ge $Minimum } }
    if ($found) { return }
    # Windows PowerShell 5.1 may still begin with TLS 1.0, and without the provider asks before it installs.
    [Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12
    if ($PSVersionTable.PSVersion.Major -lt 6) {
        $null = Install-PackageProvider -Name NuGet -MinimumVersion 2.8.5.201 -Scope CurrentUser -Force
    }
    $version = if ($Exact) { @{ RequiredVersion = $Exact } } else { @{ MinimumVersion = $Minimum } }
    Install-Module -Name $Name @version -Scope CurrentUser -Force -SkipPublisherCheck
}

function Build-Module {
    <# .SYNOPSIS Builds the DLL and dist\Ragnatramp; with a DLL for ARM64 where this machine's Rust has that target. #>
    [CmdletBinding()]
    param()
    $script = [IO.Path]::Combine($root, 'tools', 'build', 'Build-Library.ps1')
    $options = '-Library', (& $script -Target 'x86_64-pc-windows-msvc'), '-Destination', ([IO.Path]::Combine($root, 'dist', 'Ragnatramp'))
    $arm64 = & $script -Target 'aarch64-pc-windows-msvc' -IfThere
    if ($arm64) { $options += '-Arm64Library', $arm64 }
    $null = Invoke-Script -Path 'tools\Build-Module.ps1' -Argument $options
    if ($LASTEXITCODE -ne 0) { throw 'The module was not built.' }
}

function Test-Reproduction {
    <# .SYNOPSIS Builds the DLL of the last commit twice, in two folders, prints both hashes, and throws where they differ. #>
    [CmdletBinding()]
    [OutputType([string])]
    param()
    # Known once: a commit that is made meanwhile is another source.
    $commit = git -C $root rev-parse HEAD
    $work = [IO.Path]::Combine([IO.Path]::GetTempPath(), [guid]::NewGuid().ToString('N'))
    try {
        $hashes = @(foreach ($name in 'a', 'another-folder\below-it') {
                $folder = [IO.Path]::Combine($work, $name)
                Invoke-Native -Program git -Argument 'clone', '--quiet', '--no-hardlinks', $root, $folder
                Invoke-Native -Program git -Argument '-C', $folder, 'checkout', '--quiet', '--detach', $commit
                $library = & ([IO.Path]::Combine($folder, 'tools', 'build', 'Build-Library.ps1')) -Target 'x86_64-pc-windows-msvc'
                (Get-FileHash -LiteralPath $library -Algorithm SHA256).Hash.ToLowerInvariant()
            })
        $hashes -join "`n"
        if ($hashes.Count -ne 2 -or $hashes[0] -ne $hashes[1]) { throw 'The library differs with the folder that it is built in.' }
    } finally {
        Remove-Item -LiteralPath $work -Recurse -Force -ErrorAction Ignore
    }
}

function Build-TestLibrary {
    <# .SYNOPSIS Builds the DLL with the exports that only tests call, into target\test-dll. #>
    [CmdletBinding()]
    param()
    $folder = [IO.Path]::Combine($root, 'target', 'test-dll')
    Invoke-Native -Program cargo -Argument 'build', '--locked', '--lib', '--features', 'test-exports', '--target-dir', ([IO.Path]::Combine($folder, 'build'))
    Copy-Item -LiteralPath ([IO.Path]::Combine($folder, 'build', 'debug', 'ragnatramp.dll')) -Destination $folder
}

function Invoke-Suite {
    <# .SYNOPSIS Runs a suite, shows what it prints and returns what it counted; silence, or failure without a count, is a failure. #>
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    param([string] $Name, [regex] $Pattern, [scriptblock] $Run)
    $counted = $Pattern
    $count = [pscustomobject]@{ Passed = 0; Failed = 0; Skipped = 0; Lines = 0 }
    Write-Information -MessageData "`n== $Name" -InformationAction Continue
    & $Run | ForEach-Object {
        Write-Information -MessageData ([string] $_) -InformationAction Continue
        $match = $counted.Match([string] $_)
        if ($match.Success) {
            $count.Lines++
            $count.Passed += [int] $match.Groups['passed'].Value
            $count.Failed += [int] $match.Groups['failed'].Value
            # An empty text counts as 0.
            $count.Skipped += [int] $match.Groups['skipped'].Value
        }
    }
    if ($count.Failed -eq 0 -and ($LASTEXITCODE -ne 0 -or $count.Lines -eq 0)) {
        Write-Information -MessageData "${Name}: exit code $LASTEXITCODE, $($count.Lines) counts" -InformationAction Continue
        $count.Failed++
    }
    $count
}

switch ($Verb) {
    'demo' {
        Build-Module
        Invoke-Script -Path 'tools\demo.ps1' -Argument $Argument
        exit $LASTEXITCODE
    }
    'test' {
        $unknown = @($Argument | Where-Object { 'rust', 'module' -notcontains $_ })
        if ($unknown.Count -gt 0) { throw "Unknown suite '$unknown'; there are: rust, module." }
        $counts = @()
        if ($Argument.Count -eq 0 -or $Argument -contains 'rust') {
            $counts += Invoke-Suite -Name 'Rust: cargo test' -Pattern '^test result: .* (?<passed>\d+) passed; (?<failed>\d+) failed; (?<skipped>\d+) ignored' -Run {
                cargo test --quiet --locked --no-fail-fast --features test-exports
            }
        }
        if ($Argument.Count -eq 0 -or $Argument -contains 'module') {
            Install-Tool -Name Pester -Minimum 5.5
            Build-Module
            Build-TestLibrary
            $counts += Invoke-Suite -Name 'Module: Pester files' -Pattern '^(?<passed>\d+) passed, (?<failed>\d+) failed(, (?<skipped>\d+) skipped)?\s*$' -Run {
                Invoke-Script -Path 'tests\runner\Invoke-TestRunner.ps1' -Argument '-Path', ([IO.Path]::Combine($root, 'tests'))
            }
        }
        $sum = @{}
        foreach ($key in 'Passed', 'Failed', 'Skipped') { $sum.$key = ($counts | Measure-Object -Property $key -Sum).Sum }
        "`n{0} passed, {1} failed, {2} skipped" -f $sum.Passed, $sum.Failed, $sum.Skipped
        exit [int] ($sum.Failed -gt 0 -or $sum.Passed -eq 0)
    }
    'lint' {
        Install-Tool -Name PSScriptAnalyzer -Exact 1.19.0
        $failed = @()
        cargo fmt --check
        if ($LASTEXITCODE -ne 0) { $failed += 'cargo fmt' }
        cargo clippy --quiet --locked --all-targets --all-features -- -D warnings
        if ($LASTEXITCODE -ne 0) { $failed += 'cargo clippy' }
        if (Get-Command -Name 'cargo-deny' -CommandType Application -ErrorAction Ignore) {
            cargo deny --locked check --hide-inclusion-graph
            if ($LASTEXITCODE -ne 0) { $failed += 'cargo deny' }
        } else {
            'NOT CHECKED: advisories, licences, bans and sources of the crates: cargo install --locked cargo-deny'
        }
        Invoke-Script -Path 'tools\lint\Invoke-Lint.ps1'
        if ($LASTEXITCODE -ne 0) { $failed += 'PSScriptAnalyzer' }
        if ($failed.Count -gt 0) { "failed: $($failed -join ', ')" }
        exit [int] ($failed.Count -gt 0)
    }
    'bench' {
        Build-Module
        $quick = @(if ($Argument -contains '--quick') { '--quick' })
        Invoke-Native -Program cargo -Argument (@('bench', '--locked', '--bench', 'core', '--') + $quick)
        $told = [IO.Path]::Combine($root, 'target', 'state-bench.txt')
        Invoke-Native -Program cargo -Argument 'bench', '--locked', '--bench', 'state' | Tee-Object -FilePath $told
        Invoke-Script -Path 'tools\bench\Write-Results.ps1' -Argument (@('-State', $told) + @(if ($quick) { '-Quick' }))
        exit $LASTEXITCODE
    }
    'package' {
        Install-Tool -Name Microsoft.PowerShell.PSResourceGet -Minimum 1.1.0
        Build-Module
        Invoke-Script -Path 'tools\New-Package.ps1' -Argument '-Module', ([IO.Path]::Combine($root, 'dist', 'Ragnatramp')), '-Destination', ([IO.Path]::Combine($root, 'dist'))
        exit $LASTEXITCODE
    }
    'reproduce' { Test-Reproduction }
    { $_ -in 'fuzz', 'sanitize' } {
        # Rust has no sanitizers for Windows but AddressSanitizer for MSVC, which a stable compiler does not bring along; valgrind has none.
        [Console]::Error.WriteLine("build.ps1: '$Verb' runs on Linux only: ./build.sh $Verb, also in WSL. It needs Rust, g++ and valgrind.")
        exit 2
    }
    'help' {
        Get-Help -Name $PSCommandPath
    }
    default {
        Get-Help -Name $PSCommandPath
        [Console]::Error.WriteLine("build.ps1: unknown verb '$Verb'")
        exit 2
    }
}
