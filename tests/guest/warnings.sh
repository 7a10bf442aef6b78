# shellcheck shell=sh disable=SC2034,SC2154
# The warnings about lines of the hosts file, by the cases that the host's tests run too, and what decides about cloud-init.
# Sourced by run.sh.

group=warnings
warning_cases=$here/../vectors/hosts-warning-cases.json

# places_of LINE: a case's warnings as the acknowledgement holds them.
places_of() {
    printf '%s\n' "$1" | grep -o '"code": "[^"]*", "kind": "[^"]*", "line": [0-9]*, "text": "[^"]*"' |
        sed 's/"code": "\([^"]*\)", "kind": "[^"]*", "line": \([0-9]*\), "text": "\([^"]*\)"/|\1 \2 \3/' | tr -d '\n'
}

unpack_warning_cases() {
    mkdir -p "$bench/warning-cases"
    printf '%b' "$(sed -n 's/^"block": "\(.*\)",$/\1/p' "$warning_cases")" >"$bench/warning-cases/block"
    grep '^{"name"' "$warning_cases" | while IFS= read -r line; do
        v=$bench/warning-cases/$(field "$line" name)
        case $line in
        *'"input_base64"'*) field "$line" input_base64 | base64 -d >"$v.input" ;;
        *) printf '%b' "$(field "$line" input)" >"$v.input" ;;
        esac
        places_of "$line" >"$v.places"
    done
}
field() { printf '%s\n' "$1" | sed -n "s/.*\"$2\": \"\\([^\"]*\\)\".*/\\1/p"; }

check_warning_cases() {
    for each in "$bench"/warning-cases/*.input; do
        name=${each##*/} name=${name%.input}
        new_guest warning
        cp "$each" "$guest/etc/hosts"
        send "$bench/warning-cases/block"
        run_guest
        value=$(acknowledgement)
        case $value in *' |'*) got="|${value#*' |'}" ;; *) got='' ;; esac
        if [ "$got" = "$(cat "${each%.input}.places")" ]; then pass; else fail "$name: got '$got' in '$value'"; fi
        wanted=ok
        for code in own-name hidden-name cloud-init; do
            case $got in *"|$code "*) wanted=$wanted,$code ;; esac
        done
        expect "$name: codes" "$(printf '%s\n' "$value" | cut -d ' ' -f 2)" "$wanted"
    done

    # The longest acknowledgement there can be keeps its check and its lines.
    new_guest longest
    {
        printf '# manage_etc_hosts: true %s\n127.0.0.1 web %s\n' "$long" "$long"
        for name in db web db web; do printf '10.0.0.9 %s %s\n' "$name" "$long"; done
    } >"$guest/etc/hosts"
    send "$bench/warning-cases/block"
    run_guest
    value=$(value_of ragnatramp.answer)
    expect 'longest: at most 1,000 characters' "$((${#value} <= 1000))" 1
    expect 'longest: whole' "$(acknowledgement)" 'synced ok,own-name,hidden-name,cloud-init *|cloud-init 1 *|own-name 2 *|hidden-name 3 *|hidden-name 4 *|hidden-name 5 10.0.0.9 db aaa*a'
    expect_clean longest
}

# configured WANTED TEXT [TEXT]: what the warning codes are with TEXT as cloud.cfg and as a file of cloud.cfg.d.
configured() {
    rm -rf "$guest/etc/cloud"
    mkdir -p "$guest/etc/cloud/cloud.cfg.d"
    printf '%b' "$2" >"$guest/etc/cloud/cloud.cfg"
    [ $# -lt 3 ] || printf '%b' "$3" >"$guest/etc/cloud/cloud.cfg.d/90.cfg"
    run_guest
    expect "cloud-init with '$2' '${3:-}'" "$(acknowledgement)" "$1"
}

check_cloud_init() {
    new_guest cloud
    comment="# Your system has configured 'manage_etc_hosts' as True."
    printf '127.0.0.1 localhost\n%s\n' "$comment" >"$guest/etc/hosts"
    send "$bench/warning-cases/block"
    run_guest
    expect 'no configuration: the comment counts' "$(acknowledgement)" "synced ok,cloud-init *|cloud-init 2 $comment"
    configured 'synced ok,cloud-init *|cloud-init 2 *' 'users: []\n'
    configured 'synced ok [!,]*' 'manage_etc_hosts: false\n'
    configured 'synced ok,cloud-init *|cloud-init 2 *' 'manage_etc_hosts: true\n'
    printf '127.0.0.1 localhost\n' >"$guest/etc/hosts"
    on='synced ok,cloud-init *each boot*' off='synced ok [!,]*'
    configured "$off" 'users: []\n'
    for value in true True TRUE '"true"' "'true'" yes on 1 template 'true # as the image has it' 'true\r'; do
        configured "$on" "manage_etc_hosts: $value\n"
    done
    for value in false False no off 0 '"false"' localhost '' '~' 'false # not true'; do
        configured "$off" "manage_etc_hosts: $value\n"
    done
    configured "$off" 'manage_etc_hosts: true\n' 'manage_etc_hosts: false'
    configured "$on" 'manage_etc_hosts: false' 'manage_etc_hosts: true'
    configured "$on" 'manage_etc_hosts: true' 'users: []\n'
    configured "$off" 'manage_etc_hosts: true\nmanage_etc_hosts: false\n'
    configured "$off" '# manage_etc_hosts: true\nwrite_files:\n- content: |\n    manage_etc_hosts: true\n'
    printf 'manage_etc_hosts: true\n' >"$guest/etc/cloud/cloud.cfg.d/99.cfg.off"
    run_guest
    expect 'a file with another end' "$(acknowledgement)" "$off"
    configured "$on" 'manage_etc_hosts: false' 'manage_etc_hosts: true'
    printf 'manage_etc_hosts: no\n' >"$guest/etc/cloud/cloud.cfg.d/91.cfg"
    run_guest
    expect 'the last file decides' "$(acknowledgement)" "$off"
}

unpack_warning_cases
long=$(printf '%0200d' 0 | tr 0 a)
expect 'cases found' "$(($(find "$bench/warning-cases" -name '*.input' | wc -l)))" 24
combinations >"$bench/combinations"
while IFS=/ read -r shell_name awk_name; do
    use "$shell_name" "$awk_name"
    check_warning_cases
    check_cloud_init
done <"$bench/combinations"
combo=''
