# What Hyper-V refuses while machines are made, started and removed: told by the number of the error, with a remedy.

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"
    $module = Get-Module -Name Ragnatramp

    # The failure of a step: of an exception with that number, or with it in the text alone.
    function Get-StepFailureOf {
        param([Exception] $Exception, [hashtable] $Step = @{ kind = 'StartVM' }, [string] $Category = 'NotSpecified')
        $record = [Management.Automation.ErrorRecord]::new($Exception, 'OperationFailed,Any', $Category, $null)
        $task = [pscustomobject]@{ Action = [pscustomobject]@{ machineName = 'web' } }
        & $module { param($record, $task, $step) ConvertFrom-StepError -Record $record -Task $task -Step $step } $record $task ([pscustomobject] $Step)
    }

    function New-NumberedException {
        param([string] $Number, [string] $Text = 'Es ging nicht.')
        $exception = [InvalidOperationException]::new($Text)
        [Exception].GetProperty('HResult').SetValue($exception, [Convert]::ToInt32($Number.Substring(2), 16))
        $exception
    }
}

Describe 'An error of Hyper-V' {
    It '<Number> is <Code>, by its number and by its text' -ForEach @(
        @{ Number = '0x8007000E'; Code = 'HOST_LIMIT' }, @{ Number = '0x80070005'; Code = 'PERMISSION_DENIED' }
        @{ Number = '0xC03A001A'; Code = 'IMAGE_SPARSE' }, @{ Number = '0x80070020'; Code = 'DISK_IN_USE' }
        @{ Number = '0xC03A000D'; Code = 'DISK_CHAIN_BROKEN' }, @{ Number = '0xC03A000E'; Code = 'DISK_CHAIN_BROKEN' }
        @{ Number = '0xC03A000F'; Code = 'DISK_CHAIN_BROKEN' }, @{ Number = '0x80070050'; Code = 'DISK_IN_PLACE' }
        @{ Number = '0x80070070'; Code = 'DISK_SPACE' }
    ) {
        $byNumber = Get-StepFailureOf -Exception (New-NumberedException -Number $Number)
        $byText = Get-StepFailureOf -Exception ([InvalidOperationException]::new("Es ging nicht. ($($Number.ToLowerInvariant()))."))
        foreach ($failure in $byNumber, $byText) {
            $failure.code | Should -Be $Code
            $failure.message | Should -BeLike 'web: *Es ging nicht.*'
            $failure.remedy | Should -Not -BeNullOrEmpty
            $failure.remedy | Should -Not -Match '\{\d\}'
        }
        & $module { param($code) $script:RagnaErrorCode[$code][0] } $Code | Should -Not -BeNullOrEmpty
    }

    It 'has a test for each situation' {
        (& $module { $script:StepSituation.Count }) | Should -Be 9
    }

    It 'names in its remedy the file of the text, in any language, or that of the step' {
        $text = "Anhang 'C:\images\debian 12.vhdx' konnte nicht ge\u00f6ffnet werden (0xC03A001A)."
        (Get-StepFailureOf -Exception ([InvalidOperationException]::new($text))).remedy | Should -BeLike '*"C:\images\debian 12.vhdx"*'
        $step = @{ kind = 'NewDisk'; path = 'D:\vms\web.vhdx'; parentPath = 'D:\images\base.vhdx' }
        (Get-StepFailureOf -Exception (New-NumberedException -Number '0xC03A001A') -Step $step).remedy | Should -BeLike '*"D:\images\base.vhdx"*'
        (Get-StepFailureOf -Exception (New-NumberedException -Number '0x80070005') -Step $step).remedy | Should -BeLike '*icacls "D:\images" *'
    }

    It 'that no number tells is what it says, and the run can be repeated' {
        $failure = Get-StepFailureOf -Exception ([InvalidOperationException]::new('Kein Netz.'))
        "$($failure.code): $($failure.message)" | Should -Be 'OPERATION_FAILED: web: Hyper-V could not do the step StartVM: Kein Netz.'
    }

    It 'for want of rights is PERMISSION_DENIED' {
        (Get-StepFailureOf -Exception ([InvalidOperationException]::new('Nein.')) -Category 'PermissionDenied').code | Should -Be 'PERMISSION_DENIED'
    }

    It 'of a guest that does not shut down is STOP_TIMEOUT, or what the guest says' {
        $step = @{ kind = 'ShutDownVM' }
        (Get-StepFailureOf -Exception (New-NumberedException -Number '0x800705B4') -Step $step).code | Should -Be 'STOP_TIMEOUT'
        (Get-StepFailureOf -Exception ([InvalidOperationException]::new('Nein.')) -Step $step).code | Should -Be 'SHUTDOWN_UNAVAILABLE'
    }
}

