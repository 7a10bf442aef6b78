# What is expected of the examples in the help beside that they tell no error and no warning. An example that is not here is run in a
# running lab.
#     Code      the example, word for word
#     Lab       a situation of New-ExampleLab [Running]
#     Before    what has happened there
#     Machines  the machines that it emits, and what was done with each
#     Count     how many objects it emits
#     Holds     what is so afterwards; $seen is the run

$damage = { [IO.File]::WriteAllText($lab.StatePath, '{') }
$exampleCases = @(
    @{ Code = 'Checkpoint-RagnaMachine -Name clean'; Machines = 'web: checkpointed; db: checkpointed' }
    @{ Code = 'Checkpoint-RagnaMachine -Name before-update -Machine db -Type Standard'; Machines = 'db: checkpointed' }
    @{ Code = "Checkpoint-RagnaMachine -Name (Get-Date -Format 'yyyy-MM-dd HHmm')"; Machines = 'web: checkpointed; db: checkpointed' }

    @{ Code = 'Export-RagnaGuest ./ragnatramp-guest'; Count = 1; Holds = { [IO.File]::Exists("$($seen.Output[0].FullName)\install.sh") } }
    @{ Code = 'Export-RagnaGuest ./ragnatramp-guest.iso -As Iso'; Count = 1; Holds = { $seen.Output[0].Length -gt 40000 } }
    @{ Code = 'Export-RagnaGuest ./seed.iso -As Seed'; Count = 1; Holds = { $seen.Output[0].Length -gt 40000 } }
    @{ Code = 'Export-RagnaGuest ./user-data -As CloudInit'; Count = 1; Holds = { [IO.File]::ReadAllText($seen.Output[0].FullName).StartsWith('#cloud-config') } }

    @{ Code = 'Get-RagnaCheckpoint'; Lab = 'Checkpointed'; Count = 4 }
    @{ Code = "Get-RagnaCheckpoint -Name 'clean*' -Machine web"; Lab = 'Checkpointed'; Count = 1 }
    @{ Code = 'Get-RagnaCheckpoint | Group-Object Name'; Lab = 'Checkpointed'; Count = 2 }

    @{ Code = 'Get-RagnaPlan'; Lab = 'Empty'; Machines = 'web: create; db: create' }
    @{ Code = 'Get-RagnaPlan -For Remove | Select-Object -ExpandProperty Touches'; Count = 4 }
    @{
        Code = 'Get-RagnaPlan | Where-Object Action -EQ refuse | Format-List Machine, Reason'; Lab = 'Off'
        Before = { Set-SimulatedVM -Name "lab-web-$($lab.Hash)" -Notes 'mine' }; Holds = { ($seen.Output | Out-String) -match 'Machine : web' }
    }

    @{ Code = 'Get-RagnaStatus'; Count = 2; Holds = { -not (@($seen.Output.State) -ne 'Running') } }
    @{
        Code = 'Get-RagnaStatus | Where-Object State -EQ Running | Test-Connection -Count 1'
        Holds = { "$($seen.Output)" -match '^(\d+\.){3}\d+ (\d+\.){3}\d+$' }
    }
    @{ Code = 'Get-RagnaStatus -Machine db, web | Get-VM | Start-VM'; Lab = 'Off'; Holds = { @(Hyper-V\Get-VM | Where-Object State -EQ 'Running').Count -eq 2 } }
    @{ Code = 'Get-RagnaStatus -Machine db | Format-List *'; Holds = { ($seen.Output | Out-String) -match 'PreviousIPv4' } }

    @{ Code = 'Invoke-RagnaReconcile -WhatIf'; Count = 1; Holds = { $seen.Output[0].DryRun } }
    @{
        Code = 'Invoke-RagnaReconcile -Credential (Get-Credential Administrator)'; Lab = 'Windows'
        Holds = { "$($seen.Output[0].HostSync.Status)" -cmatch '^(synced|unchanged) (synced|unchanged)$' }
    }
    @{
        Code = "`$accounts = [ordered]@{ 'dc' = Get-Credential LAB\Administrator; 'web*' = Get-Credential .\Administrator; '*' = `$null }`n" +
        'Invoke-RagnaReconcile -Credential $accounts -GuestTimeoutSeconds 60'; Lab = 'Windows'; Count = 1
        Holds = { $seen.Output[0].Success }
    }
    @{ Code = 'Get-ChildItem -Recurse -Filter ragnatramp.yaml | Invoke-RagnaReconcile | Select-Object -ExpandProperty HostSync'; Count = 2 }

    @{ Code = 'New-RagnaConfig'; Lab = 'Folder'; Count = 1; Holds = { [IO.File]::Exists("$(Get-Location)\ragnatramp.yaml") } }
    @{
        Code = 'New-RagnaConfig -Path (New-Item -ItemType Directory -Path ./web)'; Lab = 'Folder'; Count = 1
        Holds = { [IO.File]::Exists("$(Get-Location)\web\ragnatramp.yaml") }
    }
    @{ Code = 'New-RagnaConfig -WhatIf'; Lab = 'Folder'; Count = 0; Holds = { -not [IO.File]::Exists("$(Get-Location)\ragnatramp.yaml") } }

    @{ Code = 'Register-RagnaWatch'; Count = 1; Holds = { "$($seen.Output[0].Action), $($seen.Output[0].State)" -ceq 'registered, started, Running' } }
    @{ Code = 'Register-RagnaWatch -PollSeconds 300 -AllowPartial -WhatIf'; Count = 0 }
    @{
        Code = 'Get-ChildItem -Recurse -Filter ragnatramp.yaml | Register-RagnaWatch -NoStart'; Count = 1
        Holds = { "$($seen.Output[0].Action), $($seen.Output[0].State)" -ceq 'registered, Ready' }
    }
    @{ Code = 'Unregister-RagnaWatch -WhatIf'; Before = { Register-RagnaWatch -NoStart }; Count = 0 }
    @{ Code = 'Unregister-RagnaWatch'; Before = { Register-RagnaWatch }; Count = 1; Holds = { $seen.Output[0].Action -ceq 'removed' } }
    @{
        Code = 'Get-ChildItem -Recurse -Filter ragnatramp.yaml | Unregister-RagnaWatch'; Before = { Register-RagnaWatch -NoStart }; Count = 1
        Holds = { $seen.Output[0].Action -ceq 'removed' }
    }

    @{ Code = 'Remove-RagnaCheckpoint -Name before-update'; Lab = 'Checkpointed'; Machines = 'web: checkpoint removed; db: checkpoint removed' }
    @{ Code = 'Remove-RagnaCheckpoint -Name clean -Machine web -WhatIf'; Lab = 'Checkpointed'; Count = 0; Holds = { @(Get-RagnaCheckpoint).Count -eq 4 } }
    @{
        Code = "Get-RagnaCheckpoint -Name 'before*' | Select-Object -ExpandProperty Name -Unique | ForEach-Object { Remove-RagnaCheckpoint -Name `$_ }"
        Lab = 'Checkpointed'; Machines = 'web: checkpoint removed; db: checkpoint removed'
    }

    @{ Code = 'Remove-RagnaMachine -WhatIf'; Count = 0; Holds = { @(Hyper-V\Get-VM).Count -eq 2 } }
    @{ Code = 'Remove-RagnaMachine -Machine web'; Machines = 'web: removed'; Holds = { @(Hyper-V\Get-VM).Count -eq 1 } }
    @{
        Code = 'Get-RagnaStatus | Where-Object { -not $_.InConfig } | Remove-RagnaMachine -Force'; Machines = 'db: removed'
        Before = { [IO.File]::WriteAllText($lab.Config, [IO.File]::ReadAllText($lab.Config).Replace('- name: db', '- name: other')) }
    }

    @{ Code = 'Repair-RagnaState -WhatIf'; Before = $damage; Count = 1; Holds = { -not $seen.Output[0].Repaired } }
    @{ Code = 'Repair-RagnaState'; Before = $damage; Count = 1; Holds = { $seen.Output[0].Repaired } }
    @{
        Code = 'Get-ChildItem -Recurse -Filter ragnatramp.yaml | Repair-RagnaState | Where-Object Repaired'; Before = $damage; Count = 1
        Holds = { @(Get-RagnaStatus).Count -eq 2 }
    }

    @{ Code = 'Restore-RagnaMachine -Name clean'; Lab = 'Checkpointed'; Machines = 'web: restored; db: restored' }
    @{
        Code = 'Restore-RagnaMachine -Name clean -CheckpointFirst -Confirm:$false; Start-RagnaMachine'; Lab = 'Checkpointed'
        Machines = 'web: checkpointed, restored; db: checkpointed, restored; web: started; db: started'
    }
    @{ Code = 'Restore-RagnaMachine -Name clean -Machine web*'; Lab = 'Checkpointed'; Machines = 'web: restored' }

    @{ Code = 'Start-RagnaMachine -WhatIf'; Lab = 'Empty'; Count = 0; Holds = { @(Hyper-V\Get-VM).Count -eq 0 } }
    @{ Code = 'Start-RagnaMachine'; Lab = 'Empty'; Machines = 'web: created, started; db: created, started' }
    @{
        Code = 'Get-RagnaStatus | Where-Object State -EQ Off | Start-RagnaMachine -SkipReconcile'; Lab = 'Off'
        Machines = 'web: started; db: started'
    }

    @{ Code = 'Stop-RagnaMachine'; Machines = 'web: stopped; db: stopped' }
    @{ Code = 'Stop-RagnaMachine -Machine web -TurnOff'; Machines = 'web: turned off' }
    @{ Code = 'Get-RagnaStatus | Where-Object State -EQ Running | Stop-RagnaMachine -Save'; Machines = 'web: saved; db: saved' }

    @{ Code = 'Test-RagnaConfig'; Count = 1; Holds = { $seen.Output[0].Valid } }
    @{
        Code = 'Get-ChildItem -Recurse -Filter ragnatramp.yaml | Test-RagnaConfig -ErrorAction SilentlyContinue | Where-Object Valid -EQ $false'; Count = 1
        Before = { [IO.File]::WriteAllText("$((New-Item -ItemType Directory -Path ./other).FullName)\ragnatramp.yaml", 'project: {}') }
    }
    @{ Code = 'Test-RagnaConfig -Preflight'; Lab = 'Empty'; Count = 1; Holds = { $seen.Output[0].Valid } }
    @{ Code = 'if (-not (Test-RagnaConfig -Quiet)) { exit 1 }'; Count = 0 }

    @{ Code = 'Watch-RagnaReconcile'; Count = 1; Holds = { $seen.Output[0].Success } }
    @{ Code = 'Watch-RagnaReconcile -WhatIf -Verbose'; Count = 1; Holds = { $seen.Output[0].DryRun } }
    @{
        Code = 'Get-ChildItem -Recurse -Filter ragnatramp.yaml | Watch-RagnaReconcile -PollSeconds 300 -Log'; Count = 1
        Holds = { [IO.File]::Exists("$(Get-Location)\.ragnatramp\watch.log") }
    }

    @{
        Code = 'ragnatramp up lab.yaml'; Lab = 'Empty'; Before = { [IO.File]::Move($lab.Config, "$($lab.Folder)\lab.yaml") }
        Holds = { $LASTEXITCODE -eq 0 -and @(Hyper-V\Get-VM).Count -eq 2 }
    }
    @{ Code = 'ragnatramp up --json | ConvertFrom-Json'; Lab = 'Empty'; Count = 1; Holds = { $seen.Output[0].success -eq $true } }
    @{ Code = "ragnatramp halt web; if (`$LASTEXITCODE -ne 0) { throw 'web still runs' }"; Holds = { @(Hyper-V\Get-VM | Where-Object State -EQ 'Off').Count -eq 1 } }
)
