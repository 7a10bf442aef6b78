# The simulated cmdlets take exactly the parameters of the real ones: a call that real Hyper-V would refuse is refused here.

BeforeDiscovery {
    $facts = ConvertFrom-Json -InputObject ([IO.File]::ReadAllText([IO.Path]::Combine($PSScriptRoot, 'vectors', 'hyperv-cmdlets.json')))
    $cmdlets = @(
        'Get-VM', 'Get-VMNetworkAdapter', 'Get-VMIntegrationService', 'Get-VMSwitch', 'Get-VMHost'
        'New-VM', 'Set-VM', 'Rename-VM', 'Remove-VM', 'Start-VM', 'Stop-VM', 'Save-VM', 'Suspend-VM', 'Resume-VM', 'Remove-VMSavedState'
        'New-VHD', 'Get-VHD', 'Test-VHD', 'Get-VMHardDiskDrive', 'Add-VMHardDiskDrive', 'Remove-VMHardDiskDrive'
        'Get-VMDvdDrive', 'Add-VMDvdDrive', 'Set-VMDvdDrive', 'Remove-VMDvdDrive', 'Get-VMFirmware', 'Set-VMFirmware'
        'Connect-VMNetworkAdapter', 'Enable-VMIntegrationService', 'Disable-VMIntegrationService'
        'Checkpoint-VM', 'Get-VMSnapshot', 'Rename-VMSnapshot', 'Restore-VMSnapshot', 'Remove-VMSnapshot'
    )
    $cases = @(foreach ($name in $cmdlets) { @{ Name = $name; Fact = $facts.$name } })
}

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"
    Enter-Lab -Lab @{ HyperV = "$TestDrive/lab" }

    function Get-OwnParameter {
        param([object] $Command)
        $common = [Management.Automation.PSCmdlet]::CommonParameters + [Management.Automation.PSCmdlet]::OptionalCommonParameters
        $Command.Parameters.Values | Where-Object { $common -notcontains $_.Name }
    }

    # A type as the facts write it: simulated objects are told apart by their type name.
    function Get-TypeWord {
        param([object] $Parameter)
        $named = @($Parameter.Attributes | Where-Object { $_ -is [Management.Automation.PSTypeNameAttribute] })
        if ($named.Count -gt 0 -and $named[0].PSTypeName -notlike 'Microsoft.FailoverClusters.*') {
            return $named[0].PSTypeName + $(if ($Parameter.ParameterType.IsArray) { '[]' } else { '' })
        }
        $type = $Parameter.ParameterType
        $inner = [Nullable]::GetUnderlyingType($type)
        if ($null -ne $inner) { return "System.Nullable[$(Get-ElementWord -Type $inner)]" }
        $element = if ($type.IsArray) { $type.GetElementType() } else { $type }
        (Get-ElementWord -Type $element) + $(if ($type.IsArray) { '[]' } else { '' })
    }

    function Get-ElementWord {
        param([type] $Type)
        switch ($Type.Name) {
            'SwitchParameter' { 'switch' }
            'PSObject' { 'psobject' }
            'Boolean' { 'bool' }
            'Int16' { 'int16' }
            'Int32' { 'int' }
            'Int64' { 'long' }
            'UInt32' { 'uint32' }
            'UInt64' { 'uint64' }
            'Version' { 'version' }
            'CimInstance' { 'ciminstance' }
            'String' { 'string' }
            'Guid' { 'guid' }
            'PSCredential' { 'pscredential' }
            'CimSession' { 'CimSession' }
            default { $Type.FullName }
        }
    }

    # The sets of a parameter in one line each: what the real attributes say.
    function Get-SetLine {
        param([object] $Parameter)
        foreach ($attribute in @($Parameter.Attributes | Where-Object { $_ -is [Management.Automation.ParameterAttribute] })) {
            $position = if ($attribute.Position -eq [int]::MinValue) { '' } else { [string] $attribute.Position }
            '{0}|{1}|{2}|{3}|{4}' -f $attribute.ParameterSetName, $attribute.Mandatory, $position,
            $attribute.ValueFromPipeline, $attribute.ValueFromPipelineByPropertyName
        }
    }

    function Get-FactLine {
        param([object] $Fact)
        foreach ($set in $Fact.sets.PSObject.Properties) {
            $has = @{ Mandatory = $false; Position = ''; ValueFromPipeline = $false; ValueFromPipelineByPropertyName = $false }
            foreach ($field in $set.Value.PSObject.Properties) { $has[$field.Name] = $field.Value }
            '{0}|{1}|{2}|{3}|{4}' -f $set.Name, $has.Mandatory, $has.Position, $has.ValueFromPipeline, $has.ValueFromPipelineByPropertyName
        }
    }
}

