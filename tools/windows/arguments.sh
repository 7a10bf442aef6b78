# shellcheck shell=bash
# What was said to pwsh, as PowerShell for Windows understands it. There a word that begins with / is an option, so the
# script's path (and the folder to work in) gets its drive; what belongs to the script or the command stays as it is.

# arguments WORD...: sets `arguments`, and `interactive` to 1 where neither a script nor a command was named, else ''.
arguments() {
    arguments=()
    interactive=1
    while [[ $# -gt 0 ]]; do
        case ${1,,} in
            -c | -comm* | -cwa | -e | -ec | -en*)
                interactive=''
                break
                ;;
            -f | -fi*)
                interactive=''
                arguments+=("$1")
                shift
                [[ $# -eq 0 ]] || on_drive "$1"
                [[ $# -eq 0 ]] || shift
                break
                ;;
            -ep | -ex* | -if | -inp* | -o | -of | -out* | -conf* | -cus* | -w | -wi* | -wd | -wo* | -settings*)
                arguments+=("$1")
                shift
                [[ $# -eq 0 ]] || on_drive "$1"
                [[ $# -eq 0 ]] || shift
                ;;
            -*)
                # -NoExit and the like; "-" alone reads the commands from standard input.
                [[ $1 != - ]] || interactive=''
                arguments+=("$1")
                shift
                ;;
            *)
                interactive=''
                on_drive "$1"
                shift
                break
                ;;
        esac
    done
    arguments+=("$@")
}

on_drive() {
    if [[ $1 == /* && -e $1 ]]; then
        arguments+=("Z:$1")
    else
        arguments+=("$1")
    fi
}
