# What Format-List shows of the module's objects where nothing is named: the properties of the lists in Ragnatramp.Format.ps1xml, which all have.

BeforeDiscovery {
    . "$PSScriptRoot/session/Start-TestSession.ps1"
    $formats = [xml] [IO.File]::ReadAllText([IO.Path]::Combine($repository, 'module', 'Ragnatramp.Format.ps1xml'))
    $lists = @(foreach ($view in $formats.Configuration.ViewDefinitions.View) {
            if ($view['ListControl']) { @{ Type = $view.ViewSelectedBy.TypeName; Property = @($view.ListControl.ListEntries.ListEntry.ListItems.ListItem.PropertyName) } }
        })
}

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"
    $lab = New-EmptyLab
    $faulty = New-TestFolder -Name 'faulty'
    [IO.File]::WriteAllText("$faulty\ragnatramp.yaml", 'project: {}')
    $missing = New-EmptyLab -Folder "$TestDrive/missing"
    [IO.File]::Delete($missing.Image)
    $finding = @((Test-RagnaConfig -Path $missing.Config -Preflight -ErrorAction SilentlyContinue).Findings)
    Enter-Lab -Lab $lab
    $objects = @(
        Get-RagnaPlan -Path $lab.Config
        Start-RagnaMachine -Path $lab.Config
        Invoke-RagnaReconcile -Path $lab.Config
        Get-RagnaStatus -Path $lab.Config
        Checkpoint-RagnaMachine -Path $lab.Config -Name clean
        Get-RagnaCheckpoint -Path $lab.Config
        (Test-RagnaConfig -Path $faulty -ErrorAction SilentlyContinue).Faults
        $finding
    )
}

Describe 'The list of <Type>' -ForEach $lists {
    BeforeAll { $own = @($objects | Where-Object { $_.PSObject.TypeNames -contains $Type }) }

    It 'has properties that are all there' {
        $own.Count | Should -BeGreaterThan 0
        foreach ($one in $own) {
            foreach ($name in $Property) { $one.PSObject.Properties.Name | Should -Contain $name }
        }
    }

    It 'is what Format-List shows where nothing is named' {
        foreach ($one in $own) {
            $shown = $one | Format-List | Out-String -Width 300
            @([regex]::Matches($shown, '(?m)^(\w+) *: ') | ForEach-Object { $_.Groups[1].Value }) | Should -Be $Property
        }
    }
}

Describe 'A list of status' {
    It 'leaves the ids out, which Format-List * shows' {
        $row = @($objects | Where-Object { $_.PSObject.TypeNames -contains 'Ragnatramp.MachineStatus' })[0]
        $row | Format-List | Out-String | Should -Not -Match '(?m)^VMId'
        $row | Format-List -Property * | Out-String | Should -Match '(?m)^VMId +: '
    }
}
