# How often each machine's adapters have been looked at. Kept in looks.txt, so that a new process goes on where the last
# one stopped. Only machines whose answers differ from look to look are counted.

function Get-LabLook {
    <# .SYNOPSIS The counts, by machine id. #>
    $counts = @{}
    $path = Get-LabPath -Part 'looks.txt'
    if ([IO.File]::Exists($path)) {
        foreach ($line in [IO.File]::ReadAllLines($path)) {
            $part = $line.Split(' ')
            if ($part.Length -eq 2) { $counts[$part[0]] = [int] $part[1] }
        }
    }
    $counts
}

function Save-LabLook {
    <# .SYNOPSIS Writes the counts back. #>
    param([hashtable] $Count)
    $lines = foreach ($key in $Count.Keys) { "$key $($Count[$key])" }
    [IO.File]::WriteAllLines((Get-LabPath -Part 'looks.txt'), [string[]] @($lines))
}

function Get-AdapterAnswer {
    <# .SYNOPSIS The addresses that an adapter shows at look number Look (from 0); the last answer stays. #>
    param([object] $Adapter, [int] $Look)
    $answers = @(Get-Field -Source $Adapter -Name 'addresses' -Default @())
    if ($answers.Count -eq 0) { return , [string[]] @() }
    # A plain list of addresses is one answer.
    if ($answers[0] -is [string]) { return , [string[]] $answers }
    , [string[]] @($answers[[Math]::Min($Look, $answers.Count - 1)])
}

function Test-AnswerSeries {
    <# .SYNOPSIS Whether a machine's adapters answer differently from look to look. #>
    param([object] $Machine)
    foreach ($adapter in $Machine.Adapters) {
        $answers = @(Get-Field -Source $adapter -Name 'addresses' -Default @())
        if ($answers.Count -gt 1 -and $answers[0] -isnot [string]) { return $true }
    }
    $false
}
