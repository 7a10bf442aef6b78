# From the plain text of PowerShell's help to Markdown.

function ConvertTo-InlineMarkdown {
    <#
    .SYNOPSIS
        A piece of text with links to cmdlets, topics and codes; what is to be typed as code, and everything else escaped.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)]
        [AllowEmptyString()]
        [string] $Text,

        # The pages by the words that lead to them.
        [Parameter(Mandatory)]
        [System.Collections.IDictionary] $Link
    )
    $code = @(
        '[\w.~%$/-]*(?:\\[\w.~-]+)+\\?'         # a path of Windows
        '\./[\w./-]+'                           # a path of this folder
        '\$\{?[A-Za-z_][\w:]*(?:\.\w+)*\}?'     # a variable
        '%\w+%'
        '(?<![\w-])--[a-z-]+(?: [A-Z]+\b)?'      # an option
        '(?<![\w-])-(?:As|For|Type|GuestTransport|ErrorAction) [A-Z]\w+'
        '(?<![\w-])-[A-Za-z]\w*'                # a parameter
        '\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b'     # a code
        '\b(?:[a-z]+\.)?[a-z]+(?:_[a-z]+)+(?:\.\w+|: (?:true|false|\{[^}]*\}))?'  # a key of the config, with its value
        '\b\w+-Ragna\w+\b|\babout_\w+\b'
        '(?:[\w-]*/)*\b\w+\.(?:yaml|iso|json|cmd|sh)\b'
    ) -join '|'
    $made = [System.Text.StringBuilder]::new()
    $from = 0
    foreach ($match in [regex]::Matches($Text, $code)) {
        $null = $made.Append((ConvertTo-EscapedMarkdown -Text $Text.Substring($from, $match.Index - $from)))
        # The end of a sentence is no part of a path.
        $word = $match.Value.TrimEnd('.')
        $shown = '`' + $word + '`'
        if ($Link.ContainsKey($word)) { $shown = "[$shown]($($Link[$word]))" }
        $null = $made.Append($shown)
        $from = $match.Index + $word.Length
    }
    $null = $made.Append((ConvertTo-EscapedMarkdown -Text $Text.Substring($from)))
    $made.ToString()
}

function ConvertTo-EscapedMarkdown {
    <# .SYNOPSIS A text without code in which nothing means anything to Markdown. #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)]
        [AllowEmptyString()]
        [string] $Text
    )
    [regex]::Replace($Text, '[\\`*_\[\]<>|$~]', '\$0')
}

function ConvertTo-MarkdownBlock {
    <#
    .SYNOPSIS
        The lines of a section of help, whose own indentation was taken away, as blocks of Markdown.
    .DESCRIPTION
        What is further in is code. A line with two or more blanks inside is a word and what it means. A word on a line of its own above lines that are further in is a heading.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)]
        [AllowEmptyCollection()]
        [AllowEmptyString()]
        [string[]] $Line,

        [Parameter(Mandatory)]
        [System.Collections.IDictionary] $Link
    )
    foreach ($block in ((@($Line) -join "`n").Trim("`n") -split '\n(?:[ ]*\n)+')) {
        $lines = @($block -split '\n')
        if (-not $block.Trim()) { continue }
        $inner = @($lines | Select-Object -Skip 1)
        $isHeaded = $inner.Count -gt 0 -and $lines[0] -match '^\S+( \S+){0,3}$' -and @($inner | Where-Object { $_ -notmatch '^    ' }).Count -eq 0
        if ($lines[0] -match '^    ') {
            '```' + $(if ($lines[0] -match '^    (\$|\w+-\w+ ?)') { 'powershell' } elseif ($lines[0] -match '^    \w+:') { 'yaml' } elseif ($lines[0] -match ' && ') { 'sh' })
            foreach ($one in $lines) { $one -replace '^    ', '' }
            '```'
        } elseif ($isHeaded -and $inner[-1] -notmatch '^ {12}') {
            "### $($lines[0])"
            ''
            ConvertTo-MarkdownEntry -Line ($inner -replace '^    ', '') -Link $Link
        } elseif ($isHeaded -and $inner[0] -match '^    \S+ {2,}\S') {
            "### $($lines[0])"
            ''
            ConvertTo-MarkdownList -Line ($inner -replace '^    ', '') -Link $Link
        } elseif ($lines[0] -match '^\S(?:.*?\S)? {2,}\S' -or ($inner.Count -gt 0 -and $inner[0] -match '^ {12}')) {
            ConvertTo-MarkdownList -Line $lines -Link $Link
        } else {
            ConvertTo-InlineMarkdown -Text (@($lines | ForEach-Object { $_.Trim() }) -join ' ') -Link $Link
        }
        ''
    }
}

function ConvertTo-MarkdownEntry {
    <# .SYNOPSIS What stands under a heading: sentences, and lines that begin with Why: or Remedy:. #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [string[]] $Line, [Parameter(Mandatory)] [System.Collections.IDictionary] $Link)
    if ($Line[0] -match '^\S+ {2,}\S') {
        ConvertTo-MarkdownList -Line $Line -Link $Link
        return
    }
    $whole = (@($Line | ForEach-Object { $_.Trim() }) -join ' ')
    foreach ($part in $whole -split ' (?=Why: |Remedy: )') {
        if ($part -match '^(Why|Remedy): (.*)$') {
            ''
            "**$($Matches[1]):** $(ConvertTo-InlineMarkdown -Text $Matches[2] -Link $Link)"
        } else {
            ConvertTo-InlineMarkdown -Text $part -Link $Link
        }
    }
}

function ConvertTo-MarkdownList {
    <# .SYNOPSIS Lines of a word and what it means, as a list. #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [string[]] $Line, [Parameter(Mandatory)] [System.Collections.IDictionary] $Link)
    $items = [System.Collections.Generic.List[string[]]]::new()
    foreach ($one in $Line) {
        if ($one -match '^(\S(?:.*?\S)?) {2,}(\S.*)$') { $items.Add(@($Matches[1], $Matches[2])) }
        elseif ($one -match '^\S') { $items.Add(@($one.Trim(), '')) }
        else { $items[-1] = @($items[-1][0], "$($items[-1][1]) $($one.Trim())".Trim()) }
    }
    foreach ($item in $items) {
        $text = ConvertTo-InlineMarkdown -Text ($item[1] -replace ' {2,}', ' ') -Link $Link
        $words = @(foreach ($word in $item[0] -split ', ') { if ($Link.ContainsKey($word)) { "[``$word``]($($Link[$word]))" } else { "``$word``" } })
        "- $($words -join ', '): $text"
    }
}
