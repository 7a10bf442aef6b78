@{
    # All default rules, as they come; every finding fails the lint, whatever its severity.
    IncludeDefaultRules = $true

    Rules = @{
        # One source for Windows PowerShell 5.1 and PowerShell 7.
        PSUseCompatibleSyntax = @{
            Enable = $true
            TargetVersions = @('5.1', '7.0')
        }
        PSUseCompatibleCommands = @{
            Enable = $true
            TargetProfiles = @(
                'win-48_x64_10.0.17763.0_5.1.17763.316_x64_4.0.30319.42000_framework'
                'win-4_x64_10.0.18362.0_7.0.0_x64_3.1.2_core'
            )
            # Windows brings Pester 3.4; the tests use a later one.
            IgnoreCommands = @(
                'Describe', 'Context', 'It', 'Should', 'BeforeAll', 'BeforeEach', 'AfterAll', 'AfterEach', 'BeforeDiscovery'
                'Invoke-Pester'
            )
        }
        PSUseCompatibleTypes = @{
            Enable = $true
            TargetProfiles = @(
                'win-48_x64_10.0.17763.0_5.1.17763.316_x64_4.0.30319.42000_framework'
                'win-4_x64_10.0.18362.0_7.0.0_x64_3.1.2_core'
            )
        }

        # How it looks.
        PSUseConsistentIndentation = @{
            Enable = $true
            Kind = 'space'
            IndentationSize = 4
            PipelineIndentation = 'IncreaseIndentationForFirstPipeline'
        }
        PSPlaceOpenBrace = @{
            Enable = $true
            OnSameLine = $true
            NewLineAfter = $true
            IgnoreOneLineBlock = $true
        }
        PSUseConsistentWhitespace = @{
            Enable = $true
            CheckInnerBrace = $true
            # 1.19.0 takes the script block in .FindAll({ ... }) for a block without a blank before it.
            CheckOpenBrace = $false
            CheckOpenParen = $true
            CheckPipe = $true
            CheckSeparator = $true
            # Assignments may stand in columns.
            CheckOperator = $false
        }
        PSUseCorrectCasing = @{
            Enable = $true
        }
        PSAvoidUsingCmdletAliases = @{
            allowlist = @()
        }
    }
}
