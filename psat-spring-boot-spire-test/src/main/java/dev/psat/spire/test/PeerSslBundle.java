package dev.psat.spire.test;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleKey;
import org.springframework.boot.ssl.SslManagerBundle;
import org.springframework.boot.ssl.SslStoreBundle;

/**
 * SSL bundle of a peer. Presents one X509-SVID, and trusts everybody for whom an
 * authority of the servers vouches at that time: what it does not do is check a name.
 */
final class PeerSslBundle {

	private static final String ALIAS = "peer";

	private PeerSslBundle() {
	}

	static SslBundle of(SimulatedX509Svid svid, List<SimulatedAuthority> authorities) {
		try {
			KeyStore keys = emptyStore();
			keys.setKeyEntry(ALIAS, svid.privateKey(), new char[0], svid.chain().toArray(X509Certificate[]::new));
			KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
			keyManagers.init(keys, new char[0]);
			TrustManagerFactory trustManagers = SslManagerBundle.from(new Trust(authorities)).getTrustManagerFactory();
			return SslBundle.of(SslStoreBundle.of(keys, "", storeOf(authorities)), SslBundleKey.of("", ALIAS), null,
					SslBundle.DEFAULT_PROTOCOL, SslManagerBundle.of(keyManagers, trustManagers));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static KeyStore storeOf(List<SimulatedAuthority> authorities) throws GeneralSecurityException {
		KeyStore store = emptyStore();
		for (SimulatedAuthority authority : authorities) {
			for (X509Authority trusted : authority.trusted()) {
				store.setCertificateEntry("authority-" + store.size(), trusted.root());
			}
		}
		return store;
	}

	private static KeyStore emptyStore() throws GeneralSecurityException {
		try {
			KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
			store.load(null, null);
			return store;
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * The JDK's trust manager for the authorities of the moment. It is given no
	 * connection, and so has no name to check.
	 */
	private static final class Trust extends X509ExtendedTrustManager {

		private static final X509Certificate[] NO_HINTS = {};

		private final List<SimulatedAuthority> authorities;

		private Trust(List<SimulatedAuthority> authorities) {
			this.authorities = authorities;
		}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
			current().checkClientTrusted(chain, authType);
		}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
				throws CertificateException {
			checkClientTrusted(chain, authType);
		}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
				throws CertificateException {
			checkClientTrusted(chain, authType);
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
			current().checkServerTrusted(chain, authType);
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
				throws CertificateException {
			checkServerTrusted(chain, authType);
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
				throws CertificateException {
			checkServerTrusted(chain, authType);
		}

		@Override
		public X509Certificate[] getAcceptedIssuers() {
			return NO_HINTS;
		}

		private X509TrustManager current() throws CertificateException {
			try {
				TrustManagerFactory factory = TrustManagerFactory
					.getInstance(TrustManagerFactory.getDefaultAlgorithm());
				factory.init(storeOf(this.authorities));
				for (TrustManager manager : factory.getTrustManagers()) {
					if (manager instanceof X509TrustManager trust) {
						return trust;
					}
				}
			}
			catch (GeneralSecurityException ex) {
				throw new CertificateException("The authorities of the servers cannot be trusted", ex);
			}
			throw new CertificateException("This Java platform has no trust manager for X.509 certificates");
		}

	}

}
