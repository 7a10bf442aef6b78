function ConvertTo-RagnaObject {
    <#
    .SYNOPSIS
        Turns what the library answered into an object as PowerShell people know them: PascalCase, typed, real dates.
    .DESCRIPTION
        Property names get a capital, lists stay lists, and points in time (properties named ...At) become DateTime in
        local time in every edition of PowerShell.
    .PARAMETER InputObject
        An object of ConvertFrom-Json.
    .PARAMETER TypeName
        The type name of the object; the objects in it are left untyped.
    .OUTPUTS
        System.Management.Automation.PSCustomObject
    #>
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    param(
        [Parameter(Mandatory)]
        [AllowNull()]
        [object] $InputObject,

        [string] $TypeName
    )
    $properties = [ordered] @{}
    if ($TypeName) { $properties['PSTypeName'] = $TypeName }
    foreach ($property in $InputObject.PSObject.Properties) {
        $name = $property.Name.Substring(0, 1).ToUpperInvariant() + $property.Name.Substring(1)
        $properties[$name] = ConvertTo-RagnaValue -Value $property.Value -IsTime:($name -clike '*At')
    }
    [pscustomobject] $properties
}

function ConvertTo-RagnaValue {
    # One value of ConvertTo-RagnaObject. A list is wrapped so that one element, or none, still is a list.
    [CmdletBinding()]
    [OutputType([object[]], [object])]
    param(
        [AllowNull()]
        [object] $Value,

        [switch] $IsTime
    )
    if ($null -eq $Value) { return $null }
    if ($Value -is [System.Array]) {
        return , @(foreach ($item in $Value) { ConvertTo-RagnaValue -Value $item })
    }
    if ($Value -is [System.Management.Automation.PSCustomObject]) { return ConvertTo-RagnaObject -InputObject $Value }
    if ($IsTime -or $Value -is [datetime]) { return ConvertTo-LocalTime -Value $Value }
    $Value
}
