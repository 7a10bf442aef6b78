# shellcheck shell=sh disable=SC2034,SC2154
# The hosts file of a guest: finding it, judging a block, merging it in, writing the file. Read by ragnatramp-guest, whose
# folders and answers it takes.

# Sets `hosts` to the hosts file itself, and `astray` to what is wrong where it is a link that leads to none.
find_hosts() {
    resolve /etc
    astray='' link=$resolved/hosts
    if ! resolve /etc/hosts; then astray="$link is a link that leads back to itself"
    elif [ -h "$link" ] && [ ! -e "$resolved" ]; then astray="$link is a link to $(readlink "$link"), where nothing is"
    fi
    [ -z "$astray" ] || resolved=$link
    hosts=$resolved
}

# Sets cloud_config to on or off, as cloud-init would take it from its files: the last one that has the key wins. Empty where
# none has it.
read_cloud_config() {
    set -- /dev/null
    ! resolve /etc/cloud/cloud.cfg || set -- "$resolved"
    resolve /etc/cloud/cloud.cfg.d || resolved=/dev/null
    for file in "$resolved"/*.cfg; do
        ! resolve "/etc/cloud/cloud.cfg.d/${file##*/}" || set -- "$@" "$resolved"
    done
    cloud_config=$(grep -hs '^["'\'']*manage_etc_hosts["'\'']*[[:blank:]]*:' "$@" |
        tail -n 1 | sed 's/^[^:]*://; s/[[:blank:]]#.*//' | tr -d '"'\'' \t\r' | tr '[:upper:]' '[:lower:]'; echo .)
    case $cloud_config in
    .) cloud_config='' ;;
    true?. | yes?. | on?. | 1?. | template?.) cloud_config=on ;;
    *) cloud_config=off ;;
    esac
}

# ---- the block ----

# For awk: whether a text is four decimal numbers 0-255 without leading zeros, which are then in `o`.
octets='function octets(s, o, i) {
    if (split(s, o, ".") != 4) return 0
    for (i = 1; i <= 4; i++) if (o[i] !~ /^[0-9]+$/ || length(o[i]) > 3 || o[i] "" != (o[i] + 0) "" || o[i] > 255) return 0
    return 1
}'

form_fault() { # output: what is wrong with the block, if anything is
    awk "$octets"'
        function fault(why) { print "line " NR " " why; bad = 1; exit }
        function address(s, o) {
            return octets(s, o) && o[1] + 0 >= 1 && o[1] + 0 <= 223 && o[1] + 0 != 127 && !(o[1] + 0 == 169 && o[2] + 0 == 254)
        }
        ended { fault("stands behind the end marker") }
        NR == 1 { if ($0 != "# BEGIN RAGNATRAMP") fault("is not the begin marker"); next }
        NR == 2 { if ($0 != "# Managed by ragnatramp - do not edit this block") fault("is not the comment line"); next }
        $0 == "# END RAGNATRAMP" { ended = 1; next }
        {
            blank = index($0, " "); name = substr($0, blank + 1)
            if (!blank || !address(substr($0, 1, blank - 1))) fault("has no usable IPv4 address")
            if (name !~ /^[A-Za-z][A-Za-z0-9-]*$/ || length(name) > 63) fault("has no usable name")
            if (tolower(name) ~ /^(broadcasthost|ip6-(all(hosts|nodes|routers)|local(host|net)|loopback|mcastprefix)|isatap|localhost[46]?|wpad)$/) {
                fault("gives an address to a name that has a meaning of its own")
            }
        }
        END { if (!bad && !ended) print "the end marker is missing" }' "$work/block"
}

