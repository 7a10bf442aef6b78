# How often each machine's adapters have been looked at. Kept in looks.txt, so that a new process goes on where the last
# one stopped. Only machines whose answers differ from look to look are counted.

function Get-LabLook {
    <# .SYNOPSIS The counts, by machine id. #>
    $counts = @{}
    $path = Get-LabPath -Part 'looks.txt'
    if ([IO.File]::Exists($path)) {
        foreach ($line in Use-LabFile { [IO.File]::ReadAllLines($path) }) {
            $part = $line.Split(' ')
            if ($part.Length -eq 2) { $counts[$part[0]] = [int] $part[1] }
        }
    }
    $counts
}

function Save-LabLook {
    <# .SYNOPSIS Writes the counts back. #>
    param([hashtable] $Count)
    $lines = foreach ($key in $Count.Keys) { $key + ' ' + $Count[$key] }
    $path = Get-LabPath -Part 'looks.txt'
    Use-LabFile { [IO.File]::WriteAllLines($path, [string[]] @($lines)) }
}
