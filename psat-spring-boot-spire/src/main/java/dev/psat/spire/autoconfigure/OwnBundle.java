package dev.psat.spire.autoconfigure;

import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;

import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.autoconfigure.authorization.internal.PeerLists;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.tls.internal.BundleTls;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.ssl.SslOptions;

/**
 * The SSL bundle of the properties, which this library uses whatever other beans of the
 * type there are: in the place of another, the lists of the properties would have no
 * effect. It must not depend on the identity, since the application's own attestor may
 * use an HTTP client, which requires all bundles.
 */
final class OwnBundle {

	private final String name;

	private final SpiffeSslBundle bundle;

	private final boolean keepsConnections;

	private final AtomicReference<@Nullable SpireIdentity> identity = new AtomicReference<>();

	OwnBundle(String name, PeerLists peers, SslOptions options, boolean keepsConnections) {
		this.name = name;
		this.keepsConnections = keepsConnections;
		SpiffeSslBundle bundle = SpiffeSslBundle.of(this.identity::get, peers.inbound(), peers.outbound(), options);
		this.bundle = keepsConnections ? bundle.keepingConnections() : bundle;
		// a policy of the application's own has nothing to do with the lists
		peers.onChange(() -> BundleTls.reauthorizeByLists(this.bundle.createSslContext()));
	}

	String name() {
		return this.name;
	}

	SpiffeSslBundle bundle() {
		return this.bundle;
	}

	boolean keepsConnections() {
		return this.keepsConnections;
	}

	Supplier<@Nullable SpireIdentity> identity() {
		return this.identity::get;
	}

	/**
	 * That of a child context does not replace the one that the parent's servers present.
	 */
	void present(SpireIdentity identity) {
		this.identity.compareAndSet(null, identity);
	}

	void close() {
		BundleTls.close(this.bundle.createSslContext());
	}

	/** Check that no other bundle can be injected by its type. */
	void checkAlone(Stream<SpiffeSslBundle> candidates, ListableBeanFactory beanFactory) {
		candidates.filter((candidate) -> candidate != this.bundle).findFirst().ifPresent((other) -> {
			throw new PsatStartupException(
					"The bean '%s' would take the place of the SSL bundle '%s' wherever a SpiffeSslBundle is injected, and with it that of 'spire.bundle.authorized-clients' and 'spire.bundle.authorized-servers'."
						.formatted(nameOf(other, beanFactory), this.name),
					"Declare it with '@Bean(defaultCandidate = false)' and inject it with '@Qualifier', or register it under another name with an SslBundleRegistrar, or create it where it is used.");
		});
	}

	private static String nameOf(SpiffeSslBundle bundle, ListableBeanFactory beanFactory) {
		return BeanFactoryUtils.beansOfTypeIncludingAncestors(beanFactory, SpiffeSslBundle.class)
			.entrySet()
			.stream()
			.filter((bean) -> bean.getValue() == bundle)
			.map(Map.Entry::getKey)
			.findFirst()
			.orElse("spireSslBundle");
	}

	PsatStartupException nameIsTaken(boolean before) {
		if (before) {
			return PsatStartupException.ofProperty("bundle.name", this.name,
					"The application already has an SSL bundle of this name.",
					"Set it to another name, or rename the bundle of the application.");
		}
		return new PsatStartupException(
				"The application has another SSL bundle named '%s' than that of the SPIRE identity."
					.formatted(this.name),
				"Set 'spire.bundle.name' to another name, or rename the bundle of the application.");
	}

}
