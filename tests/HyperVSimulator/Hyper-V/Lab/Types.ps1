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
    $hyperV = 'Microsoft.HyperV.PowerShell'
    Add-HyperVEnum -Module $module -Name "$hyperV.VMState" -Value ([ordered] @{
            Other = 1; Running = 2; Off = 3; Stopping = 4; Saved = 6; Paused = 9; Starting = 10; Reset = 11
            Saving = 32773; Pausing = 32776; Resuming = 32777; FastSaved = 32779; FastSaving = 32780
            ForceShutdown = 32781; ForceReboot = 32782; Hibernated = 32783; ComponentServicing = 32784
            RunningCritical = 32785; OffCritical = 32786; StoppingCritical = 32787; SavedCritical = 32788
            PausedCritical = 32789; StartingCritical = 32790
        })
    Add-HyperVEnum -Module $module -Name "$hyperV.VMSwitchType" -Value ([ordered] @{ Private = 0; Internal = 1; External = 2; NAT = 3 })
    Add-HyperVEnum -Module $module -Name "$hyperV.VMNetworkAdapterOperationalStatus" -Value ([ordered] @{
            Ok = 2; Degraded = 3; Stopped = 10; NoContact = 12; LostCommunication = 13
        })
    Add-HyperVEnum -Module $module -Name "$hyperV.VMIntegrationComponentOperationalStatus" -Value ([ordered] @{
            Ok = 2; Degraded = 3; Error = 6; NonRecoverableError = 7; NoContact = 12; LostCommunication = 13
            Dormant = 15; ProtocolMismatch = 32775; ApplicationCritical = 32782; Unknown = 32896
        })
    $network = 'Microsoft.PowerShell.Cmdletization.GeneratedTypes.NetNeighbor'
    Add-HyperVEnum -Module $module -Name "$network.AddressFamily" -Value ([ordered] @{ IPv4 = 2; IPv6 = 23 })
    Add-HyperVEnum -Module $module -Name "$network.State" -Value ([ordered] @{
            Unreachable = 0; Incomplete = 1; Probe = 2; Delay = 3; Stale = 4; Reachable = 5; Permanent = 6
        })
    Add-HyperVEnum -Module $module -Name 'Microsoft.PowerShell.Cmdletization.GeneratedTypes.NetIPAddress.AddressFamily' -Value (
        [ordered] @{ IPv4 = 2; IPv6 = 23 })
    Add-HyperVException -Module $module -Name "$hyperV.VirtualizationException"
}
