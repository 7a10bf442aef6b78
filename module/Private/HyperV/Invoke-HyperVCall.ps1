function Invoke-HyperVCall {
    <#
    .SYNOPSIS
        Puts one question to Hyper-V (or to the host's own management), and says so under -Verbose.
    .DESCRIPTION
        The question's error, if any, becomes a failure with one of the module's codes. It is classified by what
        PowerShell says of it (category, ids), never by its text, which is localized.
    .PARAMETER Cmdlet
        The cmdlet that asks: its verbose stream is written to.
    .PARAMETER Question
        The question as a person would type it, for the verbose stream and the failure.
    .PARAMETER Script
        The question. It must use -ErrorAction Stop.
    .OUTPUTS
        Ragnatramp.HyperVAnswer: Output (object[]) and Failure (or null).
    #>
    [CmdletBinding()]
    [OutputType('Ragnatramp.HyperVAnswer')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        [Parameter(Mandatory)]
        [string] $Question,

        [Parameter(Mandatory)]
        [scriptblock] $Script
    )
    $answer = [pscustomobject]@{ PSTypeName = 'Ragnatramp.HyperVAnswer'; Output = @(); Failure = $null }
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    try {
        $answer.Output = @(& $Script)
    } catch {
        $answer.Failure = ConvertFrom-HyperVError -Record $_ -Question $Question
        Remove-ToldError -Record $_
    }
    $outcome = if ($null -eq $answer.Failure) { "$($answer.Output.Count) objects" } else { $answer.Failure.code }
    $Cmdlet.WriteVerbose("$Question : $outcome, $($watch.ElapsedMilliseconds) ms")
    $answer
}
