function Convert-RecordedTime {
    <#
    .SYNOPSIS
        Turns the points in time of an object (properties named ...At) into DateTime in local time, in the object itself.
    .DESCRIPTION
        ConvertFrom-Json makes dates of them in PowerShell 7, in UTC, and leaves text in Windows PowerShell.
    .PARAMETER InputObject
        An object of ConvertFrom-Json; what else lies in it stays as it is.
    #>
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