Describe 'A run in which Hyper-V fails' {
    It 'ends with the error of the machine, and the next one goes on where it ended' {
        $lab = New-EmptyLab -Machine @{ name = 'web' }
        foreach ($case in @{ Fault = @{ 'New-VM' = '0x80070070' }; Code = 'DISK_SPACE' }, @{ Fault = @{ 'Start-VM' = '0x8007000E' }; Code = 'HOST_LIMIT' }) {
            Set-SimulatedHost -Fault $case.Fault
            $seen = Watch-Run { Start-RagnaMachine -Path $lab.Config -SkipReconcile }
            Get-FaultText -Seen $seen | Should -Be "$($case.Code) web"
            $seen.Left | Should -HaveCount 1 -Because 'each cause is told once'
        }
        Set-SimulatedHost -Fault @{}
        Get-ResultText -Seen (Watch-Run { Start-RagnaMachine -Path $lab.Config -SkipReconcile }) | Should -Be 'web: started, Running'
        @(Hyper-V\Get-VM) | Should -HaveCount 1
    }

    It 'does not go on with a step whose cmdlet throws its error, or writes it' -ForEach @(@{ Throws = $true }, @{ Throws = $false }) {
        $lab = New-EmptyLab -Machine @{ name = 'web' }
        $null = Start-RagnaMachine -Path $lab.Config -SkipReconcile
        $null = Stop-RagnaMachine -Path $lab.Config -TurnOff -Confirm:$false
        Set-SimulatedHost -Fault @{ 'Remove-VM' = @{ Message = 'Nein.'; Throws = $Throws } }
        Clear-SimulatedCall
        $seen = Watch-Run { Remove-RagnaMachine -Path $lab.Config -Force }
        Get-FaultText -Seen $seen | Should -Be 'OPERATION_FAILED web'
        "$($seen.Errors)" | Should -BeLike '*RemoveVM: Nein.*'
        $after = $false
        $calls = @(Get-SimulatedCall | ForEach-Object { if ($after) { $_.Cmdlet }; if ($_.Cmdlet -eq 'Remove-VM') { $after = $true } })
        $calls -join ' ' | Should -Be 'Get-VM' -Because 'only the state that is shown is asked for afterwards'
        Set-SimulatedHost -Fault @{}
        Get-ResultText -Seen (Watch-Run { Remove-RagnaMachine -Path $lab.Config -Force }) | Should -Be 'web: removed, NotCreated'
    }

    It 'takes only a whole list without a VM for its removal: Get-VM writes errors beside VMs that are being removed' {
        $lab = New-EmptyLab -Machine @{ name = 'web' }, @{ name = 'db' } -Setting @{ auto_start = 'false' }
        $null = Start-RagnaMachine -Path $lab.Config -SkipReconcile
        Set-SimulatedHost -LeavingQuery 3
        $seen = Watch-Run { Remove-RagnaMachine -Path $lab.Config -Force }
        Get-FaultText -Seen $seen | Should -Be ''
        Get-ResultText -Seen $seen | Should -Be 'web: removed, NotCreated; db: removed, NotCreated'
    }

    It 'does not wait for ever where the error stays, and keeps what it is not sure of' {
        $lab = New-EmptyLab -Machine @{ name = 'web' } -Setting @{ auto_start = 'false' }
        $null = Start-RagnaMachine -Path $lab.Config -SkipReconcile
        $disk = (Get-LabState -Lab $lab).vms.web.diskPath
        Set-SimulatedHost -LeavingQuery 1000
        $seen = Watch-Run { Remove-RagnaMachine -Path $lab.Config -Force }
        Get-FaultText -Seen $seen | Should -Be 'OPERATION_FAILED web'
        "$($seen.Errors)" | Should -BeLike '*RemoveVM: Hyper-V encountered an error trying to access an object*'
        [IO.File]::Exists($disk) | Should -BeTrue
        [IO.File]::Delete([IO.Path]::Combine($lab.HyperV, 'leaving.txt'))
        Get-ResultText -Seen (Watch-Run { Remove-RagnaMachine -Path $lab.Config -Force }) | Should -Be 'web: removed, NotCreated'
        [IO.File]::Exists($disk) | Should -BeFalse
    }

    It 'tells of a Hyper-V that is silent once, and does nothing' {
        $lab = New-EmptyLab -Machine @{ name = 'web' }, @{ name = 'db' }
        Set-SimulatedHost -Service 'stopped'
        $seen = Watch-Run { Start-RagnaMachine -Path $lab.Config }
        Get-FaultText -Seen $seen | Should -BeLike 'HYPERV_ERROR *'
        $seen.Errors | Should -HaveCount 1
        [IO.File]::Exists($lab.StatePath) | Should -BeFalse
    }
}
