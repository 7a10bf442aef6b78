# Data Exchange of many guests, in memory: the simulated one works on files, which at 500 guests takes minutes. In every
# guest Ragnatramp's script answers for a block at the host's second look after it came.

function New-Exchange {
    <#
    .SYNOPSIS
        Guests to which nothing was sent yet.
    .PARAMETER VMId
        The VMs.
    .OUTPUTS
        An object with Functions: what stands in for Get-CimInstance and Invoke-CimMethod, by name.
    #>
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '',
        Justification = 'Makes an object and changes nothing.')]
    param(
        [Parameter(Mandatory)]
        [string[]] $VMId
    )
    $said = [ordered] @{
        FullyQualifiedDomainName = 'guest'; OSName = 'Debian GNU/Linux'; OSVersion = '6.12.48-amd64'; ProcessorArchitecture = '9'
        IntegrationServicesVersion = '3.1'; NetworkAddressIPv4 = '172.21.0.1'; NetworkAddressIPv6 = 'fe80::1'
    }
    $intrinsic = [string[]] @(foreach ($name in $said.Keys) { ConvertTo-Item -Name $name -Data $said[$name] })
    $here = ConvertTo-Item -Name 'ragnatramp.guest' -Data 'v2 2.0.0 debian 12'
    $guests = [ordered] @{}
    foreach ($id in $VMId) {
        $guests[$id] = [pscustomobject]@{
            System = [pscustomobject]@{ Name = $id }; Left = [ordered] @{}; Looks = 0
            Setting = [pscustomobject]@{ InstanceID = "Microsoft:$id\2A34B1C2-FD73-4043-8A5B-DD2159BC743F"; HostExchangeItems = $null }
            Component = [pscustomobject]@{
                SystemName = $id; EnabledState = [uint16] 2; OperationalStatus = [uint16[]] @(2)
                GuestIntrinsicExchangeItems = $intrinsic; GuestExchangeItems = [string[]] @($here)
            }
        }
    }
    $answers = @{}
    $answer = {
        # What the head names: digest, VM and lab.
        param($About)
        if (-not $answers.ContainsKey($About)) {
            $body = "v2 synced $About 2.0.0 ok"
            $sha = [System.Security.Cryptography.SHA256]::Create()
            $check = -join ($sha.ComputeHash([System.Text.Encoding]::ASCII.GetBytes($body))[0..3] | ForEach-Object { $_.ToString('x2') })
            $sha.Dispose()
            $answers[$About] = ConvertTo-Item -Name 'ragnatramp.answer' -Data "$body check=$check"
        }
        $answers[$About]
    }.GetNewClosure()
    $jobs = [System.Collections.Generic.List[object]]::new()
    $service = [pscustomobject]@{ Name = 'vmms' }

    $get = {
        param($Namespace, $ClassName, $Filter, $Property, $ErrorAction)
        $null = $Namespace, $Property, $ErrorAction
        switch ($ClassName) {
            'Msvm_VirtualSystemManagementService' { $service }
            'Msvm_ConcreteJob' { $jobs.ToArray() }
            'Msvm_ComputerSystem' {
                if ($Filter) { $guests[$Filter.Split("'")[1].ToUpperInvariant()].System } else { foreach ($guest in $guests.Values) { $guest.System } }
            }
            'Msvm_KvpExchangeComponentSettingData' {
                foreach ($guest in $guests.Values) {
                    $guest.Setting.HostExchangeItems = [string[]] @($guest.Left.Values)
                    $guest.Setting
                }
            }
            'Msvm_KvpExchangeComponent' {
                foreach ($guest in $guests.Values) {
                    if ($guest.Looks -gt 0 -and --$guest.Looks -eq 0) {
                        $head = [regex]::Match($guest.Left['ragnatramp.block'], '<VALUE>v2 \d+ ([0-9a-f]{64} [0-9a-f-]{36} [A-Za-z0-9-]+)</VALUE>')
                        $guest.Component.GuestExchangeItems = [string[]] @($here, (& $answer $head.Groups[1].Value))
                    }
                    $guest.Component
                }
            }
        }
    }
    $invoke = {
        param($InputObject, $MethodName, $Arguments, $ErrorAction)
        $null = $InputObject, $ErrorAction
        $guest = $guests[$Arguments.TargetSystem.Name]
        foreach ($text in $Arguments.DataItems) {
            $name = [regex]::Match($text, '<VALUE>(ragnatramp\.block[.0-9]*)</VALUE>').Groups[1].Value
            if ($MethodName -eq 'RemoveKvpItems') { $guest.Left.Remove($name) } else { $guest.Left[$name] = $text }
            if ($name -eq 'ragnatramp.block') { $guest.Looks = 2 }
        }
        $job = [pscustomobject]@{ InstanceID = [guid]::NewGuid().ToString(); JobState = [uint16] 7; ErrorCode = [uint16] 0 }
        $jobs.Add($job)
        [pscustomobject]@{ ReturnValue = [uint32] 4096; Job = $job }
    }
    [pscustomobject]@{ Functions = @{ 'Get-CimInstance' = $get.GetNewClosure(); 'Invoke-CimMethod' = $invoke.GetNewClosure() } }
}

function ConvertTo-Item {
    # One item as Hyper-V shows it.
    [CmdletBinding()]
    [OutputType([string])]
    param([string] $Name, [string] $Data)
    $property = '<PROPERTY NAME="{0}" TYPE="string"><VALUE>{1}</VALUE></PROPERTY>'
    '<INSTANCE CLASSNAME="Msvm_KvpExchangeDataItem"><PROPERTY NAME="Caption" TYPE="string"></PROPERTY>' +
    ($property -f 'Data', $Data) + ($property -f 'Name', $Name) + '</INSTANCE>'
}

function Assert-Answer {
    # A measurement of something else than what was meant is none.
    [CmdletBinding()]
    param([object[]] $Answer, [string] $Kind, [int] $Machine)
    $good = switch ($Kind) {
        'Status' { @($Answer | Where-Object { $_.IPv4 -and $_.GuestTransport -eq 'KeyValuePair' }).Count }
        'KeyValuePair' { $Answer[0].Summary.Synced }
        'Unchanged' { $Answer[0].Summary.Unchanged }
        default { $Answer[0].Summary.Discovered }
    }
    if ($good -ne $Machine) { throw "$Kind is right for $good of $Machine machines." }
}
