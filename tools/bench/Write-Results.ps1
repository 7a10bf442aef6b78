<#
.SYNOPSIS
    Measures the module and writes one page of everything that was measured: benches/RESULTS.md.
.DESCRIPTION
    What is compared is measured in turn, in one run. Whatever a session pays once is measured in fresh processes, a median of many; the rest in
    one process for each size. The core's part is read from what `cargo bench` left in target/criterion and in the file -State.
.PARAMETER State
    What `cargo bench --bench state` printed.
.PARAMETER System
    What the system is to be called; by default what .NET calls it.
.PARAMETER Quick
    Fewer rounds and no lab of 1,000 machines: a look at the order of magnitude. RESULTS.md stays as it is, and the page goes to the output.
#>
[CmdletBinding()]
param(
    [string] $State,

    [string] $System,

    [switch] $Quick
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
. ([IO.Path]::Combine($PSScriptRoot, 'Table.ps1'))
. ([IO.Path]::Combine($PSScriptRoot, 'CoreResults.ps1'))
$root = [IO.Path]::GetDirectoryName([IO.Path]::GetDirectoryName($PSScriptRoot))
$shell = [Diagnostics.Process]::GetCurrentProcess().MainModule.FileName
$module = [IO.Directory]::GetFiles([IO.Path]::Combine($root, 'dist', 'Ragnatramp'), 'Ragnatramp.psd1', 'AllDirectories')[0]
$work = [IO.Path]::Combine([IO.Path]::GetTempPath(), "ragnatramp-results-$PID")

function Invoke-Measurement {
    # What a script of this folder prints as JSON, in a process of its own.
    param([string] $Script, [string[]] $Argument = @())
    Write-Information -MessageData "$Script $Argument" -InformationAction Continue
    $told = @(& $shell -NoProfile -NonInteractive -ExecutionPolicy Bypass -File ([IO.Path]::Combine($PSScriptRoot, $Script)) @Argument)
    if ($LASTEXITCODE -ne 0) { throw "$Script $Argument ended with exit code $LASTEXITCODE." }
    $told[-1] | ConvertFrom-Json
}

function Measure-Process {
    # Milliseconds that a command or a script tells of itself, in a fresh process.
    param([string[]] $Argument)
    $told = @(& $shell -NoProfile -NonInteractive -ExecutionPolicy Bypass @Argument)
    if ($LASTEXITCODE -ne 0) { throw "The process ended with exit code ${LASTEXITCODE}: $Argument" }
    [double]::Parse($told[-1], [cultureinfo]::InvariantCulture)
}

function Measure-Import {
    # Imports of our module and of an empty one, each as the first thing in a process, and whole processes that are asked nothing. In turn.
    param([int] $Round)
    $null = [IO.Directory]::CreateDirectory([IO.Path]::Combine($work, 'Empty'))
    $empty = [IO.Path]::Combine($work, 'Empty', 'Empty.psd1')
    [IO.File]::WriteAllText([IO.Path]::ChangeExtension($empty, 'psm1'), '')
    [IO.File]::WriteAllText($empty, "@{ RootModule = 'Empty.psm1'; ModuleVersion = '1.0'; FunctionsToExport = @(); CmdletsToExport = @(); AliasesToExport = @() }")
    $command = "`$w = [Diagnostics.Stopwatch]::StartNew(); Import-Module '{0}'; `$w.Elapsed.TotalMilliseconds.ToString([cultureinfo]::InvariantCulture)"
    $times = @{ ours = [double[]] @(); empty = [double[]] @(); process = [double[]] @() }
    for ($turn = 0; $turn -lt $Round; $turn++) {
        $times.empty += Measure-Process -Argument '-Command', ($command -f $empty)
        $times.ours += Measure-Process -Argument '-Command', ($command -f $module)
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $null = Measure-Process -Argument '-Command', '1'
        $times.process += $watch.Elapsed.TotalMilliseconds
    }
    $times
}

$begun = [Diagnostics.Stopwatch]::StartNew()
$rounds = if ($Quick) { 3 } else { 21 }
$rows = [Collections.Generic.List[string]]::new()
try {
    $import = Measure-Import -Round $rounds
    $more = Get-Median -Value @(for ($one = 0; $one -lt $rounds; $one++) { $import.ours[$one] - $import.empty[$one] })
    $rows.Add((New-Row -What 'import, beside an empty module' -Ours (Format-Time (Get-Median $import.ours)) -Beside (Format-Time (Get-Median $import.empty)) `
                -Ratio (Get-RatioMedian $import.ours $import.empty) -AtMost 30 -Judged $more -Unit ' ms more'))
    $firsts = @(foreach ($turn in 1..[Math]::Min($rounds, 7)) { Invoke-Measurement -Script 'Measure-First.ps1' -Argument '-Module', $module })
    $binds = @(foreach ($turn in 1..[Math]::Min($rounds, 7)) { Invoke-Measurement -Script 'Measure-First.ps1' -Argument '-Module', $module, '-Bind' })
    $bind = Get-Median -Value $binds.bind
    $next = Get-Median -Value $firsts.next
    $rows.Add((New-Row -What 'first use: the library is bound and called once, beside the second cmdlet' -Ours (Format-Time $bind) -Beside (Format-Time $next) `
                -Ratio ($bind / $next) -AtMost 100 -Judged $bind -Unit ' ms'))
    $first = Get-Median -Value $firsts.cmdlet
    $rows.Add((New-Row -What 'first use: the first Test-RagnaConfig of a session, beside the second' -Ours (Format-Time $first) -Beside (Format-Time $next) -Ratio ($first / $next)))

    $border = Invoke-Measurement -Script 'Measure-Border.ps1' -Argument '-Round', $rounds
    $what = @{
        bare = "a call of the library ($($border.in) bytes in, $($border.out) out: called, copied, given back)"
        raw  = 'the same by the function of the module that all calls go through'
        json = 'the same with objects, as JSON'
    }
    $beside = @{ same = 'an empty function of the same parameters'; empty = 'an empty function' }
    foreach ($pair in ('bare', 'empty'), ('raw', 'same'), ('raw', 'empty'), ('json', 'same'), ('json', 'empty')) {
        $kind, $other = $pair
        $wanted = if ($kind -eq 'json') { @{} } else { @{ AtMost = 2 } }
        $rows.Add((New-Row -What "$($what[$kind]), beside a call of $($beside[$other])" -Ours (Format-Time ((Get-Median $border.$kind) / 1000)) `
                    -Beside (Format-Time ((Get-Median $border.$other) / 1000)) -Ratio (Get-RatioMedian $border.$kind $border.$other) @wanted))
    }

    $verbs = [ordered] @{}
    $process = Get-Median -Value $import.process
    foreach ($size in $(if ($Quick) { 3, 100 } else { 3, 100, 1000 })) {
        $measured = Invoke-Measurement -Script 'Measure-Verb.ps1' -Argument '-Machine', $size, '-Round', $(if ($size -gt 100) { 5 } else { [Math]::Min($rounds, 11) })
        foreach ($verb in 'Get-RagnaStatus', 'Get-RagnaPlan', 'Invoke-RagnaReconcile') {
            $ours = [double[]] $measured.$verb.ours
            $plain = [double[]] $measured.$verb.plain
            if (-not $verbs.Contains($verb)) { $verbs[$verb] = [ordered] @{} }
            $verbs[$verb][[object] $size] = Get-Median $ours
            $wanted = if ($verb -eq 'Get-RagnaStatus' -and $size -eq 3) { @{ AtLeast = 1 } } elseif ($verb -eq 'Get-RagnaStatus' -and $size -eq 1000) { @{ AtLeast = 5 } } else { @{} }
            $rows.Add((New-Row -What "$verb, $size machines, what is ours; the ratio is the plain PowerShell's to ours" -Ours (Format-Time (Get-Median $ours)) `
                        -Beside (Format-Time (Get-Median $plain)) -Ratio (Get-RatioMedian $plain $ours) @wanted))
            if ($verb -eq 'Get-RagnaStatus') {
                # What the original asks: a process for each VM. That each of them also loads Hyper-V's module is left out.
                $wanted = if ($size -eq 3) { @{ AtLeast = 20 } } else { @{} }
                $rows.Add((New-Row -What "$verb, $size machines, beside $size starts of PowerShell ($(if ($size -eq 3) { 'a start was measured' } else { 'a start, times the machines' }))" `
                            -Ours (Format-Time (Get-Median $ours)) -Beside (Format-Time ($size * $process)) -Ratio ($size * $process / (Get-Median $ours)) @wanted))
            } else {
                $questions = if ($verb -eq 'Get-RagnaPlan') { 1 } else { 2 }
                $rows.Add((New-Row -What "$verb, $size machines, beside a start of PowerShell for each of $questions questions" -Ours (Format-Time (Get-Median $ours)) `
                            -Beside (Format-Time ($questions * $process)) -Ratio ($questions * $process / (Get-Median $ours))))
            }
        }
    }

    $whole = Invoke-Measurement -Script 'Measure-Reconcile.ps1' -Argument '-Round', ([Math]::Min($rounds, 7))
    foreach ($kind in 'none', 'exchange') {
        $what = @{ none = 'no guest is entered'; exchange = 'guests of Data Exchange, which have the block' }[$kind]
        $rows.Add((New-Row -What "a whole reconcile of 3 machines that changes nothing ($what; $($whole.calls.$kind) calls), beside Get-VM and Get-VMNetworkAdapter, 100 ms a call" `
                    -Ours (Format-Time (Get-Median $whole.$kind)) -Beside (Format-Time (Get-Median $whole.bare)) -Ratio (Get-RatioMedian $whole.$kind $whole.bare) -AtMost 2))
    }
    $memory = @{}
    $size = if ($Quick) { 100 } else { 1000 }
    foreach ($who in 'Ours', 'Plain') { $memory[$who] = (Invoke-Measurement -Script 'Measure-Verb.ps1' -Argument '-Machine', $size, '-Memory', $who).peak }
    $rows.Add((New-Row -What "peak memory of a process with Get-RagnaStatus of $size machines, beside one with the plain PowerShell" `
                -Ours "$(Format-Number ($memory.Ours / 1MB)) MB" -Beside "$(Format-Number ($memory.Plain / 1MB)) MB" -Ratio ($memory.Ours / $memory.Plain)))
    $dll = [IO.FileInfo]::new([IO.Path]::Combine([IO.Path]::GetDirectoryName($module), 'bin', 'runtimes', 'win-x64', 'native', 'ragnatramp.dll')).Length
    $rows.Add((New-Row -What 'size of the DLL, beside the scripts of the module' -Ours "$(Format-Number ($dll / 1MB)) MB" -Beside "$(Format-Number ((Get-ScriptSize -Folder ([IO.Path]::GetDirectoryName($module))) / 1MB)) MB" `
                -Ratio ($dll / (Get-ScriptSize -Folder ([IO.Path]::GetDirectoryName($module))))))
} finally {
    if ([IO.Directory]::Exists($work)) { [IO.Directory]::Delete($work, $true) }
}

$core = Read-CoreResult -Folder ([IO.Path]::Combine($root, 'target', 'criterion'))
foreach ($row in Get-CoreRow -Core $core -State $State) { $rows.Add($row) }
$page = @(
    '# What was measured'
    ''
    "Written by ``./build.sh bench``$(if ($Quick) { ' --quick' }) on $([datetime]::UtcNow.ToString('yyyy-MM-dd', [cultureinfo]::InvariantCulture)), in $([int] $begun.Elapsed.TotalMinutes) min for the module. Not edited."
    ''
    "Machine: $(Get-MachineText -System $System). $(Get-LoadText)"
    ''
    'What is compared was measured in turn in one run; times are medians, and ratios medians of the ratios of pairs where there are pairs. "What is ours" is'
    'everything but Hyper-V''s own cmdlets, which answer at once for both sides. The plain PowerShell is [baseline/Baseline.psm1](baseline/Baseline.psm1).'
    ''
    '| what | ours | beside it | ratio | wanted | is |'
    '|---|---|---|---|---|---|'
) + $rows + @(
    ''
    '## Growth'
    ''
    'How the time for one more entry grows from size to size: 1 is linear, and more than 1.5 is marked.'
    ''
    '| what | time by size | growth per entry | |'
    '|---|---|---|---|'
) + @(foreach ($verb in $verbs.Keys) { Get-GrowthRow -What $verb -Time $verbs[$verb] }) + @(Get-CoreGrowth -Core $core)
$text = ($page -join "`n") + "`n"
if ($Quick) { $text } else { [IO.File]::WriteAllText([IO.Path]::Combine($root, 'benches', 'RESULTS.md'), $text) }
