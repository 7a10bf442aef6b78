function Get-HyperVMachine {
    <#
    .SYNOPSIS
        Asks Hyper-V once for all VMs.
    .DESCRIPTION
        The VMs are copied to plain values at once: Hyper-V's own types exist twice in some sessions, so nothing here
        depends on them. The objects themselves are kept only to be handed back to Hyper-V's cmdlets.
    .PARAMETER Cmdlet
        The cmdlet that asks.
    .OUTPUTS
        Ragnatramp.HyperVAnswer; Output holds one table per VM: Plain (what the library is told) and VM (Hyper-V's own).
    #>
    [CmdletBinding()]
    [OutputType('Ragnatramp.HyperVAnswer')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet
    )
    Invoke-HyperVCall -Cmdlet $Cmdlet -Question 'Get-VM' -Script {
        foreach ($vm in @(Get-VM -ErrorAction Stop)) {
            # Tables and not objects: to make 500 of them and print them as JSON costs a fifth, and it is done at every poll.
            @{
                VM    = $vm
                Plain = @{
                    id                 = [string] $vm.Id
                    name               = [string] $vm.Name
                    state              = [string] $vm.State
                    notes              = [string] $vm.Notes
                    processorCount     = [long] $vm.ProcessorCount
                    memoryStartupBytes = [long] $vm.MemoryStartup
                    uptimeSeconds      = [long] ([timespan] $vm.Uptime).TotalSeconds
                }
            }
        }
    }
}
