# The table of transports: one shape for all, so that what uses a transport need not know which one it is.

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"
    $module = Get-Module -Name Ragnatramp
    $transports = & $module { $script:GuestTransport }
    $lab = New-Lab -Folder "$TestDrive/lab" -Machine @{ name = 'web' }, @{ name = 'db'; Os = 'linux' }
    $guests = @(foreach ($name in 'web', 'db') {
            $one = $lab.Machine[$name]
            [pscustomobject]@{ machineName = $name; vmId = [string] $one.Id; vmName = $one.Name; target = $name }
        })

    # Which transport the library chooses for each guest of the lab.
    function Get-Choice {
        [CmdletBinding()] param([string] $Transport, [bool] $HasCredential)
        & $module {
            param($cmdlet, $path, $transport, $hasCredential)
            $opened = Open-RagnaLab -Cmdlet $cmdlet -ConfigPath $path
            try {
                $run = [pscustomobject]@{ Cmdlet = $cmdlet; Lab = $opened; TimeoutSeconds = 0; PollSeconds = 1 }
                (Wait-GuestAddress -Run $run).Failure | Should -BeNullOrEmpty
                (Invoke-RagnaExport diff -Lab $opened @{}).Failure | Should -BeNullOrEmpty
                $chosen = Invoke-RagnaExport guest_transports -Lab $opened @{ transport = $transport; hasCredential = $hasCredential }
                $chosen.Failure | Should -BeNullOrEmpty
                $chosen.Response.items
            } finally {
                Close-RagnaLab -Lab $opened
            }
        } $PSCmdlet $lab.Config $Transport $HasCredential
    }
}

Describe 'The table of transports' {
    It 'has an entry for each value of -GuestTransport that is one' {
        $set = (Get-Command -Name Invoke-RagnaReconcile).Parameters['GuestTransport'].Attributes |
            Where-Object { $_ -is [System.Management.Automation.ValidateSetAttribute] }
        @(@($transports.Keys) + 'Auto' + 'None' | Sort-Object) | Should -Be @($set.ValidValues | Sort-Object)
        foreach ($transport in $transports.Values) {
            @($transport.Keys | Sort-Object) | Should -Be @('Apply', 'Read')
            $transport.Apply | Should -BeOfType [scriptblock]
        }
    }

    It 'can apply every transport that the library chooses' {
        $named = @(foreach ($asked in 'Auto', 'None', 'KeyValuePair', 'PowerShellDirect') {
                Get-Choice -Transport $asked -HasCredential $true | ForEach-Object { $_.transport }
            })
        $chosen = @($named | Where-Object { $_ } | Sort-Object -Unique)
        $chosen | Should -Be @('PowerShellDirect')
        foreach ($name in $chosen + 'KeyValuePair') { $transports[$name].Apply | Should -BeOfType [scriptblock] }
    }

    It 'is asked for what reaches each guest' {
        $choices = @(Get-Choice -Transport Auto -HasCredential $true)
        $choices[0].transport | Should -Be 'PowerShellDirect'
        $choices[1].transport | Should -BeNullOrEmpty
        @(Get-Choice -Transport Auto -HasCredential $false | Where-Object { $_.transport }) | Should -BeNullOrEmpty
    }
}

Describe 'Reading through a transport' {
    It 'gives the bytes of each hosts file, or why they could not be read' {
        function Invoke-Read {
            [CmdletBinding()] param()
            $run = [pscustomobject]@{ Cmdlet = $PSCmdlet; Credential = (Get-LabCredential); GuestTimeoutSeconds = 5 }
            & $module { param($read, $run, $guests) & $read $run $guests } $transports.PowerShellDirect.Read $run $guests
        }
        $files = @(Invoke-Read)
        [Convert]::ToBase64String($files[0].Bytes) | Should -Be (Get-FileBase64 -Path $lab.Machine.web.HostsPath)
        $files[0].Failure | Should -BeNullOrEmpty
        $files[1].Bytes | Should -BeNullOrEmpty
        $files[1].Failure.remedy | Should -BeLike '*Linux guest never answers*'
    }
}
