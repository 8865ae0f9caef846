package dev.psat.spire.autoconfigure;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.psat.concurrent.Mishap;
import dev.psat.spire.SpiffeSslBundle;

import org.springframework.util.Assert;

/**
 * The servers of this application that use the SSL bundle. Public only for the
 * auto-configuration of servers.
 *
 * @since 0.1.0
 */
public final class BundleServers {

	private final List<String> names = new CopyOnWriteArrayList<>();

	private final List<Runnable> checks = new CopyOnWriteArrayList<>();

	private final Mishap mishap = new Mishap(SpiffeSslBundle.class,
			"A server could not be checked after an update of the SSL bundle");

	BundleServers() {
	}

	/**
	 * Add a server that will serve the bundle as soon as it starts. The start of the
	 * application then waits for the first X.509-SVID.
	 * @param name the name of the server, such as {@code the web server}
	 */
	public void add(String name) {
		Assert.notNull(name, "'name' must not be null");
		this.names.add(name);
	}

	/**
	 * Add a check to run after each update of the bundle.
	 * @param check the check
	 */
	public void afterUpdate(Runnable check) {
		Assert.notNull(check, "'check' must not be null");
		this.checks.add(check);
	}

	/**
	 * Return the servers that have been created, and those to be expected from the
	 * properties.
	 */
	List<String> expecting(Iterable<BundleDemand> demands) {
		Set<String> servers = new LinkedHashSet<>(this.names);
		for (BundleDemand demand : demands) {
			String server = demand.server();
			if (server != null) {
				servers.add(server);
			}
		}
		return List.copyOf(servers);
	}

	/**
	 * Check all servers. A check that fails prevents neither the other checks nor events.
	 */
	public void check() {
		for (Runnable check : this.checks) {
			try {
				check.run();
			}
			catch (RuntimeException ex) {
				this.mishap.happened(ex);
			}
		}
	}

}
