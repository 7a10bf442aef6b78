# The cmdlets whose parameters are not written out by hand: made from tests/vectors/hyperv-cmdlets.json, which holds those
# of the real module. So a call that real Hyper-V would refuse to bind is refused here too.

$script:FactPath = [IO.Path]::GetFullPath([IO.Path]::Combine($PSScriptRoot, '..', '..', '..', 'vectors', 'hyperv-cmdlets.json'))

# What the facts do not hold.
$script:ParameterCheck = @{
    'New-VM/Generation'              = '[ValidateSet(1, 2)]'
    'New-VHD/LogicalSectorSizeBytes' = '[ValidateSet(512, 4096)]'; 'New-VHD/PhysicalSectorSizeBytes' = '[ValidateSet(512, 4096)]'
    'Set-VHD/PhysicalSectorSizeBytes' = '[ValidateSet(512, 4096)]'
}

function Get-ParameterType {
    <# .SYNOPSIS A parameter's type as source text. The classes of Hyper-V are told by the type names of objects. #>
    param([string] $Type)
    $plain = $Type -replace '^System\.Nullable\[(.+)\]$', '$1' -replace '\[\]$', ''
    $inner = $plain.Split('.')[-1]
    $space = if ($inner.Length -lt $plain.Length) { $plain.Substring(0, $plain.Length - $inner.Length - 1) } else { '' }
    if ($plain -notlike 'Microsoft.*' -or ($script:HyperVEnums.Contains($space) -and $script:HyperVEnums[$space].Contains($inner))) {
        return "[$Type]"
    }
    $array = if ($Type.EndsWith('[]')) { '[]' } else { '' }
    "[PSTypeName('$plain')] [psobject$array]"
}

function Get-ParameterText {
    <# .SYNOPSIS A parameter as source text: its sets, its aliases, its check, its type. #>
    param([string] $Cmdlet, [string] $Name, [object] $Fact)
    $lines = @(foreach ($set in $Fact.sets.PSObject.Properties) {
            $words = @(if ($set.Name -ne '__All') { "ParameterSetName = '$($set.Name)'" }
                foreach ($field in $set.Value.PSObject.Properties) {
                    if ($field.Value -is [bool]) { "$($field.Name) = `$true" } else { "$($field.Name) = $($field.Value)" }
                })
            "[Parameter($($words -join ', '))]"
        })
    if ($lines.Count -eq 0) { $lines = @('[Parameter()]') }
    if (@($Fact.aliases).Count -gt 0) { $lines += "[Alias('$(@($Fact.aliases) -join "', '")')]" }
    if ($script:ParameterCheck.ContainsKey("$Cmdlet/$Name")) { $lines += $script:ParameterCheck["$Cmdlet/$Name"] }
    ($lines -join "`n") + "`n" + (Get-ParameterType -Type $Fact.type) + " `$$Name"
}

function Get-CmdletText {
    <# .SYNOPSIS A cmdlet as source text: it notes the call and what it was given, and hands both to the function that does the work. #>
    param([string] $Cmdlet, [string] $Worker, [object] $Fact)
    $binding = @(foreach ($field in $Fact.binding.PSObject.Properties) {
            if ($field.Value -is [bool]) { "$($field.Name) = `$true" } else { "$($field.Name) = '$($field.Value)'" }
        }) + 'PositionalBinding = $false'
    $parameters = foreach ($one in $Fact.parameters.PSObject.Properties) { Get-ParameterText -Cmdlet $Cmdlet -Name $one.Name -Fact $one.Value }
    $named = $Fact.parameters.PSObject.Properties['Name']
    $key = if ($null -ne $named -and @($named.Value.aliases) -contains 'VMName') { 'Name' } else { 'VMName' }
    # A psobject takes an array; the class of Hyper-V that it stands for does not.
    $single = @(foreach ($one in $Fact.parameters.PSObject.Properties) { if ((Get-ParameterType -Type $one.Value.type).EndsWith('[psobject]')) { "'$($one.Name)'" } }) -join ', '
    @"
function $Cmdlet {
[CmdletBinding($($binding -join ', '))]
param(
$($parameters -join ",`n")
)
begin { `$call = Enter-LabCall -Cmdlet '$Cmdlet' }
process {
Test-SingleObject -Caller `$PSCmdlet -Bound `$PSBoundParameters -Name @($single)
Add-LabCallInput -Call `$call -Bound `$PSBoundParameters -MachineName '$key'
}
end { Invoke-LabWorker -Call `$call -Caller `$PSCmdlet -Bound (@{} + `$PSBoundParameters) -Worker '$Worker' }
}
"@
}

