package dev.psat.spire.tls.internal;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Provider;
import java.security.Security;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.KeyManagerFactorySpi;
import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.TrustManagerFactorySpi;

import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.tls.ConnectionCounts;
import dev.psat.spire.tls.HandshakeCounts;
import dev.psat.spire.tls.KeyedSvid;
import dev.psat.spire.tls.TlsIdentity;
import dev.psat.spire.tls.TlsSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * What TLS libraries need of a bundle, for one identity: managers that follow it, and a
 * context that creates each connection with managers of its own.
 */
public final class BundleTls {

	private final TlsVariant variant;

	private final KeyManagerFactory keyManagerFactory;

	private final TrustManagerFactory trustManagerFactory;

	private final SSLContext live;

	private final SSLContext context;

	private final SSLContext throwingContext;

	BundleTls(TlsVariant variant) {
		this.variant = variant;
		KeyManager keyManager = variant.keyManager(identity());
		TrustManager trustManager = variant.trustManager(identity(), variant.registrar(null, null, null), true);
		this.keyManagerFactory = FixedManagers.factory(keyManager);
		this.trustManagerFactory = FixedManagers.factory(trustManager);
		this.live = context(keyManager, trustManager);
		this.context = new SnapshotSslContext(this, this.live, false, null);
		this.throwingContext = new SnapshotSslContext(this, this.live, true, null);
	}

	/** Return what a context belongs to, {@code null} if it is not that of a bundle. */
	public static @Nullable BundleTls of(SSLContext context) {
		return (context instanceof SnapshotSslContext ours) ? ours.tls() : null;
	}

	/**
	 * Return a context for a client whose calls fail once their connection has to end:
	 * its engines throw, and are closed from then on. Any other context is returned as it
	 * is.
	 */
	public static SSLContext throwing(SSLContext context) {
		return (context instanceof SnapshotSslContext ours) ? ours.tls().throwingContext : context;
	}

	/**
	 * Return such a context for a client that can only replace all of its connections
	 * together, which are added to the group.
	 */
	public static SSLContext throwing(SSLContext context, ConnectionGroup group) {
		return (context instanceof SnapshotSslContext ours)
				? new SnapshotSslContext(ours.tls(), ours.tls().live, true, group) : context;
	}

	public static boolean isThrowing(SSLEngine engine) {
		return engine instanceof EndingSslEngine;
	}

	/**
	 * End the connections of a bundle, and of all that share its origin, and let it make
	 * no other, for good.
	 */
	public static void close(SSLContext context) {
		if (context instanceof SnapshotSslContext ours) {
			ours.tls().openConnections().close();
		}
	}

	/**
	 * Have those policies asked again that decide by the lists of the application. Does
	 * not wait for the answers.
	 */
	public static void reauthorizeByLists(SSLContext context) {
		if (context instanceof SnapshotSslContext ours) {
			ours.tls().openConnections().reauthorization().requestOfLists();
		}
	}

	public SSLContext context() {
		return this.context;
	}

	ConnectionGroup newGroup() {
		return new ConnectionGroup(this.variant.origin().time());
	}

	public TlsOptions options() {
		return this.variant.origin().options();
	}

	public KeyManagerFactory keyManagerFactory() {
		return this.keyManagerFactory;
	}

	public TrustManagerFactory trustManagerFactory() {
		return this.trustManagerFactory;
	}

	/**
	 * Return whether there is no X.509-SVID.
	 * @return whether there is none
	 */
	public boolean isEmpty() {
		return identity().snapshot().svid() == null;
	}

	public HandshakeCounts counts() {
		return this.variant.origin().report();
	}

	public ConnectionCounts connections() {
		return openConnections();
	}

	/**
	 * Return the connection of a session whose handshake is over, {@code null} if it is
	 * not open, or has no certificate of the peer.
	 */
	public @Nullable OpenConnection connection(SSLSession session) {
		Objects.requireNonNull(session, "'session' must not be null");
		return openConnections().find(session);
	}

	/** The same for a server that knows no more than the ID of the session. */
	public @Nullable OpenConnection connection(byte[] sessionId) {
		Objects.requireNonNull(sessionId, "'sessionId' must not be null");
		return openConnections().find(sessionId);
	}

