# Writes 1,000 blocks with one fault each to the files `folder`/1 to `folder`/1000, the same ones at every run: a generator of
# its own, because rand() differs between awks. The bytes are those that the guest sees (a line end inside a value is \002, a
# byte beyond ASCII is \003); the digest is made to fit, so that only the form stands between them and the hosts file.
function next_number(below) { seed = (seed * 16807) % 2147483647; return seed % below }
function good_line() {
    return (1 + next_number(126)) "." next_number(256) "." next_number(256) "." next_number(256) " m" next_number(100000)
}
function repeat(s, times, all) { all = ""; while (times-- > 0) all = all s; return all }
function bad_line(kind, a) {
    a = "172.20." next_number(256) "." next_number(256)
    if (kind == 0) return a " we" sprintf("%c", 2 + next_number(7)) "b"
    if (kind == 1) return a " web db"
    if (kind == 2) return a " web;reboot"
    if (kind == 3) return "# BEGIN RAGNATRAMP"
    if (kind == 4) return "# END RAGNATRAMP\n" good_line()
    if (kind == 5) return a " " repeat("a", 1900)
    if (kind == 6) return "172.20.256.1 web"
    if (kind == 7) return "172.020.1.1 web"
    if (kind == 8) return "fe80::1 web"
    if (kind == 9) return "127.0.0." next_number(256) " web"
    if (kind == 10) return "0.0.0.0 web"
    if (kind == 11) return (224 + next_number(32)) ".1.1.1 web"
    if (kind == 12) return "169.254.7.7 web"
    if (kind == 13) return a " www.example.com"
    if (kind == 14) return a "\tweb"
    if (kind == 15) return a "  web"
    if (kind == 16) return " " a " web"
    if (kind == 17) return a " web "
    if (kind == 18) return a " $(reboot)"
    if (kind == 19) return a " `reboot`"
    if (kind == 20) return a " web\r"
    if (kind == 21) return ""
    if (kind == 22) return a " " repeat("a", 64)
    if (kind == 23) return a " -rf"
    if (kind == 24) return a " 7web"
    if (kind == 25) return a " w\003b"
    if (kind == 26) return a
    if (kind == 27) return "web"
    if (kind == 28) return "99999999999999999999.1.1.1 web"
    if (kind == 29) return "172.20.1 web"
    if (kind == 30) return "172.20.1.1.1 web"
    if (kind == 31) return "+1.2.3.4 web"
    if (kind == 32) return "0x1.2.3.4 web"
    if (kind == 33) return "1e1.2.3.4 web"
    if (kind == 34) return a " web\002" good_line()
    if (kind == 35) return "# a comment"
    if (kind == 36) return a " web # END RAGNATRAMP"
    if (kind == 37) return a " */../../etc/shadow"
    if (kind == 38) return a " web\177"
    if (kind == 39) return a " web\\nevil"
    return ".. web"
}
BEGIN {
    seed = 20240607
    for (number = 1; number <= 1000; number++) {
        out = folder "/" number
        frame = number % 8 == 0 ? 1 + next_number(5) : 0
        lines = 1 + next_number(12)
        place = frame ? 0 : 1 + next_number(lines)
        if (frame != 1) printf "# BEGIN RAGNATRAMP%s\n", (frame == 2 ? " " : "") >out
        printf "# Managed by ragnatramp - %s edit this block\n", (frame == 3 ? "please" : "do not") >out
        for (i = 1; i <= lines; i++) printf "%s\n", (i == place ? bad_line(number % 41) : good_line()) >out
        if (frame != 4) printf "# END RAGNATRAMP\n" >out
        if (frame == 5) printf "%s\n", good_line() >out
        close(out)
    }
}
