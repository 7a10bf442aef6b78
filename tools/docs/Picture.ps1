# The moving picture of a console: lines of text as an SVG that CSS animates.

# The console: columns and rows, and the size of a character in the picture.
$script:Columns = 100
$script:Rows = 27
$script:Wide = 8.4
$script:High = 19
$script:Prompt = 'PS C:\lab> '

function ConvertTo-PictureLine {
    <# .SYNOPSIS The lines of the demo with its folder as C:\, none longer than the console is wide. #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [AllowEmptyString()] [string[]] $Line)
    foreach ($one in $Line) {
        $rest = ($one -replace '[A-Za-z]:\\[^"]*?\\lab(?:-\d+)?\\(?=(?:lab|vms)\\)', 'C:\').TrimEnd()
        while ($rest.Length -gt $script:Columns) {
            $at = $rest.LastIndexOf(' ', $script:Columns)
            if ($at -lt 20) { $at = $script:Columns }
            $rest.Substring(0, $at)
            $rest = '         ' + $rest.Substring($at).TrimStart()
        }
        $rest
    }
}

function Get-PictureStep {
    <#
    .SYNOPSIS
        What is seen when: from a time on (seconds), lines up to Shown, and the cursor in a line and a column.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [AllowEmptyString()] [string[]] $Line)
    $commands = @(for ($index = 0; $index -lt $Line.Count; $index++) { if ($Line[$index].StartsWith($script:Prompt)) { $index } })
    $time = 0.0
    for ($number = 0; $number -lt $commands.Count; $number++) {
        $at = $commands[$number]
        $text = $Line[$at]
        for ($column = $script:Prompt.Length; $column -lt $text.Length; $column += 2) {
            [pscustomobject]@{ Time = $time; Shown = $at + 1; Row = $at; Column = $column }
            $time += 0.06
        }
        [pscustomobject]@{ Time = $time; Shown = $at + 1; Row = $at; Column = $text.Length }
        $time += 0.4
        $isLast = $number -eq $commands.Count - 1
        $next = if ($isLast) { $Line.Count - 1 } else { $commands[$number + 1] }
        [pscustomobject]@{ Time = $time; Shown = $next + 1; Row = $next; Column = if ($isLast) { $Line[$next].Length } else { $script:Prompt.Length } }
        $time += 1.0 + 0.13 * ($next - $at)
    }
    [pscustomobject]@{ Time = $time + 3; Shown = $Line.Count; Row = $Line.Count - 1; Column = $Line[-1].Length }
}

function Get-PictureNumber {
    <# .SYNOPSIS A number as CSS has it. #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [double] $Value)
    $Value.ToString('0.###', [cultureinfo]::InvariantCulture)
}

function New-Picture {
    <# .SYNOPSIS The SVG of some lines, in which those that begin with the prompt are typed. #>
    [CmdletBinding()]
    [OutputType([string])]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'Makes text.')]
    param([Parameter(Mandatory)] [AllowEmptyString()] [string[]] $Line)
    $steps = @(Get-PictureStep -Line $Line)
    $whole = $steps[-1].Time
    $frames = @{ scroll = @(); curtain = @(); typed = @() }
    $last = @{ scroll = $null; curtain = $null; typed = $null }
    foreach ($step in $steps) {
        $percent = Get-PictureNumber -Value (100 * $step.Time / $whole)
        $place = @{
            scroll  = "translateY($(-$script:High * [Math]::Max(0, $step.Shown - $script:Rows))px)"
            curtain = "translateY($($script:High * $step.Shown)px)"
            typed   = "translate($(Get-PictureNumber -Value ($script:Wide * $step.Column))px,$($script:High * $step.Row)px)"
        }
        foreach ($name in $place.Keys) {
            if ($place[$name] -ceq $last[$name]) { continue }
            $frames[$name] += "$percent%{transform:$($place[$name])}"
            $last[$name] = $place[$name]
        }
    }
    $width = [Math]::Ceiling($script:Columns * $script:Wide) + 32
    $height = $script:Rows * $script:High + 60
    $all = $Line.Count * $script:High
    $text = for ($index = 0; $index -lt $Line.Count; $index++) {
        $one = $Line[$index]
        if (-not $one) { continue }
        $class = if ($one.StartsWith($script:Prompt)) { ' class="command"' } elseif ($one -match '^# (?!BEGIN|Managed|END)') { ' class="remark"' } elseif ($one -match '^[- ]+$') { ' class="rule"' }
        $length = Get-PictureNumber -Value ($script:Wide * $one.Length)
        "<text y=`"$($script:High * $index + 14)`" textLength=`"$length`"$class>$([Security.SecurityElement]::Escape($one))</text>"
    }
    @"
<svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve" width="$width" height="$height" viewBox="0 0 $width $height" role="img" aria-labelledby="title">
<title id="title">The life of a lab in a console: a config, a plan, four machines made and named, a restart of the host, a checkpoint and back, and the end</title>
<!-- Made by tools/docs/New-DemoPicture.ps1 from a run of tools/demo.ps1. -->
<style>
svg{--ground:#0d1117;--ink:#d6dde5;--typed:#7ee787;--quiet:#9aa4b0;--edge:#30363d}
@media(prefers-color-scheme:light){svg{--ground:#fbfcfd;--ink:#1f2328;--typed:#0b6b2b;--quiet:#59636e;--edge:#d1d9e0}}
.ground{fill:var(--ground)}.edge{fill:var(--ground);stroke:var(--edge)}.dot{fill:var(--edge)}.cursor{fill:var(--typed)}
text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:var(--ink);white-space:pre}
.command{fill:var(--typed);font-weight:bold}.remark,.rule,.head{fill:var(--quiet)}
.scroll,.curtain,.typed{animation:$(Get-PictureNumber -Value $whole)s step-end infinite}
.scroll{animation-name:scroll}.curtain{animation-name:curtain}.typed{animation-name:typed}
@media(prefers-reduced-motion:reduce){.scroll,.curtain,.typed{animation:none}}
@keyframes scroll{$($frames.scroll -join '')}
@keyframes curtain{$($frames.curtain -join '')}
@keyframes typed{$($frames.typed -join '')}
</style>
<clipPath id="screen"><rect width="$($width - 32)" height="$($script:Rows * $script:High)"/></clipPath>
<rect class="edge" x=".5" y=".5" width="$($width - 1)" height="$($height - 1)" rx="8"/>
<circle class="dot" cx="20" cy="18" r="6"/><circle class="dot" cx="40" cy="18" r="6"/><circle class="dot" cx="60" cy="18" r="6"/>
<text class="head" x="$($width / 2)" y="23" text-anchor="middle">C:\lab</text>
<g transform="translate(16,44)"><g clip-path="url(#screen)"><g class="scroll">
$($text -join "`n")
<g class="curtain" transform="translate(0,$all)"><rect class="ground" width="$width" height="$all"/></g>
<g class="typed" transform="translate(0,$all)"><rect class="ground" width="$width" height="$($script:High)"/><rect class="cursor" y="2" width="8" height="15"/></g>
</g></g></g>
</svg>

"@.Replace("`r", '').TrimEnd() + "`n"
}
