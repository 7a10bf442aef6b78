function Stop-RagnaCmdlet {
    <#
    .SYNOPSIS
        Ends the calling cmdlet with an error that nothing in the module foresaw.
    .DESCRIPTION
        Outside of a try block PowerShell goes on with the next statement after an error like this. After a question that
        could not be asked (-Confirm where nobody can answer) it would go on to do what was asked about. So every cmdlet
        has its work in a try block, and ends here.
    .PARAMETER Cmdlet
        The calling function's $PSCmdlet.
    .PARAMETER Record
        The error as it was caught.
    #>
    [CmdletBinding()]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '',
        Justification = 'Ends what is under way; there is nothing to ask.')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        [Parameter(Mandatory)]
        [System.Management.Automation.ErrorRecord] $Record
    )
    Remove-ToldError -Record $Record
    # An error out of a method is wrapped; the person gets what is inside.
    $inner = $Record.Exception.InnerException
    $isOfMethod = $Record.Exception -is [System.Management.Automation.MethodInvocationException]
    if ($isOfMethod -and $inner -is [System.Management.Automation.IContainsErrorRecord]) {
        $Record = [System.Management.Automation.ErrorRecord]::new(
            $inner, $inner.ErrorRecord.FullyQualifiedErrorId, $inner.ErrorRecord.CategoryInfo.Category, $null)
    }
    $Cmdlet.ThrowTerminatingError($Record)
}
