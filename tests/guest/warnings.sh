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

unpack_warning_cases
long=$(printf '%0200d' 0 | tr 0 a)
expect 'cases found' "$(($(find "$bench/warning-cases" -name '*.input' | wc -l)))" 24
combinations >"$bench/combinations"
while IFS=/ read -r shell_name awk_name; do
    use "$shell_name" "$awk_name"
    check_warning_cases
done <"$bench/combinations"
combo=''
