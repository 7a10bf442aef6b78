# -AsJob: the work is done at once, except for a shutdown that goes on; the job is what tells of it.

# What the job does: it waits while a machine is stopping, and tells.
$script:JobBlock = {
    param($paths, $output, $fault)
    foreach ($path in $paths) {
        while ([IO.File]::Exists($path)) {
            try { if ((ConvertFrom-Json -InputObject ([IO.File]::ReadAllText($path))).state -ne 'Stopping') { break } }
            catch [IO.IOException], [UnauthorizedAccessException] { $null = $_ }
            Start-Sleep -Milliseconds 20
        }
    }
    $output
    foreach ($record in $fault) { $PSCmdlet.WriteError($record) }
}

function New-LabJob {
    <# .SYNOPSIS A job that gives the output and errors of a call, once the machines in Id are not stopping any more. #>
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseCompatibleCommands', '', Justification = 'It is looked for first.')]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'The cmdlet has asked.')]
    param([string] $Name, [object[]] $Output, [object[]] $Fault, [guid[]] $Id)
    if (-not (Get-Command -Name 'Start-ThreadJob' -ErrorAction Ignore)) {
        throw [NotSupportedException] 'The simulated -AsJob needs Start-ThreadJob: Install-Module ThreadJob.'
    }
    $paths = @(foreach ($one in $Id) { Get-LabPath -Part 'vms', "$one.json" })
    Start-ThreadJob -Name $Name -ThrottleLimit 64 -ArgumentList $paths, $Output, $Fault -ScriptBlock $script:JobBlock
}
