# Register-RagnaWatch and Unregister-RagnaWatch on a simulated Task Scheduler: which task they make, that they touch no other, and
# that its command line watches.

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"
    . "$PSScriptRoot/session/Start-Watch.ps1"
    Import-SimulatedTaskScheduler

    # A task in our folder that somebody else made, or that was changed by hand.
    function Edit-Task {
        param([string] $Name, [string] $Path = '\Ragnatramp\', [string] $Description, [bool] $Enabled = $true)
        $action = ScheduledTasks\New-ScheduledTaskAction -Execute 'notepad.exe'
        $task = @{ TaskName = $Name; TaskPath = $Path; Action = $action; Settings = ScheduledTasks\New-ScheduledTaskSettingsSet -Disable:(-not $Enabled) }
        $there = @(ScheduledTasks\Get-ScheduledTask -TaskPath '\*' | Where-Object { $_.TaskName -eq $Name -and $_.TaskPath -eq $Path })
        if ($there.Count -gt 0) { $task.Action = $there[0].Actions[0]; $task.Description = $there[0].Description; $task.Action.PSObject.TypeNames.Insert(0, $action.PSObject.TypeNames[0]) }
        if ($Description) { $task.Description = $Description }
        $null = ScheduledTasks\Register-ScheduledTask @task -Force
    }

    function Get-Task { @(ScheduledTasks\Get-ScheduledTask -TaskPath '\*') }
    function Get-TaskName { @(Get-Task | ForEach-Object { $_.URI } | Sort-Object) }
}

AfterAll { Remove-Module -Name ScheduledTasks -Force -ErrorAction Ignore }

