#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Fetches the archives of the source packages that tools/packages.txt names into build/sources, from the Debian archives
# that this machine's apt is set up for. Without them the tests that build these packages are skipped.
set -euo pipefail
cd "$(dirname "$0")/.."

mkdir -p build/sources
missing=()
while read -r _ package; do
    compgen -G "build/sources/${package}_*.orig.tar.*" >/dev/null || missing+=("$package")
done < <(grep '^source ' tools/packages.txt)
[ ${#missing[@]} -gt 0 ] || exit 0

# Most machines list no sources. A list of their own names those of the same archives; apt verifies them as it does there.
apt=$PWD/build/apt
mkdir -p "$apt/parts" "$apt/lists/partial" "$apt/cache/archives/partial"
trap 'rm -rf "$apt"' EXIT
private=(-q -o "Dir::State::Lists=$apt/lists" -o "Dir::Cache=$apt/cache" -o "APT::Sandbox::User=$(id -un)")
debian_archives() {
    apt-get "$@" indextargets --format 'deb-src $(REPO_URI) $(RELEASE) $(COMPONENT)' \
        'Created-By: Packages' 'Label: Debian' | sort -u
}
from_debian() {
    apt-get "${private[@]}" -o "Dir::Etc::SourceList=$apt/none" -o "Dir::Etc::SourceParts=$apt/parts" "$@"
}
prepare() {
    debian_archives >"$apt/parts/sources.list"
    # A machine whose lists were never fetched, or were removed to save space, does not know whose archive is whose.
    if [ ! -s "$apt/parts/sources.list" ]; then
        apt-get "${private[@]}" update && debian_archives "${private[@]}" >"$apt/parts/sources.list"
    fi
    from_debian update
}

echo "fetching sources: ${missing[*]}"
prepare || { echo "$0: no archive within reach: the tests of these programs are skipped" >&2; exit 0; }
cd build/sources
for package in "${missing[@]}"; do
    from_debian source --only-source --download-only --tar-only "$package" ||
        echo "$0: could not fetch $package: the tests of its program are skipped" >&2
done
