# The table of doors: one shape for all, so that what goes through a door need not know which one it is.

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"
    $module = Get-Module -Name Ragnatramp
    $doors = & $module { $script:GuestDoor }
    $lab = New-Lab -Folder "$TestDrive/lab" -Machine @{ name = 'web' }, @{ name = 'db'; Os = 'linux' }
    $guests = @(foreach ($name in 'web', 'db') {
            $one = $lab.Machine[$name]
            [pscustomobject]@{ machineName = $name; vmId = [string] $one.Id; vmName = $one.Name; target = $name }
        })

    # One step of a door, as a run takes it.
    function Invoke-Step {
        [CmdletBinding()] param([string] $Door, [string] $Step)
        & $module {
            param($cmdlet, $step, $guests, [pscredential] $credential)
            $exchange = ConvertTo-Json -Depth 3 -InputObject @((Get-GuestExchange -Cmdlet $cmdlet -About Guest).Output)
            $visit = New-GuestVisit -Cmdlet $cmdlet -Exchange $exchange -Credential $credential -Block 'none'
            & $step $visit $guests
        } $PSCmdlet $doors[$Door][$Step] $guests (Get-LabCredential)
    }
}

Describe 'The table of doors' {
    It 'has an entry for each value of -GuestTransport, and all can be tested' {
        $set = (Get-Command -Name Invoke-RagnaReconcile).Parameters['GuestTransport'].Attributes |
            Where-Object { $_ -is [System.Management.Automation.ValidateSetAttribute] }
        @($doors.Keys | Sort-Object) | Should -Be @($set.ValidValues | Sort-Object)
        foreach ($door in $doors.Values) {
            @($door.Keys | Sort-Object) | Should -Be @('Apply', 'Read', 'Test')
            $door.Test | Should -BeOfType [scriptblock]
        }
    }

    It 'can apply every door that a test names' {
        $named = @(foreach ($door in @($doors.Keys)) { (Invoke-Step -Door $door -Step Test).Choice | ForEach-Object { $_.door } })
        @($named | Where-Object { $_ } | Sort-Object -Unique) | Should -Be @('PowerShellDirect')
        foreach ($name in 'PowerShellDirect', 'KeyValuePair') { $doors[$name].Apply | Should -BeOfType [scriptblock] }
    }

    It 'says for each guest its door, or its answer with what is missing' {
        $choices = @((Invoke-Step -Door Auto -Step Test).Choice)
        $choices[0].door | Should -Be 'PowerShellDirect'
        $choices[1].door | Should -BeNullOrEmpty
        "$($choices[1].skipped.status) $($choices[1].skipped.reason)" | Should -Be 'skipped no-script'
    }
}

Describe 'Reading through a door' {
    It 'gives the bytes of each hosts file, or why they could not be read' {
        $files = @(Invoke-Step -Door PowerShellDirect -Step Read)
        [Convert]::ToBase64String($files[0].Bytes) | Should -Be ([Convert]::ToBase64String([IO.File]::ReadAllBytes($lab.Machine.web.HostsPath)))
        $files[0].Failure | Should -BeNullOrEmpty
        $files[1].Bytes | Should -BeNullOrEmpty
        $files[1].Failure.remedy | Should -BeLike '*Linux guest never answers*'
    }
}
