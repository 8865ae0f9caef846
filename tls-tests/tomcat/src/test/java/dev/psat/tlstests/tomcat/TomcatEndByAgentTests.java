package dev.psat.tlstests.tomcat;

import dev.psat.support.Matrix;
import dev.psat.tlstests.Door;
import dev.psat.tlstests.EndApplication;
import dev.psat.tlstests.EndContract;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsWorld;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;

/**
 * The end of connections on Tomcat where the identity comes from an agent.
 */
@Matrix
class TomcatEndByAgentTests extends EndContract {

	@AutoClose
	private static TlsWorld world;

	private static TlsApplication application;

	@BeforeAll
	static void start() {
		world = new TlsWorld(Door.WORKLOAD_API);
		application = TlsApplication.run(world, TomcatEndTests.Application.class, EndApplication.properties());
	}

	@Override
	protected TlsApplication application() {
		return application;
	}

}
