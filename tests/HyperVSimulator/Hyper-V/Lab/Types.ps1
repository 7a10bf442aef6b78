# The few real .NET types that the objects of Hyper-V carry. An enum matters: it is a number in JSON and a word in text.

function Add-HyperVEnum {
    <# .SYNOPSIS Defines one enum under its real name. #>
    param([Reflection.Emit.ModuleBuilder] $Module, [string] $Name, [System.Collections.Specialized.OrderedDictionary] $Value)
    $enum = $Module.DefineEnum($Name, [Reflection.TypeAttributes]::Public, [int])
    foreach ($key in $Value.Keys) { $null = $enum.DefineLiteral($key, [int] $Value[$key]) }
    $null = $enum.CreateTypeInfo()
}

function Add-HyperVException {
    <# .SYNOPSIS Defines an exception with the one constructor that takes a message. #>
    param([Reflection.Emit.ModuleBuilder] $Module, [string] $Name)
    $type = $Module.DefineType($Name, [Reflection.TypeAttributes]::Public, [Exception])
    $constructor = $type.DefineConstructor([Reflection.MethodAttributes]::Public,
        [Reflection.CallingConventions]::Standard, [type[]] @([string]))
    $code = $constructor.GetILGenerator()
    $code.Emit([Reflection.Emit.OpCodes]::Ldarg_0)
    $code.Emit([Reflection.Emit.OpCodes]::Ldarg_1)
    $code.Emit([Reflection.Emit.OpCodes]::Call, [Exception].GetConstructor([type[]] @([string])))
    $code.Emit([Reflection.Emit.OpCodes]::Ret)
    $null = $type.CreateTypeInfo()
}

function Initialize-HyperVType {
    <# .SYNOPSIS Defines the types once per process; a second import finds them there. #>
    if ('Microsoft.HyperV.PowerShell.VMState' -as [type]) { return }
    $name = New-Object -TypeName System.Reflection.AssemblyName -ArgumentList 'SimulatedHyperV'
    $access = [Reflection.Emit.AssemblyBuilderAccess]::Run
    $module = [Reflection.Emit.AssemblyBuilder]::DefineDynamicAssembly($name, $access).DefineDynamicModule('SimulatedHyperV')
    foreach ($space in $script:HyperVEnums.Keys) {
        foreach ($enum in $script:HyperVEnums[$space].Keys) {
            Add-HyperVEnum -Module $module -Name "$space.$enum" -Value $script:HyperVEnums[$space][$enum]
        }
    }
    $network = 'Microsoft.PowerShell.Cmdletization.GeneratedTypes.NetNeighbor'
    Add-HyperVEnum -Module $module -Name "$network.AddressFamily" -Value ([ordered] @{ IPv4 = 2; IPv6 = 23 })
    Add-HyperVEnum -Module $module -Name "$network.State" -Value ([ordered] @{
            Unreachable = 0; Incomplete = 1; Probe = 2; Delay = 3; Stale = 4; Reachable = 5; Permanent = 6
        })
    Add-HyperVEnum -Module $module -Name 'Microsoft.PowerShell.Cmdletization.GeneratedTypes.NetIPAddress.AddressFamily' -Value (
        [ordered] @{ IPv4 = 2; IPv6 = 23 })
    Add-HyperVException -Module $module -Name 'Microsoft.HyperV.PowerShell.VirtualizationException'
}
