package dev.psat.spire.ssl;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

import dev.psat.spire.tls.ConnectionCounts;
import dev.psat.spire.tls.HandshakeCounts;
import dev.psat.spire.tls.TlsIdentity;
import dev.psat.spire.tls.internal.BundleTls;
import dev.psat.spire.tls.internal.TlsOptions;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleKey;
import org.springframework.boot.ssl.SslManagerBundle;
import org.springframework.boot.ssl.SslOptions;

/**
 * {@link SslBundle} that presents the current X.509-SVID. The bundle is a live instance:
 * everything obtained from it follows the identity. Until there is an SVID, handshakes
 * fail, but nothing else fails and nothing waits.
 * <p>
 * Use the context from {@link #createSslContext()} wherever possible: it presents each
 * new SVID at once, and no connection can resume a session without a new decision on the
 * peer.
 *
 * @since 0.1.0
 */
public abstract sealed class SvidSslBundle implements SslBundle permits IdentitySslBundle, SpiffeSslBundle {

	private final TlsIdentity identity;

	private final Supplier<BundleTls> tls;

	private final SslManagerBundle managers = new Managers();

	SvidSslBundle(TlsIdentity identity, Supplier<BundleTls> tls) {
		this.identity = identity;
		this.tls = tls;
	}

	static TlsOptions limits(SslOptions options) {
		return TlsOptions.of(list(options.getCiphers()), list(options.getEnabledProtocols()));
	}

	private static List<String> list(String @Nullable [] array) {
		return (array != null) ? List.of(array) : List.of();
	}

	/**
	 * Return whether a server is verified by its host name, so that a client with the
	 * bundle has to leave that check on.
	 */
	public abstract boolean verifiesHostName();

	/**
	 * Return whether there is no X.509-SVID to present; {@code false} if it has expired.
	 */
	public final boolean isEmpty() {
		return this.identity.snapshot().svid() == null;
	}

	/**
	 * Return how many peers were accepted and refused, including those with bundles that
	 * were made of this one.
	 */
	public final HandshakeCounts handshakes() {
		return this.tls.get().counts();
	}

	/**
	 * Return how many connections are open and were ended, including those with bundles
	 * that were made of this one.
	 */
	public final ConnectionCounts connections() {
		return this.tls.get().connections();
	}

	@Override
	public final SslBundleKey getKey() {
		return SslBundleKey.NONE;
	}

	/**
	 * Return no options, since some builders of Spring Boot refuse a bundle with options.
	 * @return {@link SslOptions#NONE}
	 * @see #tlsOptions()
	 */
	@Override
	public final SslOptions getOptions() {
		return SslOptions.NONE;
	}

	/**
	 * Return the cipher suites and protocols to which the context and the managers limit
	 * each connection.
	 * @return the options, {@code null} in them for those of the JDK
	 */
	public final SslOptions tlsOptions() {
		TlsOptions options = this.tls.get().options();
		return SslOptions.of(array(options.ciphers()), array(options.enabledProtocols()));
	}

	private static String @Nullable [] array(List<String> list) {
		return list.isEmpty() ? null : list.toArray(String[]::new);
	}

	@Override
	public final String getProtocol() {
		return DEFAULT_PROTOCOL;
	}

	@Override
	public final SslManagerBundle getManagers() {
		return this.managers;
	}

	/**
	 * Return the context, whose engines and sockets each present the X.509-SVID that is
	 * current when they are created, and check the peer by what is trusted during the
	 * handshake.
	 * @return the context, always the same instance
	 */
	@Override
	public final SSLContext createSslContext() {
		return this.tls.get().context();
	}

	private final class Managers implements SslManagerBundle {

		@Override
		public KeyManagerFactory getKeyManagerFactory() {
			return SvidSslBundle.this.tls.get().keyManagerFactory();
		}

		@Override
		public TrustManagerFactory getTrustManagerFactory() {
			return SvidSslBundle.this.tls.get().trustManagerFactory();
		}

		@Override
		public SSLContext createSslContext(String protocol) {
			return SvidSslBundle.this.tls.get().context();
		}

	}

	/**
	 * Created with its first use, since TLS costs hundreds of classes. Nobody waits for
	 * another thread to create it, and the first one counts.
	 */
	static final class Lazy<T> implements Supplier<T> {

		private final Supplier<T> source;

		private final AtomicReference<@Nullable T> created = new AtomicReference<>();

		Lazy(Supplier<T> source) {
			this.source = source;
		}

		@Override
		public T get() {
			T created = this.created.get();
			if (created == null) {
				this.created.compareAndSet(null, this.source.get());
				created = Objects.requireNonNull(this.created.get());
			}
			return created;
		}

		<R> Lazy<R> map(Function<T, R> function) {
			return new Lazy<>(() -> function.apply(get()));
		}

	}

}
