# shellcheck shell=bash
# Whether pwsh is asked for a conversation or for a script.

# is_interactive WORD...: true where the words name neither a script nor a command, standard input being one.
is_interactive() {
    while [[ $# -gt 0 ]]; do
        case ${1,,} in
            # Options with a value of their own.
            -ep | -ex* | -if | -inp* | -o | -of | -out* | -conf* | -cus* | -w | -wi* | -wd | -wo* | -settings*)
                shift
                ;;
            -c | -comm* | -cwa | -e | -ec | -en* | -f | -fi* | -) return 1 ;;
            -*) ;;
            *) return 1 ;;
        esac
        [[ $# -eq 0 ]] || shift
    done
}
