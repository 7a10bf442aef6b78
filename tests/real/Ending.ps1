# The end of the lab: what would be removed is told, then it is removed, and nothing else.

Invoke-Step 'Remove-RagnaMachine -WhatIf removes nothing' {
    $null = Remove-RagnaMachine -Path $lab.Config -WhatIf
    Assert-That (@(Get-LabVM -Lab $lab).Count -eq 2) 'both VMs are there' (@(Get-LabVM -Lab $lab).Count)
}

Invoke-Step 'Remove-RagnaMachine removes running machines with their checkpoints and disks' {
    $null = Start-RagnaMachine -Path $lab.Config -SkipReconcile
    $null = Checkpoint-RagnaMachine -Path $lab.Config -Name 'last'
    Get-ActionText -Result @(Remove-RagnaMachine -Path $lab.Config -Force)
    Assert-That (@(Get-LabVM -Lab $lab).Count -eq 0) 'no VM is left' (@(Get-LabVM -Lab $lab).Count)
    Assert-That ([IO.File]::Exists($lab.Image)) 'the base image is there' $lab.Image
}

Invoke-Step 'What it leaves in the folder for disks' -Seen {
    Get-FolderText -Path $lab.Artifact
}
