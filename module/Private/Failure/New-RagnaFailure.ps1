function New-RagnaFailure {
    <#
    .SYNOPSIS
        Makes a failure of the module's own, in the shape in which the native library answers its errors.
    .PARAMETER Code
        The stable name of what went wrong; it becomes the ErrorId.
    .PARAMETER Message
        What happened, in one sentence.
    .PARAMETER Remedy
        What the person can do about it.
    .PARAMETER Path
        The file it is about.
    .PARAMETER Machine
        The machine it is about.
    .OUTPUTS
        An object with code, message, remedy, place (path, machine) and faults, as ConvertFrom-Json makes of the library's.
    #>
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '',
        Justification = 'Makes an object and changes nothing.')]
    param(
        [Parameter(Mandatory)]
        [string] $Code,

        [Parameter(Mandatory)]
        [string] $Message,

        [string] $Remedy,

        [string] $Path,

        [string] $Machine
    )
    [pscustomobject]@{
        code    = $Code
        message = $Message
        remedy  = $Remedy
        place   = [pscustomobject]@{ path = $Path; machine = $Machine }
    }
}
