# The layer: one file, extensions/analytics. `sam build` calls build-AnalyticsLayer with ARTIFACTS_DIR set. Include it in
# a Makefile in the folder above (labs/04-extensions), to which these paths are relative.

# x86_64 or arm64, as the layer's CompatibleArchitectures and the functions say it.
ANALYTICS_ARCHITECTURE ?= x86_64
# Where cargo-lambda puts it. Absolute, because cargo takes it from here and cargo-lambda from the manifest.
ANALYTICS_BUILT := $(abspath ../../target/extension-$(ANALYTICS_ARCHITECTURE))

.PHONY: build-AnalyticsLayer

# The target without a glibc, as for lab 03's functions, so that what both stand on is compiled once; the extension's
# build script sees to the glibc.
build-AnalyticsLayer:
	cargo lambda build --extension --release --locked --manifest-path extension/Cargo.toml \
		--target $(subst arm64,aarch64,$(ANALYTICS_ARCHITECTURE))-unknown-linux-gnu --lambda-dir $(ANALYTICS_BUILT)
	mkdir -p "$(ARTIFACTS_DIR)/extensions"
	cp $(ANALYTICS_BUILT)/extensions/analytics "$(ARTIFACTS_DIR)/extensions/analytics"
	chmod 755 "$(ARTIFACTS_DIR)/extensions/analytics"
