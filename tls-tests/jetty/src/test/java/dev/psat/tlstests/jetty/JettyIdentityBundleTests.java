package dev.psat.tlstests.jetty;

import dev.psat.spire.jetty.JettyBundleAutoConfiguration;
import dev.psat.support.Matrix;
import dev.psat.tlstests.ServedIdentityContract;

/**
 * The contract on Jetty.
 */
@Matrix
class JettyIdentityBundleTests extends ServedIdentityContract {

	@Override
	protected Class<?> application() {
		return JettyApplication.class;
	}

	@Override
	protected Class<?> autoConfiguration() {
		return JettyBundleAutoConfiguration.class;
	}

}
