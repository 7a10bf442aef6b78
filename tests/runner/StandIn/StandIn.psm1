# A small runner for plain Pester files. Discovery builds a tree of blocks, Run walks it, as Pester does in its two phases.
Set-StrictMode -Version Latest

foreach ($part in 'Discovery', 'Run', 'TestDrive', 'Operators', 'Should') {
    . ([IO.Path]::Combine($PSScriptRoot, "$part.ps1"))
}