Describe 'The parameters of <Name>' -ForEach $cases {
    BeforeAll {
        $command = Get-Command -Name $Name -Module 'Hyper-V'
        $own = @(Get-OwnParameter -Command $command)
    }

    It 'are those of the real cmdlet' {
        ($own.Name | Sort-Object) -join ', ' | Should -Be (($Fact.parameters.PSObject.Properties.Name | Sort-Object) -join ', ')
    }

    It 'have its types' {
        foreach ($parameter in $own) { Get-TypeWord -Parameter $parameter | Should -Be $Fact.parameters.($parameter.Name).type -Because $parameter.Name }
    }

    It 'have its aliases' {
        foreach ($parameter in $own) {
            $wanted = @($Fact.parameters.($parameter.Name).aliases) -join ', '
            @($parameter.Aliases) -join ', ' | Should -Be $wanted -Because $parameter.Name
        }
    }

    It 'are in its sets, in its positions, from its pipeline' {
        foreach ($parameter in $own) {
            $wanted = @(Get-FactLine -Fact $Fact.parameters.($parameter.Name))
            # A parameter of all sets and no position has no attribute to compare.
            if ($wanted.Count -eq 0) { $wanted = @('__AllParameterSets|False||False|False') }
            $wanted = @($wanted -replace '^__All\|', '__AllParameterSets|')
            $has = (@(Get-SetLine -Parameter $parameter) | Sort-Object) -join "`n"
            $has | Should -Be (($wanted | Sort-Object) -join "`n") -Because $parameter.Name
        }
    }

    It 'has its default set, and -WhatIf where it has one' {
        $command.DefaultParameterSet | Should -Be $Fact.binding.DefaultParameterSetName
        $asks = $null -ne $Fact.binding.PSObject.Properties['SupportsShouldProcess']
        $command.Parameters.ContainsKey('WhatIf') | Should -Be $asks
    }
}

Describe 'Invoke-Command' {
    It 'has the parameter sets of this PowerShell' {
        $real = Get-Command -Name 'Microsoft.PowerShell.Core\Invoke-Command'
        $simulated = Get-Command -Name 'Invoke-Command' -Module 'Hyper-V'
        foreach ($set in $real.ParameterSets) {
            $counterpart = $simulated.ParameterSets | Where-Object { $_.Name -eq $set.Name }
            "$counterpart" | Should -Be "$set" -Because $set.Name
        }
    }

    It 'wants a credential with -VMId' {
        $set = (Get-Command -Name 'Invoke-Command' -Module 'Hyper-V').ParameterSets | Where-Object { $_.Name -eq 'VMId' }
        ($set.Parameters | Where-Object { $_.Name -eq 'Credential' }).IsMandatory | Should -BeTrue
    }
}

Describe 'A parameter that takes one object' {
    It 'refuses two, as a compiled cmdlet does, and takes an array of one' {
        Enter-Lab -Lab @{ HyperV = "$TestDrive/single" }
        $null = Add-SimulatedVM -Name 'web' -State 'Off'
        $shown = Hyper-V\Get-VM -Name 'web'
        foreach ($name in 'one', 'two') { Hyper-V\Checkpoint-VM -VM $shown -SnapshotName $name }
        $both = @(Hyper-V\Get-VMSnapshot -VM $shown)
        { Hyper-V\Get-VMHardDiskDrive -VMSnapshot $both } | Should -Throw -ErrorId 'CannotConvertArgumentNoMessage,Get-VMHardDiskDrive'
        { Hyper-V\Get-VMHardDiskDrive -VMSnapshot @($both[0]) } | Should -Not -Throw
        { Hyper-V\Get-VMHardDiskDrive -VM $shown, $shown } | Should -Not -Throw -Because 'that one takes several'
    }
}