Describe 'Registering' {
    It 'makes a task of the user''s own at log-on, without elevation and without a limit of time, and starts it' {
        $lab = Get-WatchedLab
        $seen = Watch-Run { Register-RagnaWatch -Path $lab.Config }
        $seen.Errors + $seen.Warnings + $seen.Thrown | Should -BeNullOrEmpty
        $told = $seen.Output[0]
        $told.PSObject.TypeNames[0] | Should -BeExactly 'Ragnatramp.WatchTask'
        "$($told.Project) $($told.ConfigPath) $($told.TaskPath)$($told.TaskName)" | Should -BeExactly "lab $($lab.Config) \Ragnatramp\lab-$(Get-ConfigHash -Path $lab.Config)"
        "$($told.Action) $($told.State)" | Should -BeExactly 'registered, started Running'
        $told.LastRunTime | Should -BeOfType [datetime]
        $told.LogPath | Should -BeExactly ([IO.Path]::Combine($lab.Folder, '.ragnatramp', 'watch.log'))
        $task = (Get-Task)[0]
        $user = [Security.Principal.WindowsIdentity]::GetCurrent().User.Value
        "$($task.Triggers[0].Kind) $($task.Triggers[0].UserId) $($task.Triggers[0].Delay)" | Should -BeExactly "AtLogon $user PT30S"
        "$($task.Principal.UserId) $($task.Principal.LogonType) $($task.Principal.RunLevel)" | Should -BeExactly "$user Interactive Limited"
        $set = $task.Settings
        "$($set.DisallowStartIfOnBatteries) $($set.StopIfGoingOnBatteries) $($set.StartWhenAvailable) $($set.RunOnlyIfIdle) $($set.StopOnIdleEnd)" | Should -BeExactly 'False False True False False'
        "$($set.ExecutionTimeLimit) $($set.MultipleInstances) $($set.RestartCount) $($set.RestartInterval) $($set.Hidden)" | Should -BeExactly 'PT0S IgnoreNew 3 PT1M False'
        $task.Description -split "`n" | Should -Contain "config:$($lab.Config)"
        ($seen.Output | Out-String) | Should -Match '(?m)^registered, started +Running +\\Ragnatramp\\lab-'
    }

    It 'again changes nothing and says so' {
        $lab = Get-WatchedLab
        $null = Register-RagnaWatch -Path $lab.Config
        $before, $calls = @(Get-FolderDigest -Path $lab.Folder | Where-Object { $_ -notlike '*calls.txt*' }), @(Get-SimulatedTaskCall)
        $seen = Watch-Run { Register-RagnaWatch -Path $lab.Config }
        "$($seen.Output[0].Action) $($seen.Output[0].State)" | Should -BeExactly 'none Running'
        @(Get-SimulatedTaskCall) | Should -Be $calls
        @(Get-FolderDigest -Path $lab.Folder | Where-Object { $_ -notlike '*calls.txt*' }) | Should -Be $before
    }

    It 'with other options replaces it, and what runs begins anew' {
        $lab = Get-WatchedLab
        $null = Register-RagnaWatch -Path $lab.Config
        $calls = @(Get-SimulatedTaskCall).Count
        (Register-RagnaWatch -Path $lab.Config -PollSeconds 5 -AllowPartial -GuestTransport None).Action | Should -BeExactly 'updated, started'
        @(Get-SimulatedTaskCall | Select-Object -Skip $calls) | Should -Be 'Stop-ScheduledTask', 'Register-ScheduledTask', 'Start-ScheduledTask'
        (Get-Task)[0].Actions[0].Arguments | Should -BeLike '* -PollSeconds 5 -GuestTransport None -AllowPartial'
        Get-TaskName | Should -HaveCount 1
    }

    It '-NoStart leaves it for the next log-on, and a later run starts it' {
        $lab = Get-WatchedLab
        $told = Register-RagnaWatch -Path $lab.Config -NoStart
        "$($told.Action) $($told.State)" | Should -BeExactly 'registered Ready'
        $told.LastRunTime | Should -Be $null
        (Register-RagnaWatch -Path $lab.Config -NoStart).Action | Should -BeExactly 'none'
        (Register-RagnaWatch -Path $lab.Config).Action | Should -BeExactly 'started'
    }

    It '-WhatIf changes nothing, for a new task and for one that is there' {
        $lab = Get-WatchedLab
        $seen = Watch-Run { Register-RagnaWatch -Path $lab.Config -WhatIf }
        $seen.Output + $seen.Errors | Should -BeNullOrEmpty
        @(Get-SimulatedTaskCall) | Should -HaveCount 0
        $null = Register-RagnaWatch -Path $lab.Config -NoStart
        $seen = Watch-Run { Register-RagnaWatch -Path $lab.Config -WhatIf; Register-RagnaWatch -Path $lab.Config -PollSeconds 5 -WhatIf; Unregister-RagnaWatch -Path $lab.Config -WhatIf }
        $seen.Output + $seen.Errors | Should -BeNullOrEmpty
        @(Get-SimulatedTaskCall) | Should -Be 'Register-ScheduledTask'
    }

    It 'makes one that was disabled by hand work again' {
        $lab = Get-WatchedLab
        $name = (Register-RagnaWatch -Path $lab.Config -NoStart).TaskName
        Edit-Task -Name $name -Enabled $false
        (Get-Task)[0].State | Should -BeExactly 'Disabled'
        $told = Register-RagnaWatch -Path $lab.Config
        "$($told.Action) $($told.State)" | Should -BeExactly 'updated, started Running'
    }

    It 'makes one for each config of a pipeline, and one for all rows of a lab''s status' {
        $lab = Get-WatchedLab
        $other = New-Lab -Project 'other' -Machine @{ name = 'mail' }
        Enter-Lab -Lab $lab
        @($lab.Config, $other.Config | Register-RagnaWatch -NoStart | ForEach-Object { $_.Project }) | Should -Be 'lab', 'other'
        Get-TaskName | Should -HaveCount 2
        @(Get-RagnaStatus -Path $lab.Config | Unregister-RagnaWatch) | Should -HaveCount 1
        Get-TaskName | Should -HaveCount 1
    }

    It 'replaces that of an earlier name of the project' {
        $lab = Get-WatchedLab @{ WithoutState = $true }
        $null = Register-RagnaWatch -Path $lab.Config
        [IO.File]::WriteAllText($lab.Config, [IO.File]::ReadAllText($lab.Config).Replace('name: lab', 'name: renamed'))
        (Register-RagnaWatch -Path $lab.Config).Action | Should -BeExactly 'updated, started'
        Get-TaskName | Should -Be "\Ragnatramp\renamed-$(Get-ConfigHash -Path $lab.Config)"
    }
}

