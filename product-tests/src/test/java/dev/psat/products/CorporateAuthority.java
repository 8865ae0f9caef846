package dev.psat.products;

import dev.psat.tlstests.TlsWorld;

/**
 * The SSL bundle {@code corporate} of the recipes: the authority of the web of a world.
 */
public final class CorporateAuthority {

	private CorporateAuthority() {
	}

	/**
	 * Return the property that tells where its certificate is.
	 * @param world the world, in whose directory the file is
	 * @return the property
	 */
	public static String property(TlsWorld world) {
		return "spring.ssl.bundle.pem.corporate.truststore.certificate=" + world.webRoot();
	}

}
