package dev.psat.spire.tls.internal;

import java.security.KeyStore;
import java.security.Provider;
import java.security.Security;

import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.KeyManagerFactorySpi;
import javax.net.ssl.ManagerFactoryParameters;

import org.jspecify.annotations.Nullable;

/**
 * {@link KeyManagerFactory} with a fixed key manager. Initialization has no effect.
 */
final class FixedKeyManagerFactory extends KeyManagerFactory {

	FixedKeyManagerFactory(KeyManager keyManager) {
		super(new Spi(keyManager), provider(), "SPIFFE");
	}

	/**
	 * Return a provider. A factory needs one, but never uses it.
	 */
	private static Provider provider() {
		return Security.getProviders()[0];
	}

	private static final class Spi extends KeyManagerFactorySpi {

		private final KeyManager keyManager;

		Spi(KeyManager keyManager) {
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

}
