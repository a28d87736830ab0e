# Counts the tests in reports of Surefire and Failsafe. Sourced by ./run and .ci/run.

# Prints how many tests the reports that come in tell of, and how many of them passed, failed and were skipped.
count_tests() {
  awk '
    /<testsuite / {
      tests += figure("tests"); failed += figure("failures") + figure("errors"); skipped += figure("skipped")
    }
    function figure(name) { return match($0, " " name "=\"[0-9]+") ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 3) : 0 }
    END { printf "%d %d %d %d\n", tests, tests - failed - skipped, failed, skipped }'
}
