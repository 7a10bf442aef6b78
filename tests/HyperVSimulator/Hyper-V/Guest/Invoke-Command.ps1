# Invoke-Command with exactly the parameters of this PowerShell's own: they are read from it. The sets that name virtual
# machines go to the lab, everything else goes on to the real cmdlet.

function Invoke-GuestCommand {
    <# .SYNOPSIS The part that goes to the lab: output and errors of every guest, or one job for all. #>
    param([hashtable] $Bound, [Management.Automation.PSCmdlet] $Caller)
    $call = Enter-LabCall -Cmdlet 'Invoke-Command'
    Add-LabCallParameter -Call $call -Bound $Bound
    $found = Select-DirectGuest -VMId $Bound['VMId'] -VMName $Bound['VMName']
    foreach ($fault in $found.Errors) { $Caller.WriteError($fault) }
    $block = if ($Bound.Contains('FilePath')) { [IO.File]::ReadAllText($Bound['FilePath']) } else { [string] $Bound['ScriptBlock'] }
    $limit = if ($Bound.Contains('ThrottleLimit') -and $Bound['ThrottleLimit'] -gt 0) { $Bound['ThrottleLimit'] } else { 32 }
    $tasks = @(foreach ($guest in $found.Guests) {
            Get-SessionTask -Guest $guest -Credential $Bound['Credential'] -Block $block -Argument $Bound['ArgumentList']
        })
    $hanging = @($tasks | Where-Object { $_.Hang })
    if ($hanging.Count -gt 0) {
        # A guest that is paused, or means harm, keeps its caller waiting, who does not hear that he is to stop.
        Complete-LabCall -Call $call -Count 0
        if ($hanging[0].Hang -eq 'session') { 'the first half of an answer' }
        [Threading.Thread]::Sleep([Threading.Timeout]::Infinite)
    }
    if ($tasks.Count -gt 0) {
        if ($Bound.Contains('AsJob') -and $Bound['AsJob']) {
            $job = Get-DirectJob -Task $tasks -Limit $limit -Command $block
            $Caller.JobRepository.Add($job)
            $job
        }
        else { Invoke-DirectSession -Task $tasks -Limit $limit -Caller $Caller }
    }
    Complete-LabCall -Call $call -Count $tasks.Count
}

$script:InvokeCommandBody = @'
    begin {
        $forward = $null
        if (@('VMId', 'VMName', 'FilePathVMId', 'FilePathVMName') -notcontains $PSCmdlet.ParameterSetName) {
            $real = $ExecutionContext.InvokeCommand.GetCommand('Microsoft.PowerShell.Core\Invoke-Command', 'Cmdlet')
            $forward = { & $real @PSBoundParameters }.GetSteppablePipeline($MyInvocation.CommandOrigin)
            $forward.Begin($PSCmdlet)
        }
    }
    process { if ($forward) { $forward.Process($_) } }
    end {
        if ($forward) { $forward.End() }
        else { Invoke-GuestCommand -Bound (@{} + $PSBoundParameters) -Caller $PSCmdlet }
    }
'@

$real = Get-Command -Name 'Microsoft.PowerShell.Core\Invoke-Command' -CommandType Cmdlet
$metadata = New-Object -TypeName System.Management.Automation.CommandMetadata -ArgumentList $real
$binding = [Management.Automation.ProxyCommand]::GetCmdletBindingAttribute($metadata)
$parameters = [Management.Automation.ProxyCommand]::GetParamBlock($metadata)
. ([scriptblock]::Create("function Invoke-Command {`n$binding`nparam($parameters)`n$script:InvokeCommandBody`n}"))
