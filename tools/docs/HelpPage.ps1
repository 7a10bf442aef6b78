# The pages of New-HelpPage.ps1, as lines of Markdown.

function Get-HelpLine {
    <# .SYNOPSIS The lines of a part of Get-Help's object. #>
    [CmdletBinding()]
    [OutputType([string])]
    param([AllowNull()] [object] $Part)
    foreach ($one in $Part) { if ($one.PSObject.Properties['Text']) { $one.Text.Replace("`r", '') -split '\n' } }
}

function Get-TopicCode {
    <# .SYNOPSIS The codes that the topics explain, each with its topic. #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [System.Collections.IDictionary] $Topic)
    foreach ($name in $Topic.Keys) {
        foreach ($match in [regex]::Matches($Topic[$name], '(?m)^    ([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)\n        \S')) {
            [pscustomobject]@{ Code = $match.Groups[1].Value; Topic = $name }
        }
    }
}

function Get-PageHead {
    <# .SYNOPSIS What every page begins with. #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [string] $Title, [Parameter(Mandatory)] [string] $Source)
    "<!-- Made by tools/docs/New-HelpPage.ps1 from $Source, which is where to change it. -->"
    ''
    "# $Title"
    ''
}

function Get-ParameterFact {
    <# .SYNOPSIS What the metadata of a parameter say, as one line. #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [System.Management.Automation.ParameterMetadata] $Parameter)
    $attributes = @($Parameter.Attributes | Where-Object { $_ -is [System.Management.Automation.ParameterAttribute] })
    $facts = @('`' + $Parameter.ParameterType.Name + '`')
    if (@($attributes | Where-Object { $_.Mandatory }).Count -eq $attributes.Count) { $facts += 'mandatory' }
    $position = $attributes[0].Position
    if ($position -ge 0) { $facts += "position $position" }
    if ($attributes[0].ValueFromPipeline) { $facts += 'from the pipeline, by value and by property name' }
    elseif ($attributes[0].ValueFromPipelineByPropertyName) { $facts += 'from the pipeline by property name' }
    foreach ($attribute in $Parameter.Attributes) {
        if ($attribute -is [System.Management.Automation.ValidateSetAttribute]) { $facts += 'one of ' + (@($attribute.ValidValues | ForEach-Object { "``$_``" }) -join ', ') }
        if ($attribute -is [System.Management.Automation.ValidateRangeAttribute]) { $facts += "$($attribute.MinRange) to $($attribute.MaxRange)" }
        if ($attribute -is [System.Management.Automation.SupportsWildcardsAttribute]) { $facts += 'takes wildcards' }
    }
    if ($Parameter.Aliases.Count -gt 0) { $facts += 'also named ' + (@($Parameter.Aliases | ForEach-Object { "``-$_``" }) -join ', ') }
    $facts -join '; '
}

function New-CommandPage {
    <# .SYNOPSIS The page of a cmdlet. #>
    [CmdletBinding()]
    [OutputType([string])]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'Makes text.')]
    param([Parameter(Mandatory)] [string] $Name, [Parameter(Mandatory)] [System.Collections.IDictionary] $Link)
    $help = Get-Help -Name $Name -Full
    $command = Get-Command -Name $Name -Module Ragnatramp
    $common = [System.Management.Automation.Cmdlet]::CommonParameters + [System.Management.Automation.Cmdlet]::OptionalCommonParameters
    Get-PageHead -Title $Name -Source "the help of $Name"
    ConvertTo-InlineMarkdown -Text $help.Synopsis.Trim() -Link $Link
    ''
    '## Syntax'
    ''
    '```'
    if ($command.Parameters.Count -eq 0) { "$Name COMMAND [FILE] [MACHINE...] [OPTIONS]" }
    else { foreach ($set in $command.ParameterSets) { "$Name $($set.ToString())" } }
    '```'
    ''
    '## Description'
    ''
    ConvertTo-MarkdownBlock -Line @(Get-HelpLine -Part $help.description) -Link $Link
    '## Examples'
    ''
    foreach ($example in $help.examples.example) {
        '```powershell'
        ([string] $example.code).Replace("`r", '').Trim()
        '```'
        ''
        ConvertTo-MarkdownBlock -Line @(Get-HelpLine -Part $example.remarks | ForEach-Object { $_.Trim() }) -Link $Link
    }
    $own = @($command.Parameters.Values | Where-Object { $common -notcontains $_.Name })
    if ($own.Count -gt 0) {
        '## Parameters'
        ''
        foreach ($parameter in $own) {
            "### -$($parameter.Name)"
            ''
            $described = @($help.parameters.parameter | Where-Object { $_.name -eq $parameter.Name })[0]
            ConvertTo-MarkdownBlock -Line @(Get-HelpLine -Part $described.description | ForEach-Object { $_.Trim() }) -Link $Link
            Get-ParameterFact -Parameter $parameter
            ''
        }
        $both = if ($command.Parameters.ContainsKey('WhatIf')) { ', `-WhatIf` and `-Confirm`' }
        "It takes the common parameters$both, too."
        ''
    }
    '## Inputs'
    ''
    ConvertTo-InlineMarkdown -Text ((@($help.inputTypes.inputType | ForEach-Object { $_.type.name }) -join ' ') -replace '\s+', ' ').Trim() -Link $Link
    ''
    '## Outputs'
    ''
    ConvertTo-InlineMarkdown -Text ((@($help.returnValues.returnValue | ForEach-Object { $_.type.name }) -join ' ') -replace '\s+', ' ').Trim() -Link $Link
    ''
    '## See also'
    ''
    foreach ($related in $help.relatedLinks.navigationLink) { "- [``$($related.linkText)``]($($related.linkText).md)" }
}

