package dev.psat.spire.tls.internal;

import java.security.KeyStore;
import java.security.Provider;
import java.security.Security;

import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.KeyManagerFactorySpi;
import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.TrustManagerFactorySpi;

import org.jspecify.annotations.Nullable;

/** Factories with fixed managers. Initialization has no effect. */
final class FixedManagers {

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
