# PowerShell Direct: which guests a call means, and a session with each of them at the same time.

$script:SessionScript = [IO.Path]::Combine($PSScriptRoot, 'Inside', 'GuestSession.ps1')

function Get-DirectError {
    <# .SYNOPSIS An error that Invoke-Command itself raises before it enters a guest. #>
    param([string] $Id, [string] $Message)
    $exception = New-Object -TypeName System.ArgumentException -ArgumentList $Message
    New-Object -TypeName System.Management.Automation.ErrorRecord -ArgumentList $exception,
    "$Id,Microsoft.PowerShell.Commands.InvokeCommandCommand", ([Management.Automation.ErrorCategory]::InvalidArgument), $null
}

function Select-DirectGuest {
    <#
    .SYNOPSIS
    The running machines behind ids or names, and an error for each that is none, several, or not running.
    #>
    param([guid[]] $VMId, [string[]] $VMName)
    $guests = New-Object -TypeName System.Collections.ArrayList
    $errors = New-Object -TypeName System.Collections.ArrayList
    $there = @(Get-LabMachine)
    $wanted = @(foreach ($id in @($VMId | Where-Object { $_ })) {
            @{ Key = "VMId $id"; Id = 'InvalidVMIdNotSingle'; Found = @($there | Where-Object { $_.Id -eq $id }) }
        }) + @(foreach ($name in @($VMName | Where-Object { $_ })) {
            @{ Key = "VMName $name"; Id = 'InvalidVMNameNotSingle'; Found = @($there | Where-Object { $_.Name -like $name }) }
        })
    foreach ($one in $wanted) {
        if ($one.Found.Count -ne 1) {
            $text = "The input $($one.Key) does not resolve to a single virtual machine."
            $null = $errors.Add((Get-DirectError -Id $one.Id -Message $text))
        }
        elseif ($one.Found[0].State -ne 'Running') {
            $text = "The virtual machine $($one.Found[0].Name) is not in running state."
            $null = $errors.Add((Get-DirectError -Id 'InvalidVMState' -Message $text))
        }
        else { $null = $guests.Add($one.Found[0]) }
    }
    [pscustomobject] @{ Guests = $guests.ToArray(); Errors = $errors.ToArray() }
}

function Get-SessionTask {
    <# .SYNOPSIS What one session needs to know. The password stays here: the guest is told whether it was right. #>
    param([object] $Guest, [pscredential] $Credential, [string] $Block, [object[]] $Argument)
    $trusted = $true
    if ($Guest.UserName) {
        $given = $Credential.GetNetworkCredential()
        $trusted = $Credential.UserName -eq $Guest.UserName -and $given.Password -ceq $Guest.Password
    }
    @{
        VMName = $Guest.Name; Os = $Guest.Os; Trusted = $trusted; Delay = $Guest.GuestDelay; Failure = $Guest.GuestFailure
        Hang = $Guest.GuestHang; Saying = $Guest.GuestSaying; HostName = $Guest.HostName
        Root = Get-LabPath -Part 'guests', "$($Guest.Id)"; Block = $Block
        Arguments = [Management.Automation.PSSerializer]::Serialize(@($Argument))
    }
}

function Invoke-DirectSession {
    <# .SYNOPSIS Runs all sessions side by side, at most Limit at once; gives their output, then writes their errors. #>
    param([hashtable[]] $Task, [int] $Limit, [Management.Automation.PSCmdlet] $Caller)
    $pool = [RunspaceFactory]::CreateRunspacePool(1, [Math]::Max(1, [Math]::Min($Limit, $Task.Count)))
    $pool.Open()
    try {
        $text = [IO.File]::ReadAllText($script:SessionScript)
        $running = foreach ($one in $Task) {
            $shell = [powershell]::Create()
            $shell.RunspacePool = $pool
            $null = $shell.AddScript($text).AddParameter('Task', $one)
            @{ Shell = $shell; Handle = $shell.BeginInvoke() }
        }
        foreach ($one in $running) {
            $one.Shell.EndInvoke($one.Handle)
            # Everything that a guest says in another stream is said by the real cmdlet, too.
            foreach ($record in $one.Shell.Streams.Warning) { $Caller.WriteWarning($record.Message) }
            foreach ($record in $one.Shell.Streams.Verbose) { $Caller.WriteVerbose($record.Message) }
            foreach ($record in $one.Shell.Streams.Information) { $Caller.WriteInformation($record) }
            foreach ($record in $one.Shell.Streams.Error) { $Caller.WriteError($record) }
            $one.Shell.Dispose()
        }
    }
    finally { $pool.Dispose() }
}

function Get-DirectJob {
    <#
    .SYNOPSIS
    A job with a child per guest, named and located like the real one's. In Windows PowerShell it needs the ThreadJob module.
    #>
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseCompatibleCommands', '',
        Justification = 'It is looked for first.')]
    param([hashtable[]] $Task, [int] $Limit, [string] $Command)
    if (-not (Get-Command -Name 'Start-ThreadJob' -ErrorAction Ignore)) {
        throw [NotSupportedException] 'The simulated Invoke-Command -AsJob needs Start-ThreadJob: Install-Module ThreadJob.'
    }
    $parent = New-Object -TypeName System.Management.Automation.ContainerParentJob -ArgumentList $Command
    $block = [scriptblock]::Create([IO.File]::ReadAllText($script:SessionScript))
    foreach ($one in $Task) {
        $child = Start-ThreadJob -ScriptBlock $block -ArgumentList $one -ThrottleLimit $Limit -Name $one.VMName
        Add-Member -InputObject $child -NotePropertyName 'Location' -NotePropertyValue $one.VMName -Force
        $parent.AddChildJob($child)
    }
    $parent
}
