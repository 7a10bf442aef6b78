# shellcheck shell=sh disable=SC2034,SC2154
# Where paths of the system in the folder $root lead. Nothing that is done there follows a link out of it. Read by
# ragnatramp-guest, install.sh and uninstall.sh.

# resolve PATH: sets `resolved` to what PATH of the system in $root leads to, every link taken as that system takes it: an
# absolute one starts at $root, `..` does not leave it. In a circle `resolved` is PATH itself, and the status 1.
resolve() {
    rest=$1 at='' links=0 resolved=$root$1
    while [ -n "$rest" ]; do
        part=${rest%%/*}
        case $rest in */*) rest=${rest#*/} ;; *) rest='' ;; esac
        case $part in
        '' | .) continue ;;
        ..) at=${at%/*}; continue ;;
        esac
        if [ -h "$root$at/$part" ]; then
            links=$((links + 1))
            [ $links -le 40 ] && target=$(readlink "$root$at/$part") || return 1
            case $target in /*) at='' ;; esac
            rest=$target/$rest
        else at=$at/$part
        fi
    done
    resolved=$root$at
}

# place PATH: sets `resolved` to the entry PATH itself: links of its folder are taken, and where it is a link, that is not.
place() {
    leaf=${1##*/}
    resolve "${1%/*}" || return 1
    resolved=$resolved/$leaf
}

# drop_link PATH: takes a link away, so that what is written to PATH is written there. PATH is as it stands in this system.
drop_link() { [ ! -h "$1" ] || rm -f "$1"; }