function New-TopicPage {
    <# .SYNOPSIS The page of a help topic. #>
    [CmdletBinding()]
    [OutputType([string])]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'Makes text.')]
    param(
        [Parameter(Mandatory)] [string] $Name,
        [Parameter(Mandatory)] [string] $Text,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Link
    )
    Get-PageHead -Title $Name -Source "module/en-US/$Name.help.txt"
    foreach ($section in $Text -split '\n(?=[A-Z])') {
        $head, $lines = $section -split '\n'
        $inner = @($lines -replace '^    ', '')
        switch -CaseSensitive ($head.Trim()) {
            'TOPIC' { }
            'SEE ALSO' {
                '## See also'
                ''
                foreach ($one in $inner) { if ($one.Trim()) { "- [``$($one.Trim())``]($($Link[$one.Trim()]))" } }
            }
            { 'SHORT DESCRIPTION', 'LONG DESCRIPTION' -ccontains $_ } { ConvertTo-MarkdownBlock -Line $inner -Link $Link }
            default {
                "## $($_.Substring(0, 1))$($_.Substring(1).ToLowerInvariant())"
                ''
                ConvertTo-MarkdownBlock -Line $inner -Link $Link
            }
        }
    }
}

function New-IndexPage {
    <# .SYNOPSIS The page that leads to all others. #>
    [CmdletBinding()]
    [OutputType([string])]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'Makes text.')]
    param(
        [Parameter(Mandatory)] [string[]] $Command,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Topic,
        # The folder of the pages that are written by hand.
        [Parameter(Mandatory)] [string] $Docs
    )
    Get-PageHead -Title 'Ragnatramp: all pages' -Source 'the help of the module'
    'The pages under help/ are what `Get-Help` shows, which works offline.'
    ''
    '## To read'
    ''
    $files = [IO.Directory]::GetFiles($Docs, '*.md')
    [Array]::Sort($files, [StringComparer]::Ordinal)
    foreach ($file in $files) {
        $name = [IO.Path]::GetFileName($file)
        if ($name -cne 'README.md') { "- [$([IO.File]::ReadAllLines($file)[0].TrimStart('#', ' '))]($name)" }
    }
    ''
    '## Topics'
    ''
    '| topic | what it tells |'
    '|---|---|'
    $none = @{}
    foreach ($name in $Topic.Keys) {
        $short = ($Topic[$name] -split 'SHORT DESCRIPTION\n')[1].Split("`n")[0].Trim()
        "| [``$name``](help/$name.md) | $(ConvertTo-InlineMarkdown -Text $short -Link $none) |"
    }
    ''
    '## Cmdlets'
    ''
    '| cmdlet | what it does |'
    '|---|---|'
    foreach ($name in $Command) {
        $synopsis = ((Get-Help -Name $name).Synopsis -replace '\s+', ' ').Trim()
        "| [``$name``](help/$name.md) | $(ConvertTo-InlineMarkdown -Text $synopsis -Link $none) |"
    }
}