# Standard input: the hosts file as it is. Output: `bad LINES[; WHAT ONLY LOOKS LIKE A MARKER]`, or `pair|none START END CR CUT PRE`: the bytes to replace (from
# START to before END), the CR of its line ends (`\r` or `-`), whether the last line end is left out, how many line ends go
# before the block. Behind that `|CODE LINE TEXT` for each line that a warning is about, TEXT without `|`.
scan() {
    tr '\000\357\273\277' '\001\002\003\004' | tr '\200-\377' '\005' | size=$1 cloud_config=$cloud_config awk "$octets"'
        function place(code, text) {
            gsub(/[\t\r]/, " ", text); gsub(/[^ -{}~]/, "?", text); sub(/^ +/, "", text)
            text = substr(text, 1, 60); sub(/ +$/, "", text)
            places = places "|" code " " NR " " text
        }
        # As the resolver takes it: the first line that holds a name gives its address.
        function hides(text, n, f, i, o) {
            sub(/#.*/, "", text); gsub(/[\r\f\v]/, " ", text)
            n = split(text, f, " ")
            for (i = 2; i <= n; i++) if (tolower(f[i]) in ours && ours[tolower(f[i])] != f[1]) break
            if (i > n || !(f[1] ~ /^[0-9A-Fa-f:.]+(%.*)?$/ && f[1] ~ /:.*:/ || octets(f[1], o))) return ""
            return f[1] ~ /^127\./ || f[1] ~ /^(0*:)+0*1$/ ? "own-name" : "hidden-name"
        }
        # Why a line is no marker that would be one without this; NUL and the bytes of a byte order mark are \001 to \004.
        function unlike(line, why) {
            if (sub(/^[ \t]*\002\003\004/, "", line)) why = why ", a byte order mark before it"
            if (gsub(/\001/, "", line)) why = why ", a NUL in it"
            if (sub(/^[ \t]+/, "", line)) why = why ", blanks before it"
            sub(/\r$/, "", line)
            if (line ~ /\r[ \t\r]*$/) why = why ", a CR behind it"
            if (line ~ /[ \t]\r*$/) why = why ", blanks behind it"
            sub(/[ \t\r]+$/, "", line)
            if (line ~ /[a-z]/) why = why ", another case"
            if (line !~ /^# [A-Za-z]+ [A-Za-z]+$/) why = why ", other blanks in it"
            gsub(/[ \t]/, "", line)
            return tolower(line) ~ /^#(begin|end)ragnatramp$/ ? substr(why, 3) : ""
        }
        BEGIN {
            size = ENVIRON["size"] + 0; file = ENVIRON["work"] "/block"
            while ((getline line <file) > 0) if (line !~ /^#/) { split(line, f, " "); ours[tolower(f[2])] = f[1]; any = 1 }
        }
        { start = at + 0; at += length($0) + 1; last = $0 }
        NR == 1 && /\r$/ { crlf = 1 }
        length($0) <= 19 && /^# (BEGIN|END) RAGNATRAMP\r?$/ {
            n++; lines = lines (n > 1 ? "," : "") NR; inside = /^# B/
            if (n == 1 && inside) { from = start; cr = /\r$/ }
            if (n == 2 && !inside && from != "") to = at
            next
        }
        /#/ && length($0) < 100 && (why = unlike($0)) && ++alike <= 3 { likes = likes "; line " NR " only looks like a marker (" why ")" }
        inside { next }
        any && !n && (code = hides($0)) && told[code]++ < (code == "own-name" ? 1 : 3) { place(code, $0) }
        ENVIRON["cloud_config"] != "off" && /^[ \t]*#.*manage_etc_hosts/ && tolower($0) ~ /true/ && !cloud++ { place("cloud-init", $0) }
        END {
            open = at > size
            if (NR == 1 && open) crlf = 0
            if (n && !(n == 2 && to != "")) { print "bad " lines likes; exit }
            if (n) { kind = "pair"; if (to > size) { to = size; cut = 1 } }
            else {
                kind = "none"; from = to = size; cr = crlf
                if (NR) {
                    if (!(open && cr)) sub(/\r$/, "", last)
                    pre = open + (last != "")
                }
            }
            printf "%s %d %d %s %d %d%s\n", kind, from, to, cr ? "\\r" : "-", cut, pre, places
        }'
}

# Writes the file `new` from the file `old` and what `scan` said.
compose() {
    cr=; [ "$4" = - ] || cr='\r'
    {
        head -c "$2" "$work/old" &&
            pre="$6" cut="$5" awk -v cr="$cr" '
                BEGIN { for (i = 0; i < ENVIRON["pre"] + 0; i++) printf "%s\n", cr }
                { if (NR > 1) printf "%s\n", cr; printf "%s", $0 }
                END { if (NR && !(ENVIRON["cut"] + 0)) printf "%s\n", cr }' "$work/block" &&
            tail -c +$(($3 + 1)) "$work/old"
    } >"$work/new"
}

# ---- the hosts file ----

# write_in_place FILE: for a hosts file that cannot be replaced. The journal holds what it should become, so that a run that
# dies meanwhile is completed by the next one.
write_in_place() {
    message=$( (keep_state && dd if="$1" of="$journal.part" bs=65536 conv=fsync && mv -f "$journal.part" "$journal") 2>&1) &&
        message=$(dd if="$1" of="$hosts" bs=65536 conv=fsync 2>&1) && rm -f "$journal"
}

# An interrupted write in place left the beginning of the journal in the file, or nothing of it.
recover() {
    rm -f "$journal.part" "$seen_vm.new" "${hosts%/*}/.ragnatramp.hosts" "$pool_out.ragnatramp"
    for file in "$journal" "$seen_vm" "$run/starts"; do drop_link "$file"; done
    [ -f "$journal" ] && [ -f "$hosts" ] || return 0
    length=$(wc -c <"$hosts")
    if [ "$(head -c "$((length))" "$journal" | digest)" = "$(digest <"$hosts")" ]; then
        message=$(dd if="$journal" of="$hosts" bs=65536 conv=fsync 2>&1) || { say "cannot complete $hosts: $message"; return 1; }
    fi
    rm -f "$journal"
}

is_mount_point() {
    [ -r /proc/self/mountinfo ] && path=$(readlink -f "$1") && path=$path awk '$5 == ENVIRON["path"] { hit = 1 } END { exit !hit }' /proc/self/mountinfo
}

# Replaces the hosts file by `new` if it is still what `old` holds. Status 0 done, 1 failed ($message), 2 changed meanwhile.
replace() {
    if [ -e "$hosts" ] && is_mount_point "$hosts"; then
        in_place=yes
    else
        in_place=''
        temporary=${hosts%/*}/.ragnatramp.hosts
        if [ -e "$hosts" ]; then
            message=$(cp -p "$hosts" "$temporary" 2>&1) || return 1
            chcon --reference="$hosts" "$temporary" 2>/dev/null
        fi
        message=$(dd if="$work/new" of="$temporary" bs=65536 conv=fsync 2>&1) || return 1
        [ -e "$hosts" ] || chmod 644 "$temporary"
    fi
    if [ -e "$hosts" ]; then same "$hosts" "$work/old" || return 2; else [ ! -s "$work/old" ] || return 2; fi
    if [ -z "$in_place" ]; then
        message=$(mv -f "$temporary" "$hosts" 2>&1) && { temporary=; sync "${hosts%/*}" 2>/dev/null || sync; return 0; }
        case $message in *[Bb]usy*) in_place=yes ;; *) return 1 ;; esac
    fi
    write_in_place "$work/new" && { warn in-place "$hosts is a mount point and was written in place"; return 0; }
    failure=$message
    if same "$hosts" "$work/old"; then rm -f "$journal.part" "$journal"; else write_in_place "$work/old" || say "cannot restore $hosts"; fi
    message=$failure
    return 1
}
