function Remove-ToldError {
    <#
    .SYNOPSIS
        Takes an error that was caught, and is told in the module's own words, out of $Error again.
    .DESCRIPTION
        So that $Error holds one record per cause: the one the person was shown.
    .PARAMETER Record
        The record as it was caught.
    #>
    [CmdletBinding()]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '',
        Justification = 'Keeps the session''s error list honest; there is nothing to ask.')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.ErrorRecord] $Record
    )
    for ($index = $global:Error.Count - 1; $index -ge 0; $index--) {
        $entry = $global:Error[$index]
        # The list holds the record, a copy of it with the same exception, or the exception itself; and what came out of
        # a method may be wrapped there and bare in the catch block that names its type.
        $exception = if ($entry -is [System.Management.Automation.ErrorRecord]) { $entry.Exception } else { $entry }
        if ([object]::ReferenceEquals($exception.GetBaseException(), $Record.Exception.GetBaseException())) {
            $global:Error.RemoveAt($index)
        }
    }
}
