#!/bin/sh
# Runs the tests with the Python $1: those that start processes or watch the clock four at a time, which mostly wait, all
# others on every core. With a path among the arguments, only what is there.
set -u
python=$1
shift
for argument in "$@"; do
    [ -e "${argument%%::*}" ] && exec "$python" -m pytest "$@"
done
waiting='tests/e2e tests/demo tests/test_slow.py tests/test_cli.py tests/test_admin.py tests/test_operations_reconcile.py
    tests/adapters/redis/test_second_factor.py'
apart=''
for path in $waiting; do apart="$apart --ignore=$path"; done
"$python" -m pytest -n auto --dist loadfile $apart "$@"
cores=$?
[ $cores -eq 2 ] && exit 2 # interrupted
"$python" -m pytest -n 4 --dist worksteal $waiting "$@"
four=$?
# 5: nothing was selected here
case "$cores$four" in
    00 | 05 | 50) exit 0 ;;
    55) exit 5 ;;
    *) exit 1 ;;
esac