Describe 'A task that is not ours' {
    It 'is an error where it has the name of ours (<Case>), and stays as it is' -ForEach @(
        @{ Case = 'no marker'; Text = 'mine' }
        @{ Case = 'the marker of another config'; Text = "ragnatramp:v0.1.0`nconfig:C:\elsewhere\ragnatramp.yaml`nmanaged:true" }
    ) {
        $lab = Get-WatchedLab
        $name = "LAB-$(Get-ConfigHash -Path $lab.Config)"
        Edit-Task -Name $name -Description $Text
        $before = @(Get-SimulatedTaskCall)
        $seen = Watch-Run { Register-RagnaWatch -Path $lab.Config }
        Get-ErrorCode -Seen $seen | Should -Be 'OWNERSHIP_VERIFICATION_FAILED'
        $seen.Errors[0].ErrorDetails.RecommendedAction | Should -BeLike '*taskschd.msc*'
        (Watch-Run { Unregister-RagnaWatch -Path $lab.Config }).Output[0].Action | Should -BeExactly 'none'
        @(Get-SimulatedTaskCall) | Should -Be $before
        (Get-Task)[0].Description | Should -BeExactly $Text
    }
}

Describe 'Unregistering' {
    It 'stops and removes exactly the task of that config' {
        $lab = Get-WatchedLab
        $other = New-Lab -Project 'other' -Machine @{ name = 'mail' }
        Enter-Lab -Lab $lab
        $mine = Register-RagnaWatch -Path $lab.Config
        $null = Register-RagnaWatch -Path $other.Config
        Edit-Task -Name $mine.TaskName -Path '\' -Description 'mine'
        Edit-Task -Name 'backup' -Description 'mine'
        $before = Get-TaskName
        $calls = @(Get-SimulatedTaskCall).Count
        $told = Unregister-RagnaWatch -Path $lab.Config
        "$($told.Project) $($told.TaskName) $($told.Action) $($told.State)" | Should -BeExactly "lab $($mine.TaskName) removed NotRegistered"
        @(Get-SimulatedTaskCall | Select-Object -Skip $calls) | Should -Be 'Stop-ScheduledTask', 'Unregister-ScheduledTask'
        Get-TaskName | Should -Be @($before | Where-Object { $_ -ne "\Ragnatramp\$($mine.TaskName)" })
        (Unregister-RagnaWatch -Path $lab.Config).Action | Should -BeExactly 'none'
    }

    It 'needs no config that can be read: <Case>' -ForEach @(
        @{ Case = 'it is broken'; Change = { [IO.File]::WriteAllText($args[0].Config, 'project: [') } }
        @{ Case = 'it is deleted'; Change = { [IO.File]::Delete($args[0].Config) } }
        @{ Case = 'the state is damaged'; Change = { [IO.File]::WriteAllText($args[0].StatePath, '{') } }
    ) {
        $lab = Get-WatchedLab
        $null = Register-RagnaWatch -Path $lab.Config
        & $Change $lab
        $seen = Watch-Run { Unregister-RagnaWatch -Path $lab.Config }
        $seen.Errors | Should -BeNullOrEmpty
        "$($seen.Output[0].Project) $($seen.Output[0].Action)" | Should -BeExactly 'lab removed'
        @(Get-Task -ErrorAction Ignore) | Should -HaveCount 0
    }

    It 'of a config that is nowhere and has no task is an error' {
        $lab = Get-WatchedLab
        Get-ErrorCode -Seen (Watch-Run { Unregister-RagnaWatch -Path "$($lab.Folder)/nowhere.yaml" }) | Should -Be 'CONFIG_NOT_FOUND'
    }
}

