# shellcheck shell=sh disable=SC2034,SC2154
# Every merge vector under every shell and awk: the file becomes what the vector says, or is refused with its lines; a second
# run changes nothing. Sourced by run.sh.

# field LINE NAME: the value of a string field of a case.
field() { printf '%s\n' "$1" | sed -n "s/.*\"$2\": \"\\([^\"]*\\)\".*/\\1/p"; }
# generated LINE NAME: the bytes of a `generate` field.
generated() {
    printf '%s\n' "$1" | sed "s/.*\"$2\": \\[\\([^]]*\\)\\].*/\\1/" | grep -o '"base64": "[^"]*", "repeat": [0-9]*' |
        while IFS='"' read -r _ _ _ text _ _ count; do
            # `yes` ends by a broken pipe; each part is whole lines
            lines=$(printf '%s' "$text" | base64 -d | wc -l)
            yes "$(printf '%s' "$text" | base64 -d)" | head -n $((${count#: } * lines))
        done
}

unpack_vectors() {
    mkdir -p "$bench/vectors"
    grep '^{"name"' "$vectors" | while IFS= read -r line; do
        v=$bench/vectors/$(field "$line" name)
        field "$line" block | sed 's/\\n$//; s/\\n/\
/g' >"$v.block"
        case $line in
        *'"input_generate"'*) generated "$line" input_generate >"$v.input" ;;
        *) field "$line" input_base64 | base64 -d >"$v.input" ;;
        esac
        case $line in
        *'"refuse"'*) printf '%s\n' "$line" | sed 's/.*"lines": \[\([^]]*\)\].*/\1/; s/ //g' >"$v.lines" ;;
        *'"output_generate"'*)
            generated "$line" output_generate >"$v.output"
            [ "$(sha <"$v.output")" = "$(field "$line" output_sha256)" ] || fail "vector $v is not generated as it should be" ;;
        *) field "$line" output_base64 | base64 -d >"$v.output" ;;
        esac
    done
}

check_vector() {
    name=${1##*/} name=${name%.block}
    v=$bench/vectors/$name
    new_guest vector
    cp "$v.input" "$guest/etc/hosts"
    send "$v.block"
    run_guest
    status=$?
    if [ -e "$v.lines" ]; then
        expect "$name: exit status" $status 1
        expect "$name: acknowledgement" "$(acknowledgement)" "refused markers *lines $(cat "$v.lines")"
        expect_same "$name: untouched" "$guest/etc/hosts" "$v.input"
        return
    fi
    expect "$name: exit status" $status 0
    expect_same "$name: merged" "$guest/etc/hosts" "$v.output"
    if cmp -s "$v.input" "$v.output"; then
        expect "$name: acknowledgement" "$(acknowledgement)" 'unchanged ok*'
    else
        expect "$name: acknowledgement" "$(acknowledgement)" 'synced ok*'
    fi
    run_guest
    expect_same "$name: merged again" "$guest/etc/hosts" "$v.output"
}

# A refusal for the markers names the lines that only look like some, as the host's does.
check_near_markers() {
    block 172.20.1.1 web
    grep '^{"name"' "$here/../vectors/hosts-near-marker-cases.json" | while IFS= read -r line; do
        new_guest near
        field "$line" input_base64 | base64 -d >"$guest/etc/hosts"
        cp "$guest/etc/hosts" "$bench/original"
        send "$bench/block"
        run_guest
        wanted="refused markers * one END$(field "$line" near); look at its lines $(printf '%s\n' "$line" | sed 's/.*"lines": \[\([^]]*\)\].*/\1/; s/ //g')"
        name=$(field "$line" name)
        expect "$name: acknowledgement" "$(acknowledgement)" "$wanted"
        expect_same "$name: untouched" "$guest/etc/hosts" "$bench/original"
        printf '%s %s\n' "$passed" "$failed" >"$bench/counted"
    done
    read -r passed failed <"$bench/counted"
}

group=vectors
unpack_vectors
count=$(find "$bench/vectors" -name '*.block' | wc -l)
expect "vectors found" "$((count))" 43
combinations >"$bench/combinations"
while IFS=/ read -r shell_name awk_name; do
    use "$shell_name" "$awk_name"
    for each in "$bench"/vectors/*.block; do check_vector "$each"; done
    expect_clean 'after the last vector'
    check_near_markers
done <"$bench/combinations"
combo=''
