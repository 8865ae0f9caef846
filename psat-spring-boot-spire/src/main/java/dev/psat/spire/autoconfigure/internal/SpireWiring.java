package dev.psat.spire.autoconfigure.internal;

import java.util.Map;

import dev.psat.spire.autoconfigure.authorization.internal.PeerLists;
import dev.psat.spire.ssl.IdentitySslBundle;
import dev.psat.spire.ssl.SpiffeSslBundle;

/**
 * What servers, endpoints and meters see of the bean that the auto-configuration makes of
 * the properties.
 */
public interface SpireWiring {

	/**
	 * Return the bundle of the properties, whatever other beans of its type there are.
	 */
	SpiffeSslBundle bundle();

	Map<String, IdentitySslBundle> identityBundles();

	PeerLists peers();

	BundleServers servers();

}