	/**
	 * Have a server close what has ended, each time that connections have been looked at
	 * and any of a client has ended.
	 * @param closer is given the engines of connections that have ended, by their
	 * identity, and closes what belongs to them, without blocking or running code of the
	 * application. It must not ask an engine for its session, for which that of a
	 * handshake may have to be waited for. It returns whether any of that is left, so
	 * that another attempt is worthwhile.
	 */
	public void addCloser(Predicate<Set<Object>> closer) {
		openConnections().ender().addCloser(closer);
	}

	public void removeCloser(Predicate<Set<Object>> closer) {
		openConnections().ender().removeCloser(closer);
	}

	public BundleTls keepingConnections() {
		return new BundleTls(this.variant.keepingConnections());
	}

	/**
	 * Return the context of a single connection, which begins now.
	 * @param clientEngine how an engine of a client is ended, {@code null} if nothing can
	 * @param beneath the socket over which a socket is layered
	 */
	SSLContext fresh(@Nullable ConnectionEnd clientEngine, @Nullable Socket beneath, @Nullable ConnectionGroup group) {
		TlsIdentity begun = new BegunIdentity(identity().snapshot().svid(), identity());
		return context(this.variant.keyManager(begun),
				this.variant.trustManager(begun, this.variant.registrar(clientEngine, beneath, group), false));
	}

	private TlsIdentity identity() {
		return this.variant.origin().identity();
	}

	private OpenConnections openConnections() {
		return this.variant.origin().connections();
	}

	private static SSLContext context(KeyManager keyManager, TrustManager trustManager) {
		try {
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(new KeyManager[] { keyManager }, new TrustManager[] { trustManager }, null);
			return context;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Every Java platform has TLS", ex);
		}
	}

	/**
	 * The identity of a connection, which keeps the X.509-SVID with which it has begun.
	 * The trust bundle is always the current one, since a handshake may last until long
	 * after an authority was revoked.
	 */
	private record BegunIdentity(@Nullable KeyedSvid svid, TlsIdentity identity) implements TlsIdentity {

		@Override
		public TlsSnapshot snapshot() {
			return new TlsSnapshot(this.svid, this.identity.snapshot().trustBundle());
		}

		@Override
		public @Nullable TrustBundle bundle(TrustDomain trustDomain) {
			return this.identity.bundle(trustDomain);
		}

		@Override
		public String absence() {
			return this.identity.absence();
		}

		@Override
		public String absence(TrustDomain trustDomain) {
			return this.identity.absence(trustDomain);
		}

	}

	/** Factories with fixed managers. Initialization has no effect. */
	static final class FixedManagers {

		/** A factory needs a provider, but never uses it. */
		private static final Provider PROVIDER = Security.getProviders()[0];

		private static final String ALGORITHM = "SPIFFE";

		private FixedManagers() {
		}

		static KeyManagerFactory factory(KeyManager keyManager) {
			return new KeyManagerFactory(new KeyManagers(keyManager), PROVIDER, ALGORITHM) {
			};
		}

		static TrustManagerFactory factory(TrustManager trustManager) {
			return new TrustManagerFactory(new TrustManagers(trustManager), PROVIDER, ALGORITHM) {
			};
		}

		private static final class KeyManagers extends KeyManagerFactorySpi {

			private final KeyManager keyManager;

			KeyManagers(KeyManager keyManager) {
				this.keyManager = keyManager;
			}

			@Override
			protected void engineInit(@Nullable KeyStore keyStore, char @Nullable [] password) {
			}

			@Override
			protected void engineInit(ManagerFactoryParameters parameters) {
			}

			@Override
			protected KeyManager[] engineGetKeyManagers() {
				return new KeyManager[] { this.keyManager };
			}

		}

		private static final class TrustManagers extends TrustManagerFactorySpi {

			private final TrustManager trustManager;

			TrustManagers(TrustManager trustManager) {
				this.trustManager = trustManager;
			}

			@Override
			protected void engineInit(@Nullable KeyStore keyStore) {
			}

			@Override
			protected void engineInit(ManagerFactoryParameters parameters) {
			}

			@Override
			protected TrustManager[] engineGetTrustManagers() {
				return new TrustManager[] { this.trustManager };
			}

		}

	}

}
