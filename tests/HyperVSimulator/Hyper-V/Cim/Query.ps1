# The small part of WQL that finds instances: comparisons with = <> LIKE, joined by AND or OR, without brackets.

function Get-CimFault {
    <# .SYNOPSIS An error as the CIM cmdlets give it: by the WMI code. #>
    param([string] $Code, [string] $Message, [Management.Automation.ErrorCategory] $Category, [object] $Target, [string] $Cmdlet)
    # The type is one of PowerShell's own, on Windows.
    $type = if ('Microsoft.Management.Infrastructure.CimException' -as [type]) { 'Microsoft.Management.Infrastructure.CimException' } else { 'System.Exception' }
    $exception = New-Object -TypeName $type -ArgumentList $Message
    $id = "HRESULT $Code,Microsoft.Management.Infrastructure.CimCmdlets.$($Cmdlet.Replace('-', ''))Command"
    New-Object -TypeName System.Management.Automation.ErrorRecord -ArgumentList $exception, $id, $Category, $Target
}

function ConvertFrom-WqlQuery {
    <# .SYNOPSIS Class and filter of SELECT ... FROM class [WHERE filter]; nothing where it is none. #>
    param([string] $Query)
    if ($Query -notmatch '(?is)^\s*select\s+.+?\s+from\s+(?<class>\w+)(\s+where\s+(?<filter>.+?))?\s*$') { return }
    [pscustomobject] @{ Class = $Matches['class']; Filter = if ($Matches.Contains('filter')) { $Matches['filter'] } else { '' } }
}

function ConvertFrom-WqlFilter {
    <# .SYNOPSIS The comparisons of a filter, in order, each with the word that joins it to the one before. #>
    param([string] $Filter)
    $pattern = '\G\s*(?:(?<join>and|or)\s+)?(?<name>\w+)\s*(?<operator>=|<>|!=|like)\s*' +
    '(?:''(?<text>(?:[^''\\]|\\.)*)''|"(?<text>(?:[^"\\]|\\.)*)"|(?<text>\d+|true|false))\s*'
    $at = 0
    $found = New-Object -TypeName System.Collections.ArrayList
    foreach ($match in [regex]::Matches($Filter, $pattern, 'IgnoreCase')) {
        if ($match.Index -ne $at -or ($match.Groups['join'].Success -ne ($at -gt 0))) { break }
        $at += $match.Length
        $null = $found.Add([pscustomobject] @{
                Join = $match.Groups['join'].Value; Name = $match.Groups['name'].Value
                Operator = $match.Groups['operator'].Value; Text = ($match.Groups['text'].Value -replace '\\(.)', '$1')
            })
    }
    if ($at -ne $Filter.Length) { return }
    $found.ToArray()
}

function Test-WqlComparison {
    <# .SYNOPSIS One comparison with one instance. A property that the class lacks fits nothing. #>
    param([object] $Instance, [object] $Comparison)
    $property = $Instance.PSObject.Properties[$Comparison.Name]
    if ($null -eq $property) { return $false }
    $value = [string] $property.Value
    switch ($Comparison.Operator) {
        '=' { return $value -eq $Comparison.Text }
        'like' {
            $pattern = [regex]::Escape($Comparison.Text).Replace('%', '.*').Replace('_', '.')
            return $value -match "^(?:$pattern)$"
        }
        default { return $value -ne $Comparison.Text }
    }
}

function Select-WqlInstance {
    <# .SYNOPSIS The instances that fit the comparisons; AND binds more tightly than OR. #>
    param([object[]] $Instance, [object[]] $Comparison)
    foreach ($one in $Instance) {
        $any = $false
        $all = $true
        foreach ($part in @($Comparison)) {
            if ($part.Join -eq 'or') {
                $any = $any -or $all
                $all = $true
            }
            $all = $all -and (Test-WqlComparison -Instance $one -Comparison $part)
        }
        if ($any -or $all) { $one }
    }
}
