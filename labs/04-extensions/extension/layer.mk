# The layer: one file, extensions/analytics. `sam build` calls build-AnalyticsLayer with ARTIFACTS_DIR set. Include it in
# a Makefile in the folder above (labs/04-extensions), to which these paths are relative.

# x86_64 or arm64, as the layer's CompatibleArchitectures and the functions say it.
ANALYTICS_ARCHITECTURE ?= x86_64
# A target folder of its own: cargo-lambda links with other settings, and each would undo the work of the other.
# Absolute, because cargo takes it from here and cargo-lambda from the manifest.
ANALYTICS_TARGET := $(abspath ../../target/extension)
# cargo's own name, of which cargo-lambda knows only two.
ANALYTICS_PROFILE := extension

.PHONY: build-AnalyticsLayer

# zig as the linker makes it for an older glibc than this machine has: Amazon Linux 2 has 2.26, of all runtimes the oldest.
build-AnalyticsLayer:
	CARGO_TARGET_DIR=$(ANALYTICS_TARGET) cargo lambda build --extension --profile $(ANALYTICS_PROFILE) --locked --manifest-path extension/Cargo.toml \
		--target $(subst arm64,aarch64,$(ANALYTICS_ARCHITECTURE))-unknown-linux-gnu.2.26 \
		--lambda-dir $(ANALYTICS_TARGET)/lambda-$(ANALYTICS_ARCHITECTURE)
	mkdir -p "$(ARTIFACTS_DIR)/extensions"
	cp $(ANALYTICS_TARGET)/lambda-$(ANALYTICS_ARCHITECTURE)/extensions/analytics "$(ARTIFACTS_DIR)/extensions/analytics"
	chmod 755 "$(ARTIFACTS_DIR)/extensions/analytics"
