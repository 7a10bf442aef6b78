# What Tab offers for configs and checkpoints. That of machines is in Get-RagnaStatus.Tests.ps1.

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"

    function Get-Completion {
        # What Tab would insert at the end of a line.
        param([Parameter(Mandatory)] [string] $Line)
        @(([Management.Automation.CommandCompletion]::CompleteInput($Line, $Line.Length, $null)).CompletionMatches | ForEach-Object { $_.CompletionText })
    }
}

Describe 'A checkpoint on Tab' {
    BeforeAll {
        $lab = New-EmptyLab
        $null = Start-RagnaMachine -Path $lab.Config -SkipReconcile
        foreach ($name in 'clean', 'before update', 'web[1]') { $null = Checkpoint-RagnaMachine -Path $lab.Config -Name $name }
        Clear-SimulatedCall
    }

    It 'is one that the state knows, in quotes where it needs them: <Cmdlet>' -ForEach @(
        @{ Cmdlet = 'Restore-RagnaMachine'; Last = "'web[1]'" }
        @{ Cmdlet = 'Remove-RagnaCheckpoint'; Last = "'web[1]'" }
        @{ Cmdlet = 'Get-RagnaCheckpoint'; Last = "'web``[1``]'" }
    ) {
        Get-Completion -Line "$Cmdlet -Path '$($lab.Config)' -Name " | Should -Be @("'before update'", 'clean', $Last)
        Get-Completion -Line "$Cmdlet -Path '$($lab.Config)' -Name CL" | Should -Be @('clean')
    }

    It 'is the text that means that checkpoint' {
        $text = @(Get-Completion -Line "Get-RagnaCheckpoint -Path '$($lab.Config)' -Name web")[0]
        $seen = Watch-Run ([scriptblock]::Create("Get-RagnaCheckpoint -Path '$($lab.Config)' -Machine web -Name $text"))
        @($seen.Output | ForEach-Object { $_.Name }) | Should -Be @('web[1]')
    }

    It 'is found without a question to Hyper-V' {
        Clear-SimulatedCall
        Get-Completion -Line "Restore-RagnaMachine -Path '$($lab.Config)' -Name " | Should -HaveCount 3
        @(Get-SimulatedCall) | Should -BeNullOrEmpty
    }

    It 'is none where there is no lab, and no error' {
        $global:Error.Clear()
        $folder = New-TestFolder -Name 'nothing'
        Get-Completion -Line "Restore-RagnaMachine -Path '$folder' -Name cle" | Should -BeNullOrEmpty
        @($global:Error | Where-Object { "$_" -match 'agna' }) | Should -BeNullOrEmpty
    }
}

Describe 'A config on Tab' {
    BeforeAll {
        $place = Get-Location
        $folder = New-TestFolder -Name 'labs'
        foreach ($name in 'web', 'my lab', 'empty') { $null = New-TestFolder -Name "labs/$name" }
        foreach ($file in 'ragnatramp.yaml', 'web\ragnatramp.yaml', 'my lab\ragnatramp.yaml', 'notes.txt') { [IO.File]::WriteAllText("$folder\$file", '') }
        Set-Location -LiteralPath $folder
    }

    AfterAll { Set-Location -LiteralPath $place }

    It 'is one of this folder, or of one in it' {
        Get-Completion -Line 'Start-RagnaMachine -Path ' | Should -Be @('empty', "'my lab\ragnatramp.yaml'", 'ragnatramp.yaml', 'web\ragnatramp.yaml')
        Get-Completion -Line 'Get-RagnaStatus WE' | Should -Be @('web\ragnatramp.yaml')
        Get-Completion -Line 'Get-RagnaStatus web\' | Should -Be @('web\ragnatramp.yaml')
        Get-Completion -Line "Get-RagnaStatus 'my lab\" | Should -Be @("'my lab\ragnatramp.yaml'")
    }

    It 'is left to PowerShell where there is none' {
        @(Get-Completion -Line 'Get-RagnaStatus not')[0] | Should -BeLike '*notes.txt'
    }

    It 'is completed for every cmdlet that takes one' {
        # -ConfigPath or -FullName marks the path of a config; New-RagnaConfig takes a folder.
        foreach ($command in Get-Command -Module Ragnatramp) {
            if (-not $command.Parameters.ContainsKey('Path') -or $command.Parameters['Path'].Aliases -notcontains 'FullName') { continue }
            Get-Completion -Line "$($command.Name) -Path WE" | Should -Be @('web\ragnatramp.yaml') -Because $command.Name
        }
    }
}

Describe 'Under a name of the session''s own' {
    It 'a cmdlet is completed as under its own: <Line>' -ForEach @(
        @{ Line = 'Get-LabRagnaStatus -Machine ' }
        @{ Line = 'labs -Machine ' }
    ) {
        $folder = New-TestFolder -Name 'prefix'
        [IO.File]::WriteAllText("$folder\ragnatramp.yaml", "project:`n  name: lab`ndefaults:`n  base_image: a.vhdx`nmachines:`n  - name: web`n  - name: db`n")
        $shell = [powershell]::Create()
        try {
            $null = $shell.AddScript({
                    param($Module, $Folder, $Line)
                    Import-Module -Name $Module -Prefix Lab
                    Set-Alias -Name labs -Value Get-LabRagnaStatus
                    Set-Location -LiteralPath $Folder
                    ([Management.Automation.CommandCompletion]::CompleteInput($Line, $Line.Length, $null)).CompletionMatches | ForEach-Object { $_.CompletionText }
                }).AddArgument((Get-Module -Name Ragnatramp).Path.Replace('.psm1', '.psd1')).AddArgument($folder).AddArgument($Line)
            @($shell.Invoke()) | Should -Be @('db', 'web')
            @($shell.Streams.Error) | Should -BeNullOrEmpty
        } finally {
            $shell.Dispose()
        }
    }
}
