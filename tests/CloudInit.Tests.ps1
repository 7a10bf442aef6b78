# cloud_init: a machine is named from its first boot on, once.

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"

    function Start-TestLab {
        param([object] $Lab)
        Watch-Run { Start-RagnaMachine -Path $Lab.Config -TimeoutSeconds 20 }
    }

    function Get-GuestText {
        param([object] $Lab, [string] $Machine, [string] $Path)
        $id = (Get-LabState -Lab $Lab).vms.$Machine.id
        [IO.File]::ReadAllText([IO.Path]::Combine($Lab.HyperV, 'guests', $id, $Path))
    }

    function Get-SeedPath {
        param([object] $Lab, [string] $Machine)
        (Get-LabState -Lab $Lab).vms.$Machine.seed.path
    }
}

Describe 'A machine with cloud_init' {
    It 'has its name and takes those of the others from its first start on, in an image without anything of this tool' {
        $lab = New-EmptyLab -Default @{ cloud_init = 'true' } -NewGuest @{ Agent = ''; Daemon = $false }
        $seen = Start-TestLab -Lab $lab
        ($seen.Errors | ForEach-Object { "$_" }) -join '; ' | Should -Be ''
        ($seen.Output | ForEach-Object { "$($_.Machine): $($_.Action), $($_.Hosts)" }) -join '; ' |
            Should -Be 'web: created, started, synced; db: created, started, synced'
        foreach ($name in 'web', 'db') {
            Get-GuestText -Lab $lab -Machine $name -Path 'etc\hostname' | Should -BeExactly "$name`n"
            $seed = Get-SeedPath -Lab $lab -Machine $name
            $seed | Should -BeLike "*\$name-seed.iso"
            $vm = Hyper-V\Get-VM -Id (Get-LabState -Lab $lab).vms.$name.id
            @(Hyper-V\Get-VMDvdDrive -VM $vm).Path | Should -Be @($seed)
            (Hyper-V\Get-VMFirmware -VM $vm).BootOrder[0].Device.Path | Should -BeLike "*\$name.vhdx" -Because 'it starts from its disk'
        }
        (Get-LabState -Lab $lab).vms.web.seed.creationId | Should -Not -Be (Get-LabState -Lab $lab).vms.db.seed.creationId
    }

    It 'of an image whose cloud-init does not read it is told why, <Where>' -ForEach @(
        @{ Where = 'where its daemon answers'; Daemon = $true; Told = 'web: its guest runs *no script*' }
        @{ Where = 'where only the neighbour table knows its address'; Daemon = $false; Told = 'web: its guest does not answer Hyper-V*' }
    ) {
        $lab = New-EmptyLab -Machine @{ name = 'web' } -Default @{ cloud_init = 'true' } -NewGuest @{ Agent = ''; Daemon = $Daemon; CloudInit = $false }
        $null = Watch-Run { Start-RagnaMachine -Path $lab.Config -SkipReconcile }
        $adapter = Hyper-V\Get-VMNetworkAdapter -VM (Hyper-V\Get-VM)
        Set-SimulatedNeighbor -Entry @{ ip = '172.20.144.77'; mac = $adapter.MacAddress -replace '(..)(?!$)', '$1-' }
        $seen = Invoke-Reconcile -Lab $lab -Transport Auto
        $seen.Errors | Should -BeNullOrEmpty
        $seen.Warnings | Should -HaveCount 1
        $seen.Warnings[0] | Should -BeLike $Told
        $seen.Warnings[0] | Should -BeLike '*take the distribution''s generic cloud image.*'
    }

    It 'uses the drive that a VM of generation 1 has' {
        $lab = New-EmptyLab -Machine @{ name = 'web' } -Default @{ cloud_init = 'true'; generation = '1' }
        $seen = Start-TestLab -Lab $lab
        ($seen.Errors | ForEach-Object { "$_" }) -join '; ' | Should -Be ''
        @(Hyper-V\Get-VMDvdDrive -VM (Hyper-V\Get-VM)).Path | Should -Be @(Get-SeedPath -Lab $lab -Machine web)
    }

    It 'has one first boot, whatever its user-data and its config say later' {
        $lab = New-EmptyLab -Machine @{ name = 'web' } -Default @{ cloud_init = '{user_data: web.yaml}' }
        $file = [IO.Path]::Combine($lab.Folder, 'web.yaml')
        [IO.File]::WriteAllText($file, "#cloud-config`r`n# first`r`n")
        $null = Start-TestLab -Lab $lab
        Get-GuestText -Lab $lab -Machine web -Path 'var\lib\cloud\instance\user-data.txt' | Should -BeExactly "#cloud-config`r`n# first`r`n"
        $disc = [IO.File]::ReadAllBytes((Get-SeedPath -Lab $lab -Machine web))
        [IO.File]::WriteAllText($file, "#cloud-config`n# second`n")
        $seen = Start-TestLab -Lab $lab
        ($seen.Output | ForEach-Object { "$($_.Machine): $($_.Action)" }) -join '; ' | Should -Be 'web: none'
        [IO.File]::Delete($file)
        [IO.File]::WriteAllText($lab.Config, [IO.File]::ReadAllText($lab.Config).Replace('{user_data: web.yaml}', 'true'))
        $null = Watch-Run { Stop-RagnaMachine -Path $lab.Config }
        $null = Watch-Run { Checkpoint-RagnaMachine -Path $lab.Config -Name clean }
        $null = Watch-Run { Restore-RagnaMachine -Path $lab.Config -Name clean -Confirm:$false }
        $seen = Watch-Run { Start-RagnaMachine -Path $lab.Config -Force -TimeoutSeconds 20 }
        ($seen.Errors | ForEach-Object { "$_" }) -join '; ' | Should -Be ''
        [Convert]::ToBase64String([IO.File]::ReadAllBytes((Get-SeedPath -Lab $lab -Machine web))) | Should -Be ([Convert]::ToBase64String($disc))
        @(@(Get-GuestText -Lab $lab -Machine web -Path 'var\log\cloud-init.log') -split "`n" | Where-Object { $_ }).Count | Should -Be 1
    }

    It 'goes with its disc' {
        $lab = New-EmptyLab -Default @{ cloud_init = 'true' }
        $null = Start-TestLab -Lab $lab
        $seen = Watch-Run { Remove-RagnaMachine -Path $lab.Config -Force }
        ($seen.Errors | ForEach-Object { "$_" }) -join '; ' | Should -Be ''
        @([IO.Directory]::GetFileSystemEntries($lab.Artifact)).Count | Should -Be 0
    }

    It 'is not made where its user-data is not there, which a check of the config tells' {
        $lab = New-EmptyLab -Machine @{ name = 'web'; cloud_init = '{user_data: web.yaml}' }
        $seen = Watch-Run { Test-RagnaConfig -Path $lab.Config }
        $seen.Output[0].Valid | Should -BeTrue
        ($seen.Warnings | ForEach-Object { "$_" }) -join '; ' | Should -BeLike '*There is no user-data *\web.yaml yet; these machines need it: web.'
        $seen = Watch-Run { Test-RagnaConfig -Path $lab.Config -Preflight }
        Get-ErrorCode -Seen $seen | Should -Be @('USER_DATA_UNREADABLE')
        $seen.Warnings | Should -BeNullOrEmpty -Because 'it is told once'
        $seen = Start-TestLab -Lab $lab
        Get-ErrorCode -Seen $seen | Should -Be @('USER_DATA_UNREADABLE')
        @(Hyper-V\Get-VM).Count | Should -Be 0
        [IO.Directory]::Exists($lab.Artifact) | Should -BeFalse
    }
}
