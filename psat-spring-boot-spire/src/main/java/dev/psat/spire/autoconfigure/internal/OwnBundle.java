package dev.psat.spire.autoconfigure.internal;

import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;

import dev.psat.autoconfigure.PsatStartupException;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.autoconfigure.authorization.PeerLists;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.tls.internal.BundleTls;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslOptions;

/**
 * The SSL bundle of the properties, which everything in this library uses, no matter
 * which beans of the same type there are. Nothing may take its place, since the lists of
 * the properties would then have no effect.
 * <p>
 * The bundle learns of the identity once that has been created. It must not depend on the
 * identity, since the application's own attestor may use an HTTP client, which requires
 * all bundles.
 */
public final class OwnBundle implements DisposableBean {

	private final String name;

	private final SpiffeSslBundle bundle;

	private final boolean keepsConnections;

	private final AtomicReference<@Nullable SpireIdentity> identity = new AtomicReference<>();

	/**
	 * Create a bundle without an identity.
	 * @param name the name of the bundle
	 * @param peers the lists of who may connect, which decide again when they change
	 * @param options limit each connection
	 * @param keepsConnections whether connections last as long as their ends like
	 */
	public OwnBundle(String name, PeerLists peers, SslOptions options, boolean keepsConnections) {
		this.name = name;
		this.keepsConnections = keepsConnections;
		SpiffeSslBundle bundle = SpiffeSslBundle.of(this.identity::get, peers.inbound(), peers.outbound(), options);
		this.bundle = keepsConnections ? bundle.keepingConnections() : bundle;
		// a policy of the application's own has nothing to do with the lists
		peers.onChange(() -> BundleTls.reauthorizeByLists(this.bundle.createSslContext()));
	}

	public String name() {
		return this.name;
	}

	public SpiffeSslBundle bundle() {
		return this.bundle;
	}

	public boolean keepsConnections() {
		return this.keepsConnections;
	}

	/**
	 * Return what supplies the identity, {@code null} as long as there is none.
	 */
	public Supplier<@Nullable SpireIdentity> identity() {
		return this.identity::get;
	}

	/**
	 * Present an identity. That of a child context comes too late, and does not replace
	 * the one that the parent's servers present.
	 * @param identity the identity
	 */
	public void present(SpireIdentity identity) {
		this.identity.compareAndSet(null, identity);
	}

	/**
	 * End what is open. Whatever was given the bundle has been destroyed by now, since it
	 * was created later.
	 */
	@Override
	public void destroy() {
		BundleTls.close(this.bundle.createSslContext());
	}

	/**
	 * Check that no other bundle can be injected by its type.
	 * @param candidates what can be injected
	 * @param beanFactory the bean factory, which knows the names
	 * @throws PsatStartupException if there is another one
	 */
	public void checkAlone(Stream<SpiffeSslBundle> candidates, ListableBeanFactory beanFactory) {
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

	/**
	 * Check that this bundle is the one that servers and clients get by its name.
	 * @param bundles all bundles
	 * @throws PsatStartupException if another one has the name
	 */
	public void checkRegistered(SslBundles bundles) {
		if (bundles.getBundle(this.name) != this.bundle) {
			throw new PsatStartupException(
					"The application has another SSL bundle named '%s' than that of the SPIRE identity."
						.formatted(this.name),
					"Set 'spire.bundle.name' to another name, or rename the bundle of the application.");
		}
	}

}