Describe 'What keeps a task from being registered' {
    It 'is told with its code and its remedy: <Code> of <Cmdlet>' -ForEach @(
        @{ Cmdlet = 'Register-ScheduledTask'; Code = '0x80070005'; Expected = 'PERMISSION_DENIED PermissionDenied'; Remedy = '*needs no elevation*' }
        @{ Cmdlet = 'Get-ScheduledTask'; Code = '0x80041315'; Expected = 'TASK_SCHEDULER_ERROR ResourceUnavailable'; Remedy = '*Get-Service Schedule*' }
        @{ Cmdlet = 'Start-ScheduledTask'; Code = '0x80070005'; Expected = 'PERMISSION_DENIED PermissionDenied'; Remedy = '*needs no elevation*' }
    ) {
        $lab = Get-WatchedLab
        Set-SimulatedTaskScheduler -Fault @{ $Cmdlet = $Code }
        $seen = Watch-Run { Register-RagnaWatch -Path $lab.Config }
        $seen.Errors | Should -HaveCount 1
        "$((Get-ErrorCode -Seen $seen)) $($seen.Errors[0].CategoryInfo.Category)" | Should -BeExactly $Expected
        $seen.Errors[0].ErrorDetails.RecommendedAction | Should -BeLike $Remedy
        $seen.Errors[0].TargetObject | Should -BeExactly $lab.Config
        $seen.Left | Should -HaveCount 1
    }

    It 'is told where Windows'' module is not there' {
        $lab = Get-WatchedLab
        $path = $env:PSModulePath
        Remove-Module -Name ScheduledTasks
        $env:PSModulePath = $lab.Folder
        try { $seen = Watch-Run { Register-RagnaWatch -Path $lab.Config; Unregister-RagnaWatch -Path $lab.Config } } finally {
            $env:PSModulePath = $path
            Import-SimulatedTaskScheduler
        }
        Get-ErrorCode -Seen $seen | Should -Be 'TASK_SCHEDULER_ERROR', 'TASK_SCHEDULER_ERROR'
        $seen.Errors[0].ErrorDetails.RecommendedAction | Should -BeLike '*Watch-RagnaReconcile*'
        $seen.Left | Should -HaveCount 2
    }

    It 'is told of a config that is not there, or has faults, and nothing is registered' {
        $lab = Get-WatchedLab
        Get-ErrorCode -Seen (Watch-Run { Register-RagnaWatch -Path "$($lab.Folder)/nowhere.yaml" }) | Should -Be 'CONFIG_NOT_FOUND'
        [IO.File]::WriteAllText($lab.Config, 'project: [')
        Get-ErrorCode -Seen (Watch-Run { Register-RagnaWatch -Path $lab.Config }) | Should -Be 'CONFIG_INVALID_YAML'
        @(Get-SimulatedTaskCall) | Should -HaveCount 0
    }

    It 'is told of a path in which Task Scheduler would put something else: <Part>' -ForEach @(@{ Part = '%OS%' }, @{ Part = '$(Arg0)' }) {
        $lab = Get-WatchedLab @{ Folder = "$TestDrive/with $Part" }
        $seen = Watch-Run { Register-RagnaWatch -Path $lab.Config }
        Get-ErrorCode -Seen $seen | Should -Be 'TASK_SCHEDULER_ERROR'
        @(Get-SimulatedTaskCall) | Should -HaveCount 0
    }
}

