package dev.psat.spire.autoconfigure.internal;

import java.util.Map;

import dev.psat.spire.autoconfigure.authorization.internal.PeerLists;
import dev.psat.spire.ssl.IdentitySslBundle;
import dev.psat.spire.ssl.SpiffeSslBundle;

/** What is made of the properties, as servers, endpoints and meters see it. */
public interface SpireWiring {

	/** That of the properties, whatever other beans of its type there are. */
	SpiffeSslBundle bundle();

	Map<String, IdentitySslBundle> identityBundles();

	PeerLists peers();

	BundleServers servers();

}
