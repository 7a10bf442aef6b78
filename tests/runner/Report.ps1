# What a person reads of a run: a line per file, then each test that failed or was skipped.

function Measure-TestResult {
    <# .SYNOPSIS Counts the results of one file. #>
    param([object[]] $Result)
    $counts = @{ Passed = 0; Failed = 0; Skipped = 0 }
    foreach ($one in $Result) { $counts[$one.Result] += 1 }
    [pscustomobject] @{ Passed = $counts.Passed; Failed = $counts.Failed; Skipped = $counts.Skipped }
}

function Format-TestResult {
    <# .SYNOPSIS The lines of one file. #>
    param([string] $Path, [object] $Count, [object[]] $Result)
    $name = [IO.Path]::GetFileName($Path)
    '{0}: {1} passed, {2} failed, {3} skipped' -f $name, $Count.Passed, $Count.Failed, $Count.Skipped
    foreach ($one in $Result) {
        if ($one.Result -eq 'Failed') {
            "  failed: $($one.Name)"
            foreach ($line in ($one.Message -split '\r?\n')) { "      $line" }
            if ($one.Place) { "      at $($one.Place)" }
        }
        elseif ($one.Result -eq 'Skipped') {
            "  skipped: $($one.Name): $($one.Message)"
        }
    }
}