Describe 'What the task runs' {
    It 'is a process that watches the lab, in a folder of any name, until it is unregistered' {
        $odd = "it's `$HOME; & (caf$([char] 0xE9)) [x] 100% ``$([char] 0x4E16)"
        $lab = Get-WatchedLab @{ Folder = "$TestDrive/$odd/$('long ' * 20)end/$('deep ' * 20)end" }
        $lab.Config.Length | Should -BeGreaterThan 260
        $log = [IO.Path]::Combine($lab.Folder, '.ragnatramp', 'watch.log')
        $path = $env:PSModulePath
        # The process finds the simulated Hyper-V as it would find the real one.
        $env:PSModulePath = "$([IO.Path]::GetFullPath("$PSScriptRoot/HyperVSimulator"));$path"
        Set-SimulatedTaskScheduler -Runs $true
        try {
            $told = Register-RagnaWatch -Path $lab.Config -PollSeconds 1
            $told.State | Should -BeExactly 'Running'
            # A PowerShell begins, and on a busy computer that takes its time.
            Wait-Run -Seconds 120 { @(Get-LogLine -Path $log).Count -ge 2 }
            $process = [regex]::Match(@(Get-LogLine -Path $log)[0], 'lab: the watch begins \(process (\d+)\)').Groups[1].Value
            $process | Should -Not -BeNullOrEmpty
            Set-SimulatedVM -Id $lab.Machine.web.Id -Address '172.28.64.10'
            Wait-Run -Seconds 120 { (@(Get-LogLine -Path $log) -join ' ').Contains('172.28.64.10') }
            (Get-LabState -Lab $lab).vms.web.network.ipv4 | Should -BeExactly '172.28.64.10'
            $row = @(Get-RagnaStatus -Path $lab.Config)[0]
            "$($row.Watched) $($row.WatchedBy)" | Should -BeLike "True process $process on *"
            ([datetime]::Now - $row.WatchedSince).TotalMinutes | Should -BeLessThan 5
            (Register-RagnaWatch -Path $lab.Config -PollSeconds 1).Action | Should -BeExactly 'none'
            (Unregister-RagnaWatch -Path $lab.Config).Action | Should -BeExactly 'removed'
        } finally {
            $env:PSModulePath = $path
            foreach ($task in Get-Task) { ScheduledTasks\Stop-ScheduledTask -InputObject $task }
        }
        @(Get-Process -Id $process -ErrorAction Ignore) | Should -HaveCount 0
        @(Get-RagnaStatus -Path $lab.Config)[0].Watched | Should -BeFalse
        @(Get-LogLine -Path $log | Where-Object { $_ -like '*error*' }) | Should -BeNullOrEmpty
    }

    It 'says in the log why it could not begin' {
        $lab = Get-WatchedLab
        $module = [IO.Path]::GetDirectoryName((Get-Module -Name Ragnatramp).Path)
        $copy = New-TestFolder -Name 'broken-module'
        [IO.File]::Copy([IO.Path]::Combine($module, 'watch.ps1'), [IO.Path]::Combine($copy, 'watch.ps1'))
        $program = [Diagnostics.Process]::GetCurrentProcess().MainModule.FileName
        $null = & $program -NoProfile -NonInteractive -File ([IO.Path]::Combine($copy, 'watch.ps1')) -Path $lab.Config -PollSeconds 1 -GuestTransport None
        $LASTEXITCODE | Should -Be 1
        @([IO.File]::ReadAllLines([IO.Path]::Combine($lab.Folder, '.ragnatramp', 'watch.log')))[0] | Should -Match '^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d error: .*Ragnatramp\.psd1'
    }
}

Describe 'Removing a lab' {
    It 'warns of its task once no machine is left, and leaves it' {
        $lab = New-EmptyLab
        $null = Start-RagnaMachine -Path $lab.Config -SkipReconcile
        $null = Register-RagnaWatch -Path $lab.Config -NoStart
        (Watch-Run { Remove-RagnaMachine -Path $lab.Config -Machine web -Force }).Warnings | Should -BeNullOrEmpty
        $seen = Watch-Run { Remove-RagnaMachine -Path $lab.Config -Force }
        $seen.Warnings | Should -BeLike "The task \Ragnatramp\lab-$($lab.Hash) *Unregister-RagnaWatch*"
        Get-TaskName | Should -HaveCount 1
    }
}
