# What the user gets of what the library returned.

function Write-ReconcileReport {
    # Tells a finished reconcile: its warnings, its errors, and the result. A warning that another one covers is in the result
    # and is not told by itself.
    [CmdletBinding()]
    [OutputType('Ragnatramp.ReconcileResult')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        # The library's `report`.
        [Parameter(Mandatory)]
        [object] $Response
    )
    foreach ($warning in $Response.report.warnings) {
        if (-not $warning.PSObject.Properties['covered'] -or -not $warning.covered) {
            $remedy = if ($warning.PSObject.Properties['remedy']) { $warning.remedy }
            $Cmdlet.WriteWarning("$($warning.message) $remedy".TrimEnd())
        }
    }
    foreach ($failure in $Response.report.errors) { Write-RagnaFailure -Cmdlet $Cmdlet -Failure $failure }

    $result = $Response.report
    $result.PSObject.TypeNames.Insert(0, 'Ragnatramp.ReconcileResult')
    foreach ($diff in $result.Diffs) { Convert-RecordedTime -InputObject $diff.Network }
    # What a user sees, for the format file. As a method it stays out of what is exported. A closure sees variables of
    # here, but no function of the module.
    $rows = @($Response.view)
    $format = ${function:Format-ReconcileView}
    $result | Microsoft.PowerShell.Utility\Add-Member -MemberType ScriptMethod -Name GetView -Value { & $format -Result $this -Row $rows }.GetNewClosure()
    $result
}

function Format-ReconcileView {
    # The text of a reconcile for the format file: its headline, and a table that fits 80 columns.
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)]
        [object] $Result,

        [Parameter(Mandatory)]
        [AllowEmptyCollection()]
        [object[]] $Row
    )
    $dry = if ($Result.DryRun) { ' (what if)' }
    $project = "   Project: $($Result.Project)"
    $headline = "$($Result.Summary.Headline)$dry"
    $text = if ($project.Length + 4 + $headline.Length -le 80) { @("$project    $headline", '') } else { @($project, "   $headline", '') }
    if ($Row.Count -gt 0) {
        $heads = 'Machine', 'State', 'Address', 'Source', 'Hosts'
        $lines = [System.Collections.Generic.List[string[]]]::new()
        $lines.Add($heads)
        $lines.Add([string[]] @(foreach ($head in $heads) { '-' * $head.Length }))
        foreach ($one in $Row) { $lines.Add([string[]] @($one.machine, $one.state, $one.address, $one.source, $one.hosts)) }

        $widths = @(foreach ($column in 0..3) {
                [System.Linq.Enumerable]::Max([int[]] @(foreach ($cells in $lines) { ([string] $cells[$column]).Length }))
            })
        $room = [Math]::Max(10, 80 - $widths[0] - $widths[1] - $widths[2] - $widths[3] - 4)
        $style = Microsoft.PowerShell.Utility\Get-Variable -Name PSStyle -ValueOnly -ErrorAction Ignore
        $number = 0
        $text += @(foreach ($cells in $lines) {
                $last = [string] $cells[4]
                if ($last.Length -gt $room) { $last = $last.Substring(0, $room - 1) + [char] 0x2026 }
                $line = (@(foreach ($column in 0..3) { ([string] $cells[$column]).PadRight($widths[$column]) }) + $last) -join ' '
                $line = $line.TrimEnd()
                if ($style -and $number -lt 2) { $line = "$($style.Formatting.TableHeader)$line$($style.Reset)" }
                $number++
                $line
            })
    }
    $text -join [Environment]::NewLine
}

function New-ConfigTest {
    # What Test-RagnaConfig emits: of a sound config, or of the failure that told its faults.
    [CmdletBinding()]
    [OutputType('Ragnatramp.ConfigTest')]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '',
        Justification = 'Makes an object and changes nothing.')]
    param(
        [Parameter(Mandatory)]
        [string] $Path,

        # The library's.
        [object] $Config,

        [object] $Failure,

        # Of Get-LabFinding.
        [object[]] $Finding
    )
    $faults = if ($null -ne $Failure -and $Failure.PSObject.Properties['faults']) { $Failure.faults }
    [pscustomobject]@{
        PSTypeName = 'Ragnatramp.ConfigTest'
        Path       = $Path
        Valid      = $null -ne $Config
        Project    = if ($null -ne $Config) { $Config.project }
        Machines   = [string[]] @(if ($null -ne $Config) { foreach ($machine in $Config.machines) { $machine.name } })
        BaseImages = [string[]] @(if ($null -ne $Config) {
                $Config.machines | Microsoft.PowerShell.Core\ForEach-Object { $_.baseImage } | Microsoft.PowerShell.Utility\Select-Object -Unique
            })
        Faults     = @(foreach ($fault in $faults) {
                [pscustomobject]@{
                    PSTypeName = 'Ragnatramp.ConfigFault'
                    Path       = $fault.path
                    Line       = $fault.line
                    Column     = $fault.column
                    Length     = $fault.length
                    Message    = $fault.message
                    Suggestion = if ($fault.PSObject.Properties['suggestion']) { $fault.suggestion }
                    SourceLine = $fault.sourceLine
                }
            })
        Findings   = @(foreach ($one in $Finding) { $one })
    }
}

function Convert-RecordedTime {
    # Turns the points in time of an object of ConvertFrom-Json (properties named ...At) into DateTime in local time, in the
    # object itself. PowerShell 7 makes dates in UTC of them, Windows PowerShell leaves text.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)]
        [AllowNull()]
        [object] $InputObject
    )
    if ($null -eq $InputObject) { return }
    foreach ($property in $InputObject.PSObject.Properties) {
        if ($property.Value -is [datetime] -or $property.Name -clike '*At') {
            $property.Value = ConvertTo-LocalTime -Value $property.Value
        }
    }
}

function ConvertTo-LocalTime {
    # A date, or the text of one, in local time; what is neither stays as it is.
    [CmdletBinding()]
    [OutputType([datetime], [object])]
    param(
        [AllowNull()]
        [object] $Value
    )
    if ($Value -is [datetime]) { return $Value.ToLocalTime() }
    $time = [datetime]::MinValue
    if ($Value -is [string] -and [datetime]::TryParse($Value, [cultureinfo]::InvariantCulture, 'RoundtripKind', [ref] $time)) {
        return $time.ToLocalTime()
    }
    $Value
}
