<#
.SYNOPSIS
One PowerShell Direct session: runs a block of text as if inside a guest.

.DESCRIPTION
Runs in a runspace (or process) of its own, which stands for the guest: nothing of the caller is there but the text of
the block and its arguments, and what comes back went through serialization. Of the guest's system one thing is played:
the registry key that says where drivers\etc is, and the host name. Everything else is the machine that the tests run on, so a block that
is tested here finds the hosts file through that value.

.PARAMETER Task
VMName, Root (the guest's folder), HostName, Os, Trusted (the credential is right), Delay (ms), Failure (text), Saying (what the
guest does instead of the block), Block (text),
Arguments (serialized).
#>
[CmdletBinding()]
param([Parameter(Mandatory = $true)] [hashtable] $Task)

Set-Variable -Name '______origin' -Value (New-Object -TypeName System.Management.Automation.Remoting.OriginInfo `
        -ArgumentList $Task.VMName, ([guid]::NewGuid()))

function Get-SessionError {
    param([Exception] $Exception, [string] $Id, [Management.Automation.ErrorCategory] $Category, [object] $Target)
    $record = New-Object -TypeName System.Management.Automation.ErrorRecord -ArgumentList $Exception, $Id, $Category, $Target
    New-Object -TypeName System.Management.Automation.Runspaces.RemotingErrorRecord -ArgumentList $record, $______origin
}

function ConvertTo-RemoteError {
    param([Management.Automation.ErrorRecord] $Record)
    $exception = New-Object -TypeName System.Management.Automation.RemoteException -ArgumentList $Record.Exception.Message
    Get-SessionError -Exception $exception -Id $Record.FullyQualifiedErrorId -Category $Record.CategoryInfo.Category `
        -Target $Record.TargetObject
}

function ConvertTo-RemoteObject {
    param([object] $Value)
    $copy = [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($Value))
    if ($null -eq $copy) { return }
    $copy = Add-Member -InputObject $copy -NotePropertyName 'PSComputerName' -NotePropertyValue $Task.VMName -Force -PassThru
    Add-Member -InputObject $copy -NotePropertyName 'RunspaceId' -NotePropertyValue $______origin.RunspaceID -Force
    Add-Member -InputObject $copy -NotePropertyName 'PSShowComputerName' -NotePropertyValue $true -Force
    , $copy
}

function Get-ItemProperty {
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSAvoidOverwritingBuiltInCmdlets', '',
        Justification = 'It plays one key of the guest''s registry.')]
    [CmdletBinding(DefaultParameterSetName = 'Path')]
    param(
        [Parameter(Mandatory = $true, Position = 0, ParameterSetName = 'Path')] [string[]] $Path,
        [Parameter(Mandatory = $true, ParameterSetName = 'LiteralPath')] [Alias('PSPath')] [string[]] $LiteralPath,
        [Parameter(Position = 1)] [string[]] $Name
    )
    $asked = @($Path) + @($LiteralPath) | Where-Object { $_ }
    if (@($asked)[0] -match '^(HKLM:|Registry::HKEY_LOCAL_MACHINE)\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters\\?$') {
        return [pscustomobject] @{
            DataBasePath = [IO.Path]::Combine($Task.Root, 'Windows', 'System32', 'drivers', 'etc'); Hostname = $Task.HostName
        }
    }
    Microsoft.PowerShell.Management\Get-ItemProperty @PSBoundParameters
}

if ($Task.Delay -gt 0) { Start-Sleep -Milliseconds $Task.Delay }
if ($Task.Os -ne 'windows') {
    # A Linux guest has nobody at the other end of this channel.
    $lost = New-Object -TypeName System.Management.Automation.Remoting.PSRemotingTransportException `
        -ArgumentList 'An error has occurred which PowerShell cannot handle. A remote session might have ended.'
    $PSCmdlet.WriteError((Get-SessionError -Exception $lost -Id 'PSSessionStateBroken' -Category OpenError -Target $Task.VMName))
    return
}
if (-not $Task.Trusted) {
    $bad = New-Object -TypeName System.Management.Automation.Remoting.PSDirectException -ArgumentList 'The credential is invalid.'
    $PSCmdlet.WriteError((Get-SessionError -Exception $bad -Id 'PSSessionStateBroken' -Category OpenError -Target $Task.VMName))
    return
}
if ($Task.Saying) { $Task.Block = $Task.Saying }
try {
    if ($Task.Failure) { throw $Task.Failure }
    $______arguments = @([Management.Automation.PSSerializer]::Deserialize($Task.Arguments))
    & ([scriptblock]::Create($Task.Block)) @______arguments 2>&1 | ForEach-Object -Process {
        if ($_ -is [Management.Automation.ErrorRecord]) { $PSCmdlet.WriteError((ConvertTo-RemoteError -Record $_)) }
        else { ConvertTo-RemoteObject -Value $_ }
    }
}
catch { $PSCmdlet.WriteError((ConvertTo-RemoteError -Record $_)) }
