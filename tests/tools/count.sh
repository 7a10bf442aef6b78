# shellcheck shell=bash
# The test command adds up what the suites say, and does not take silence for success.

# counted TEXT STATUS: what tools/build/test.sh makes of a suite that prints TEXT and ends with STATUS.
counted() {
    mkdir -p "$bench/project/tools/build" "$bench/project/tests/guest"
    cp "$root"/tools/build/*.sh "$bench/project/tools/build/"
    printf '%s' "$1" >"$bench/project/said"
    printf 'cat said; exit %s\n' "$2" >"$bench/project/tests/guest/run.sh"
    "$bench/project/tools/build/test.sh" guest >"$bench/out"
    printf '%s: %s' $? "$(tail -n 1 "$bench/out")"
}

expect 'a suite that passes' "$(counted $'x\n12 passed, 0 failed, 3 skipped\n' 0)" '0: 12 passed, 0 failed, 3 skipped'
expect 'without a count of skipped, from Windows' "$(counted $'12 passed, 0 failed\r\n' 0)" '0: 12 passed, 0 failed, 0 skipped'
expect 'a failed test' "$(counted $'12 passed, 1 failed\n' 1)" '1: 12 passed, 1 failed, 0 skipped'
expect 'a failed test and exit code 0' "$(counted $'12 passed, 1 failed\n' 0)" '1: 12 passed, 1 failed, 0 skipped'
expect 'no failed test but a failure' "$(counted $'12 passed, 0 failed\n' 3)" '1: 12 passed, 1 failed, 0 skipped'
expect 'silence' "$(counted '' 0)" '1: 0 passed, 1 failed, 0 skipped'
expect 'nothing ran' "$(counted $'0 passed, 0 failed\n' 0)" '1: 0 passed, 0 failed, 0 skipped'
"$root/build.sh" nonsense >"$bench/out" 2>"$bench/err"
expect 'an unknown verb' "$? $(head -n 1 "$bench/err")" "2 build.sh: unknown verb 'nonsense'"
"$root/build.sh" test nonsense >"$bench/out" 2>"$bench/err"
expect 'an unknown suite' "$? $(cut -d ';' -f 1 "$bench/err")" "2 test: unknown suite 'nonsense'"
