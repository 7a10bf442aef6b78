# What was tried and what came of it: rows, and the file that holds them. A row's result is one of four: passed, failed, skipped,
# and seen, for what is told and not judged.

function New-Report {
    param([Parameter(Mandatory)] [bool] $HasGuest, [Parameter(Mandatory)] [bool] $IsReal)
    [pscustomobject]@{ Rows = [Collections.Generic.List[object]]::new(); HasGuest = $HasGuest; IsReal = $IsReal; Began = [DateTime]::UtcNow }
}

function Add-Row {
    param(
        [Parameter(Mandatory)] [string] $Name,
        [Parameter(Mandatory)] [ValidateSet('passed', 'failed', 'skipped', 'seen')] [string] $Result,
        [AllowEmptyString()] [string] $Detail
    )
    $report.Rows.Add([pscustomobject]@{ Name = $Name; Result = $Result; Detail = $Detail })
    Write-Information -MessageData ('{0,-8}{1}' -f $Result, $Name) -InformationAction Continue
}

function Get-ErrorText {
    # An error in one text: its id, its message, and the number that a program would know it by.
    param([Parameter(Mandatory)] [object] $Record)
    $cause = $Record.Exception.GetBaseException()
    "$($Record.FullyQualifiedErrorId): $($Record.Exception.Message) [$($cause.GetType().Name) 0x$($cause.HResult.ToString('X8'))]"
}

function Invoke-Step {
    <#
    .SYNOPSIS
        Carries out one step and notes what came of it. It fails where it throws or writes an error; a fault ends no other step.
    .PARAMETER Needs
        What it takes: nothing but a lab, a real Hyper-V, or a guest that boots. Where that is not here the step is skipped.
    .PARAMETER Seen
        What the script returns is told and not judged.
    #>
    param(
        [Parameter(Mandatory, Position = 0)] [string] $Name,
        [Parameter(Mandatory, Position = 1)] [scriptblock] $Script,
        [ValidateSet('Lab', 'RealHyperV', 'Guest')] [string] $Needs = 'Lab',
        [switch] $Seen
    )
    $lack = if ($Needs -eq 'RealHyperV' -and -not $report.IsReal) { 'needs a real Hyper-V' } elseif ($Needs -eq 'Guest' -and -not $report.HasGuest) { 'needs a guest: -Image' }
    if ($lack) {
        Add-Row -Name $Name -Result 'skipped' -Detail $lack
        return
    }
    $watch = [Diagnostics.Stopwatch]::StartNew()
    try {
        # Warnings are the cmdlets' own; here only errors count, and what a step returns. $ErrorActionPreference does not reach every module.
        $told = @(& $Script 2>&1 3>$null 6>$null)
        $faults = @($told | Where-Object { $_ -is [Management.Automation.ErrorRecord] })
        if ($faults.Count -gt 0) { throw $faults[0] }
        $told = $told -join '; '
        $result = if ($Seen) { 'seen' } else { 'passed' }
        Add-Row -Name $Name -Result $result -Detail "$told ($([int] $watch.Elapsed.TotalMilliseconds) ms)".Trim()
    } catch {
        Add-Row -Name $Name -Result 'failed' -Detail "$(Get-ErrorText -Record $_) ($([int] $watch.Elapsed.TotalMilliseconds) ms)"
    }
}

function Assert-That {
    # Throws where something is not so. Actual is told.
    param([Parameter(Mandatory)] [bool] $Condition, [Parameter(Mandatory)] [string] $What, [AllowNull()] [object] $Actual)
    if (-not $Condition) { throw "Not so: $What. It is: $Actual" }
}

function Get-ReportText {
    # A text as it may leave this computer: without the user, the computer and their folders, in one line, and bounded.
    param([AllowEmptyString()] [string] $Text, [Parameter(Mandatory)] [object] $Lab)
    $places = @(
        @{ Path = $Lab.Folder; Word = '<lab>' }, @{ Path = [IO.Path]::GetTempPath().TrimEnd('\', '/'); Word = '<temp>' }
        @{ Path = $HOME; Word = '<home>' }, @{ Path = [Environment]::GetFolderPath('UserProfile'); Word = '<home>' }
        @{ Path = [IO.Path]::GetDirectoryName($PSScriptRoot); Word = '<tests>' }, @{ Path = "$PSHOME"; Word = '<powershell>' }
    ) | Where-Object { "$($_.Path)".Length -gt 3 } | Sort-Object -Property { $_.Path.Length } -Descending
    foreach ($place in $places) {
        foreach ($path in $place.Path, $place.Path.Replace('\', '/'), $place.Path.Replace('\', '\\')) {
            $Text = [regex]::Replace($Text, [regex]::Escape($path), $place.Word.Replace('$', '$$'), 'IgnoreCase')
        }
    }
    foreach ($pair in @(@([Environment]::UserName, '<user>'), @([Environment]::MachineName, '<computer>'), @([Environment]::UserDomainName, '<domain>'))) {
        if ("$($pair[0])".Length -ge 3) { $Text = [regex]::Replace($Text, "(?<!\w)$([regex]::Escape($pair[0]))(?!\w)", $pair[1], 'IgnoreCase') }
    }
    # The lab's config has a hash of its path in the names of its VMs, which says nothing without that path.
    $Text = [regex]::Replace($Text, '[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+', ' ').Replace('|', '\|').Trim()
    if ($Text.Length -gt 1500) { $Text.Substring(0, 1500) + ' ...' } else { $Text }
}

function Write-Report {
    # Writes the report as Markdown: about the computer, then a row for each step.
    param([Parameter(Mandatory)] [object] $Report, [Parameter(Mandatory)] [string] $Path, [Parameter(Mandatory)] [object] $Lab)
    $module = Get-Module -Name Ragnatramp
    $where = [ordered]@{
        'Ragnatramp'      = "$($module.Version)"
        'Hyper-V'         = if ($Report.IsReal) { "$(Get-Module -Name Hyper-V | ForEach-Object { $_.Version })" } else { 'simulated' }
        'Windows'         = [Environment]::OSVersion.VersionString
        'PowerShell'      = "$($PSVersionTable.PSVersion) ($($PSVersionTable.PSEdition), $env:PROCESSOR_ARCHITECTURE)"
        'Language'        = [Globalization.CultureInfo]::CurrentUICulture.Name
        'Elevated'        = "$(Test-Elevation)"
        'Hyper-V Administrators' = "$(Test-HyperVAdministrator)"
        'Guests'          = if ($Report.HasGuest) { 'booted from an image' } else { 'none' }
        'Began'           = $Report.Began.ToString('yyyy-MM-dd HH:mm') + ' UTC'
    }
    $lines = @('# Ragnatramp on Hyper-V', '') + @(foreach ($name in $where.Keys) { "- ${name}: $(Get-ReportText -Text $where[$name] -Lab $Lab)" }) +
    @('', '| result | step | what came of it |', '|---|---|---|') +
    @(foreach ($row in $Report.Rows) { "| $($row.Result) | $(Get-ReportText -Text $row.Name -Lab $Lab) | $(Get-ReportText -Text $row.Detail -Lab $Lab) |" })
    [IO.File]::WriteAllText($Path, ($lines -join "`n") + "`n", [Text.UTF8Encoding]::new($false))
}
