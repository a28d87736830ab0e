# Names an S3 service for tests, with a user for each role, in SAFELIGHT_TEST_S3_*: the one that the environment names already,
# or a Ceph that a launcher starts, which is SAFELIGHT_CEPH or ../shared/tools/ceph-rgw. Sourced by ./run, which ends it.
# A day of lifecycle rules lasts ten seconds there, so that tests see objects expire.
ceph_launcher=${SAFELIGHT_CEPH:-../shared/tools/ceph-rgw}

start_ceph() {
  [ -z "${SAFELIGHT_TEST_S3_ENDPOINT:-}" ] || return 0
  if [ ! -x "$ceph_launcher" ]; then
    echo "There is no S3 service to test with: set SAFELIGHT_TEST_S3_ENDPOINT, …_ACCESS_KEY and …_SECRET_KEY and those of the" >&2
    echo "roles (see CONTRIBUTING.md), or SAFELIGHT_CEPH to a program that starts a Ceph." >&2
    return 3
  fi
  export CEPH_RGW_DIR=$PWD/target/ceph CEPH_RGW_STORE=${CEPH_RGW_STORE:-memstore} CEPH_RGW_LC_DAY=${CEPH_RGW_LC_DAY:-10}
  mkdir -p target
  ceph_launcher=$(readlink -f "$ceph_launcher")
  trap '"$ceph_launcher" stop >&2' EXIT
  local settings
  settings=$("$ceph_launcher" start) || return
  eval "$settings"
  export SAFELIGHT_TEST_S3_ENDPOINT=$S3_ENDPOINT SAFELIGHT_TEST_S3_ACCESS_KEY=$S3_ACCESS_KEY
  export SAFELIGHT_TEST_S3_SECRET_KEY=$S3_SECRET_KEY SAFELIGHT_TEST_S3_LIFECYCLE_DAY=$CEPH_RGW_LC_DAY
  local role name keys
  for role in UPLOADER WORKER DELIVERY RENDERER MARKETING; do
    name=${role,,}
    keys=$("$ceph_launcher" user "$name") || return
    export "SAFELIGHT_TEST_S3_${role}_USER=$name"
    export "SAFELIGHT_TEST_S3_${role}_ACCESS_KEY=${keys% *}" "SAFELIGHT_TEST_S3_${role}_SECRET_KEY=${keys#* }"
  done
}
