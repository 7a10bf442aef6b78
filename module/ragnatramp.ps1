# What ragnatramp.cmd runs: the command line of the module beside it, with the streams of a console program. Texts and JSON go to
# standard output, failures, warnings and --verbose to standard error, all in UTF-8; ends with the exit code.
$ProgressPreference = if ([Console]::IsOutputRedirected) { 'SilentlyContinue' } else { 'Continue' }
[Console]::OutputEncoding = [System.Text.UTF8Encoding]::new($false)
Microsoft.PowerShell.Core\Import-Module -Name ([System.IO.Path]::Combine($PSScriptRoot, 'Ragnatramp.psd1')) -ErrorAction Stop
ragnatramp @args 2>&1 3>&1 4>&1 | Microsoft.PowerShell.Core\ForEach-Object {
    if ($_ -is [System.Management.Automation.ErrorRecord]) {
        [Console]::Error.WriteLine("$_")
    } elseif ($_ -is [System.Management.Automation.WarningRecord]) {
        [Console]::Error.WriteLine("$([char] 0x26A0) $($_.Message)")
    } elseif ($_ -is [System.Management.Automation.VerboseRecord]) {
        [Console]::Error.WriteLine("[PS] $($_.Message)")
    } else {
        [Console]::Out.WriteLine($_)
    }
}
exit $global:LASTEXITCODE