function Get-CmdletSource {
    <# .SYNOPSIS The source text of all cmdlets in a table of cmdlet and worker. Made once per process: each runspace imports this module. #>
    param([System.Collections.Specialized.OrderedDictionary] $Worker)
    $text = [AppDomain]::CurrentDomain.GetData('SimulatedHyperV.Source')
    if ($null -ne $text) { return $text }
    $facts = ConvertFrom-Json -InputObject ([IO.File]::ReadAllText($script:FactPath))
    $text = @(foreach ($cmdlet in $Worker.Keys) { Get-CmdletText -Cmdlet $cmdlet -Worker $Worker[$cmdlet] -Fact $facts.$cmdlet }) -join "`n"
    [AppDomain]::CurrentDomain.SetData('SimulatedHyperV.Source', $text)
    $text
}

function Test-SingleObject {
    <# .SYNOPSIS Refuses several objects for a parameter that takes one: a compiled cmdlet binds an array of one object, and no other. #>
    param([Management.Automation.PSCmdlet] $Caller, [Collections.IDictionary] $Bound, [object[]] $Name)
    foreach ($one in $Name) {
        if ($Bound[$one] -isnot [array] -or $Bound[$one].Count -eq 1) { continue }
        $fault = [Management.Automation.PSInvalidCastException]::new("Cannot bind parameter '$one'. Cannot convert 'System.Object[]' to the type that parameter '$one' requires.")
        $Caller.ThrowTerminatingError([Management.Automation.ErrorRecord]::new($fault, 'CannotConvertArgumentNoMessage', 'InvalidArgument', $null))
    }
}

function Add-LabCallInput {
    <#
    .SYNOPSIS
    Collects what a call is given, also what the pipeline binds one by one: the names and objects that mean machines, and
    under Input the values of each parameter.
    #>
    param([object] $Call, [Collections.IDictionary] $Bound, [string] $MachineName)
    Add-LabCallParameter -Call $Call -Bound $Bound
    foreach ($name in $Bound.Keys) {
        if (-not $Call.Input.ContainsKey($name)) { $Call.Input[$name] = New-Object -TypeName System.Collections.ArrayList }
        foreach ($value in @($Bound[$name])) { if (-not $Call.Input[$name].Contains($value)) { $null = $Call.Input[$name].Add($value) } }
    }
    if ($Bound.ContainsKey('VM')) { $Call.Objects = $Call.Input['VM'] }
    if ($Bound.ContainsKey($MachineName)) { $Call.Names = $Call.Input[$MachineName] }
}

function Invoke-LabWorker {
    <# .SYNOPSIS Does a call's work unless the host refuses it, and notes the call however it ends. #>
    param([object] $Call, [Management.Automation.PSCmdlet] $Caller, [hashtable] $Bound, [string] $Worker)
    if (Test-LabRefusal -Call $Call -Caller $Caller) { return }
    $Call.Job = [bool] $Bound['AsJob']
    $out = @()
    # Whatever throws in there ends the work, as in a compiled cmdlet: without a catch the next statement would go on.
    try { $out = @(& $Worker -Call $Call -Caller $Caller -Bound $Bound) }
    catch [Management.Automation.ActionPreferenceStopException] { throw }
    catch { $Caller.ThrowTerminatingError($_) }
    finally { Complete-LabCall -Call $Call -Count $out.Count }
    if ($Call.Job) {
        $stopping = @(foreach ($one in Get-LabMachine) { if ($one.State -eq 'Stopping') { $one.Id } })
        $job = New-LabJob -Name $Call.Cmdlet -Output $out -Fault $Call.Faults -Id $(if ($Call.Cmdlet -eq 'Stop-VM') { $stopping })
        $Caller.JobRepository.Add($job)
        return $job
    }
    # One by one: a list that is one object stays whole in the pipeline.
    foreach ($one in $out) { $one }
}
