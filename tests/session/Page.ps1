# The pages for people: which there are, and their texts without what differs from run to run.

function Get-PagePath {
    <# .SYNOPSIS The README, the pages of docs/ and, with -Help, those that are made from the help. #>
    param([switch] $Help)
    $root = [IO.Path]::GetDirectoryName([IO.Path]::GetDirectoryName($PSScriptRoot))
    [IO.Path]::Combine($root, 'README.md')
    [IO.Directory]::GetFiles([IO.Path]::Combine($root, 'docs'), '*.md')
    if ($Help) { [IO.Directory]::GetFiles([IO.Path]::Combine($root, 'docs', 'help'), '*.md') }
}

function Get-MaskedLine {
    <# .SYNOPSIS Lines with a word in place of each id, hash, time, address of the first range and other thing that follows from the run. #>
    param([Parameter(Mandatory)] [AllowEmptyCollection()] [AllowEmptyString()] [string[]] $Line)
    foreach ($one in $Line) {
        $masked = $one -replace '(?<![0-9A-Fa-f])[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\b', 'ID' -replace '-[0-9a-f]{8}\b', '-HASH'
        $masked = $masked -replace '\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\b', 'TIME' -replace '\b(\w\w:){5}\w\w\b', 'MAC'
        $masked = $masked -replace '\b172\.20\.131\.\d+\b', '172.20.131.N' -replace 'just now|\d+ (s|min) ago', 'SEEN'
        ($masked -replace '\s+', ' ').TrimEnd()
    }
}

function Invoke-PageTool {
    <# .SYNOPSIS Runs a script of tools/docs in a process of its own and gives its lines; throws where it fails. #>
    param([Parameter(Mandatory)] [string] $Name, [Parameter(Mandatory)] [string] $Argument)
    $script = [IO.Path]::Combine([IO.Path]::GetDirectoryName([IO.Path]::GetDirectoryName($PSScriptRoot)), 'tools', 'docs', $Name)
    $program = [Diagnostics.Process]::GetCurrentProcess().MainModule.FileName
    $encoding = [Console]::OutputEncoding
    [Console]::OutputEncoding = [Text.UTF8Encoding]::new($false)
    try {
        $told = @(& $program -NoProfile -NonInteractive -ExecutionPolicy Bypass -Command "& '$($script.Replace("'", "''"))' $Argument; 'through'" 2>&1 | ForEach-Object { "$_" })
    } finally {
        [Console]::OutputEncoding = $encoding
    }
    if ($told.Count -eq 0 -or $told[-1] -cne 'through') { throw "$Name did not run to its end: $($told -join "`n")" }
    @($told | Select-Object -SkipLast 1)
}
