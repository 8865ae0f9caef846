package dev.psat.spire.autoconfigure;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import dev.psat.spire.autoconfigure.internal.SvidBundles;
import dev.psat.spire.ssl.SvidSslBundle;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/**
 * {@link SslBundles} without the names of ours, which are still found by these.
 */
final class OtherSslBundles implements SslBundles {

	private final SslBundles bundles;

	OtherSslBundles(SslBundles bundles) {
		this.bundles = bundles;
	}

	@Override
	public List<String> getBundleNames() {
		return this.bundles.getBundleNames()
			.stream()
			.filter((name) -> SvidBundles.find(this.bundles, name) == null)
			.toList();
	}

	@Override
	public SslBundle getBundle(String name) {
		return this.bundles.getBundle(name);
	}

	@Override
	public void addBundleUpdateHandler(String name, Consumer<SslBundle> handler) {
		this.bundles.addBundleUpdateHandler(name, handler);
	}

	@Override
	public void addBundleRegisterHandler(BiConsumer<String, SslBundle> handler) {
		this.bundles.addBundleRegisterHandler(handler);
	}

}
