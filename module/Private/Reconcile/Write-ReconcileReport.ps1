function Write-ReconcileReport {
    <#
    .SYNOPSIS
        Tells a finished reconcile: its warnings, its errors, and the result object.
    .DESCRIPTION
        A warning that another one covers is in the object and is not told again.
    .PARAMETER Cmdlet
        The calling function's $PSCmdlet.
    .PARAMETER Answer
        What the library answered: report, and the view of it.
    .OUTPUTS
        Ragnatramp.ReconcileResult
    #>
    [CmdletBinding()]
    [OutputType('Ragnatramp.ReconcileResult')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        [Parameter(Mandatory)]
        [object] $Answer
    )
    foreach ($warning in $Answer.report.warnings) {
        if (-not $warning.PSObject.Properties['covered'] -or -not $warning.covered) {
            $remedy = if ($warning.PSObject.Properties['remedy']) { $warning.remedy }
            $Cmdlet.WriteWarning("$($warning.message) $remedy".TrimEnd())
        }
    }
    foreach ($failure in $Answer.report.errors) { Write-RagnaFailure -Cmdlet $Cmdlet -Failure $failure }

    $result = $Answer.report
    $result.PSObject.TypeNames.Insert(0, 'Ragnatramp.ReconcileResult')
    foreach ($diff in $result.Diffs) { Convert-RecordedTime -InputObject $diff.Network }
    # What a person sees, for the format file. As a method it stays out of what is exported. A closure sees variables of
    # here, but no function of the module.
    $rows = @($Answer.view)
    $format = ${function:Format-ReconcileView}
    $result | Add-Member -MemberType ScriptMethod -Name GetView -Value { & $format -Result $this -Row $rows }.GetNewClosure()
    $result
}
